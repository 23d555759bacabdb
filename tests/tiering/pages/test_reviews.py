from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.urls import reverse

from crm.models import Role
from tests.factories import make_client, make_industry, make_team, make_user
from tests.tiering.helpers import pending_of, publish, run_now, tier_of
from tests.tiering.pages.making import client_with, observe, visitor_of, waiting
from tiering.forms import QueueFilterForm
from tiering.models import Proposal
from tiering.services.proposals import approve, reject

pytestmark = pytest.mark.django_db
READERS = [Role.RM, Role.TEAM_LEAD, Role.CRITERIA_ADMIN, Role.AUDITOR]


@pytest.fixture(autouse=True)
def criteria():
    return publish()


@pytest.fixture
def officer():
    return make_user(Role.RISK_OFFICER, name="Mei Lin")


def page_of(proposal: Proposal) -> str:
    return reverse("tiering:review", args=[proposal.pk])


def decide(user, proposal, verdict="approve", comment="", query="", htmx=True):
    return visitor_of(user).post(
        reverse("tiering:review-decide", args=[proposal.pk]) + query,
        {"decision": verdict, "comment": comment},
        headers={"HX-Request": "true"} if htmx else {},
    )


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_queue_shows_what_waits_with_its_reason_and_the_first_in_detail(officer):
    small, large = waiting(client_with(10_000_000), client_with(60_000_000))
    response = visitor_of(officer).get(reverse("tiering:reviews"))
    assert [row.proposal.pk for row in response.context["rows"]] == [large.pk, small.pk]
    assert response.context["counts"] == {"up": 0, "down": 2}
    text = text_of(response)
    assert "60.0 m · Credit down 80 points" in text
    assert "100.0 → 20.0" in text


def test_empty_queue_says_that_nothing_waits(officer):
    response = visitor_of(officer).get(reverse("tiering:reviews"))
    assert "No tier change waits for a decision" in text_of(response)


def test_filter_narrows_the_queue_and_goes_along(officer):
    team = make_team()
    rm = make_user(Role.RM, team=team)
    _other, mine = waiting(client_with(90_000_000), client_with(10_000_000, rm=rm))
    query: dict[str, str | int] = {"rm": rm.pk, "direction": "down"}
    response = visitor_of(officer).get(reverse("tiering:reviews"), query)
    assert [row.proposal.pk for row in response.context["rows"]] == [mine.pk]
    assert f"{page_of(mine)}?direction=down&amp;rm={rm.pk}" in response.content.decode()
    nothing = visitor_of(officer).get(reverse("tiering:reviews"), {"direction": "up"})
    assert "No review matches" in text_of(nothing)


@pytest.mark.parametrize("role", READERS)
def test_those_who_do_not_decide_read_without_a_decision_bar(role):
    rm = make_user(Role.RM)
    (proposal,) = waiting(make_client(rm=rm))
    reader = rm if role == Role.RM else make_user(role, team=rm.team if role == Role.TEAM_LEAD else None)
    response = visitor_of(reader).get(page_of(proposal))
    assert response.status_code == 200
    assert 'name="decision"' not in response.content.decode()
    assert "risk officer" in text_of(response)
    assert decide(reader, proposal).status_code == 403
    assert tier_of(proposal.client) == "High"


@pytest.mark.parametrize("role", [Role.RM, Role.TEAM_LEAD])
def test_foreign_proposal_is_not_found(role):
    (proposal,) = waiting(client_with(1_000_000))
    reader = make_user(role)
    assert visitor_of(reader).get(page_of(proposal)).status_code == 404
    assert visitor_of(reader).get(reverse("tiering:reviews")).context["rows"] == []


def test_fragment_of_the_queue_brings_only_the_detail(officer):
    (proposal,) = waiting(client_with(1_000_000))
    headers = {"HX-Request": "true", "HX-Target": "review-detail"}
    html = visitor_of(officer).get(page_of(proposal), headers=headers).content.decode()
    assert "<html" not in html
    assert f'data-proposal="{proposal.pk}"' in html


def test_approval_moves_on_to_the_next_under_the_same_filter(officer):
    first, second, third = waiting(client_with(90_000_000), client_with(50_000_000), client_with(20_000_000))
    response = decide(officer, second, query="?direction=down")
    assert response.headers["HX-Push-Url"] == f"{page_of(third)}?direction=down"
    assert "is now in tier Low" in response.headers["HX-Trigger"]
    assert [row.proposal.pk for row in response.context["rows"]] == [first.pk, third.pk]
    assert tier_of(second.client) == "Low"


def test_deciding_the_last_one_goes_back_to_the_first(officer):
    first, last = waiting(client_with(90_000_000), client_with(10_000_000))
    assert decide(officer, last, "reject", "No").headers["HX-Push-Url"] == page_of(first)
    assert decide(officer, first).headers["HX-Push-Url"] == reverse("tiering:reviews")


def test_decision_works_without_scripts(officer):
    (proposal,) = waiting(client_with(1_000_000))
    response = decide(officer, proposal, htmx=False)
    assert (response.status_code, response.url) == (302, reverse("tiering:reviews"))
    assert tier_of(proposal.client) == "Low"


def test_rejection_without_a_comment_is_refused_beside_the_field(officer):
    (proposal,) = waiting(client_with(1_000_000))
    response = decide(officer, proposal, "reject", "  ")
    assert (response.status_code, response.headers["X-Refusal"]) == (400, "comment_required")
    assert response.context["comment_error"] == "Say why you reject the proposal."
    assert Proposal.objects.get().status == "pending"


def test_decided_meanwhile_says_by_whom_and_refreshes_the_queue(officer):
    gone, other = waiting(client_with(90_000_000), client_with(10_000_000))
    approve(proposal=gone, decided_by=make_user(Role.RISK_OFFICER, name="Ping Xu"))
    response = decide(officer, gone, "reject", "No")
    assert (response.status_code, response.headers["X-Refusal"]) == (409, "already_decided")
    assert "Ping Xu approved this on" in text_of(response)
    assert [row.proposal.pk for row in response.context["rows"]] == [other.pk]
    assert 'name="decision" value="approve"' not in response.content.decode().split('id="review-detail"')[1]


def test_replaced_by_newer_facts_leads_to_what_waits_now(officer):
    (proposal,) = waiting(client_with(1_000_000), score=650.0)
    observe(proposal.client, 480.0, 5)
    run_now()
    response = decide(officer, proposal)
    assert response.headers["X-Refusal"] == "already_decided"
    assert f'href="{page_of(pending_of(proposal.client))}">Look at the one that waits now' in text_of(
        response
    )


def test_withdrawn_by_a_newer_run_says_so(officer):
    (proposal,) = waiting(client_with(1_000_000), score=650.0)
    observe(proposal.client, 730.0, 5)
    run_now()
    assert "there is nothing left to decide" in text_of(decide(officer, proposal))


def test_stale_proposal_is_refused_with_what_to_do(officer):
    (proposal,) = waiting(client_with(1_000_000))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tiering_assessment SET valid_to = now() WHERE valid_to IS NULL")
    response = decide(officer, proposal)
    assert (response.status_code, response.headers["X-Refusal"]) == (409, "stale_proposal")
    assert "Wait for the new proposal" in text_of(response)


def test_maker_sees_why_somebody_else_decides(officer):
    (proposal,) = waiting(client_with(1_000_000), requested_by=officer)
    html = text_of(visitor_of(officer).get(page_of(proposal)))
    assert "You asked for the run that made this proposal." in html
    assert 'id="decision-comment"' not in html
    assert decide(officer, proposal).headers["X-Refusal"] == "own_proposal"


def test_clients_own_rm_sees_why_somebody_else_decides(officer):
    client = make_client(rm=officer, team=make_team())
    (proposal,) = waiting(client)
    assert decide(officer, proposal).headers["X-Refusal"] == "clients_own_rm"
    assert tier_of(client) == "High"


def test_earlier_decisions_are_shown_with_their_comment(officer):
    (proposal,) = waiting(client_with(1_000_000), score=650.0)
    reject(proposal=proposal, decided_by=officer, comment="The bureau is wrong")
    observe(proposal.client, 480.0, 5)
    run_now()
    newer = Proposal.objects.get(status="pending")
    assert "The bureau is wrong" in text_of(visitor_of(officer).get(page_of(newer)))


def test_bulk_confirmation_names_what_will_change(officer):
    chosen, other = waiting(client_with(1_000_000), client_with(2_000_000))
    query: dict[str, Any] = {"decision": "reject", "proposal": [chosen.pk, 10**9, "x"]}
    text = text_of(visitor_of(officer).get(reverse("tiering:reviews-confirm"), query))
    assert "Reject 1 tier change?" in text
    assert chosen.client.name in text
    assert other.client.name not in text


def test_bulk_decision_reports_each_refusal(officer):
    fine, own, decided = waiting(
        client_with(3_000_000), client_with(2_000_000, rm=officer, team=make_team()), client_with(1_000_000)
    )
    approve(proposal=decided, decided_by=make_user(Role.RISK_OFFICER, name="Ping Xu"))
    response = visitor_of(officer).post(
        reverse("tiering:reviews-decide"),
        {"decision": "approve", "proposal": [fine.pk, own.pk, decided.pk, 10**9]},
        headers={"HX-Request": "true"},
    )
    assert "1 change approved." in response.headers["HX-Trigger"]
    refused = {refusal.proposal: refusal.message for refusal in response.context["refusals"]}
    assert "relationship manager" in refused[own.pk]
    assert refused[decided.pk].startswith("Ping Xu approved this on")
    assert refused[10**9] == "There is no such proposal."
    assert [row.proposal.pk for row in response.context["rows"]] == [own.pk]


def test_bulk_rejection_without_a_comment_refuses_each(officer):
    (proposal,) = waiting(client_with(1_000_000))
    response = visitor_of(officer).post(
        reverse("tiering:reviews-decide"),
        {"decision": "reject", "proposal": [proposal.pk]},
        headers={"HX-Request": "true"},
    )
    assert [refusal.message for refusal in response.context["refusals"]] == [
        "Say why you reject the proposal."
    ]


def test_bulk_decision_without_any_choice_says_what_is_missing(officer):
    response = visitor_of(officer).post(reverse("tiering:reviews-decide"), {}, follow=True)
    assert "Choose at least one change" in text_of(response)


def test_decision_with_the_next_change_takes_few_queries(officer, django_assert_max_num_queries):
    first, *_others = waiting(*[client_with(1_000_000 * n) for n in (9, 5, 4, 3)])
    visitor, address = visitor_of(officer), reverse("tiering:review-decide", args=[first.pk])
    with django_assert_max_num_queries(43):
        visitor.post(address, {"decision": "approve"}, headers={"HX-Request": "true"})


def test_filters_look_up_what_there_is_to_choose_from_only_where_they_are_shown(
    officer, django_assert_num_queries
):
    sector = make_industry()
    with django_assert_num_queries(0):
        form = QueueFilterForm(QueryDict("direction=up"), user=officer)
        assert form.query == "?direction=up"
    with django_assert_num_queries(1):
        form = QueueFilterForm(QueryDict(f"sector={sector.pk}&sector=987654"), user=officer)
    assert form.wanted.sectors == ()
    sectors = next(field for field in form.more if field.name == "sector")
    assert {str(option.data["value"]) for option in sectors.subwidgets} == {str(sector.pk)}


def test_queue_takes_the_same_number_of_queries_for_many(officer, django_assert_max_num_queries):
    waiting(*[client_with(1_000_000 * n) for n in range(1, 13)])
    visitor = visitor_of(officer)
    visitor.get(reverse("tiering:reviews"))
    with django_assert_max_num_queries(32):
        visitor.get(reverse("tiering:reviews"))
