import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Observation, Role
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, publish, run_now
from tests.tiering.pages.making import client_with, observe, visitor_of, waiting
from tiering.errors import NothingToRetry
from tiering.models import Proposal, RetierRequest, RunChunk, TieringRun
from tiering.services.requests import drain_requests
from tiering.services.retries import retry_quarantined
from tiering.services.runs import start_run, work_through

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_user(Role.RISK_OFFICER)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def quarantined_run() -> TieringRun:
    run = start_run(requested_by=None)
    run.chunks.update(status=RunChunk.Status.QUARANTINED, attempts=5, failure="ValueError: broken")
    TieringRun.objects.filter(pk=run.pk).update(status="quarantined", finished_at=timezone.now())
    return run


def test_list_shows_each_run_with_its_counts(officer):
    publish()
    waiting(client_with(1_000_000), client_with(2_000_000))
    response = visitor_of(officer).get(reverse("tiering:runs"))
    assert [
        (line.progress.clients, line.progress.assigned, line.progress.proposed)
        for line in response.context["lines"]
    ] == [
        (2, 0, 2),
        (2, 2, 0),
    ]


def test_list_before_criteria_says_what_to_do(officer):
    text = text_of(visitor_of(officer).get(reverse("tiering:runs")))
    assert "Publish criteria first" in text


def test_starting_names_the_clients_and_makes_one_run_however_often_it_is_sent(officer):
    publish()
    make_client()
    assert "Re-tier 1 client by criteria version 1" in text_of(
        visitor_of(officer).get(reverse("tiering:runs"))
    )
    slot = str(uuid.uuid4())
    for _ in range(2):
        response = visitor_of(officer).post(reverse("tiering:run-start"), {"slot": slot})
    run = TieringRun.objects.get()
    assert (response["Location"], run.requested_by) == (reverse("tiering:run", args=[run.pk]), officer)


def test_starting_without_criteria_says_why_not(officer):
    response = visitor_of(officer).post(reverse("tiering:run-start"), {}, follow=True)
    assert "Publish criteria first." in text_of(response)
    assert not TieringRun.objects.exists()


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.AUDITOR])
def test_those_who_may_not_start_runs_read_them(role):
    publish()
    make_client()
    run_now()
    reader = visitor_of(make_user(role))
    assert "Re-tier" not in text_of(reader.get(reverse("tiering:runs")))
    assert reader.post(reverse("tiering:run-start")).status_code == 403


def test_rm_does_not_see_runs():
    assert visitor_of(make_user(Role.RM)).get(reverse("tiering:runs")).status_code == 403


def test_progress_asks_again_until_the_run_is_over(officer):
    publish()
    make_client()
    run = start_run(requested_by=officer)
    url = reverse("tiering:run-progress", args=[run.pk])
    visitor = visitor_of(officer)
    assert 'hx-trigger="every 1s"' in visitor.get(url, headers={"HX-Request": "true"}).content.decode()
    work_through(run)
    over = visitor.get(url, headers={"HX-Request": "true"})
    assert over.headers["HX-Refresh"] == "true"
    page = text_of(visitor.get(reverse("tiering:run", args=[run.pk])))
    assert "every 1s" not in page
    assert "1 of 1 chunks done" in page


def test_matrix_counts_moves_at_once_and_proposed_and_links_to_the_clients(officer):
    publish()
    falling, rising = client_with(1_000_000), client_with(1_000_000)
    observe(rising, 500.0, 30)
    observe(falling, 720.0, 30)
    run_now(as_of=days_ago(20))
    observe(falling, 500.0, 15)
    observe(rising, 720.0, 15)
    run = run_now(as_of=days_ago(10))
    visitor = visitor_of(officer)
    matrix = visitor.get(reverse("tiering:run", args=[run.pk])).context["matrix"]
    cells = {
        (cell.before.key, cell.after.key): (cell.clients, cell.css)
        for row in matrix
        for cell in row.cells
        if cell.clients
    }
    assert cells == {("High", "Low"): (1, "heat-down-2"), ("Low", "High"): (1, "heat-up-2")}
    down = text_of(visitor.get(reverse("tiering:run-moves", args=[run.pk, "High", "Low"])))
    assert falling.name in down
    assert "Pending" in down
    up = text_of(visitor.get(reverse("tiering:run-moves", args=[run.pk, "Low", "High"])))
    assert rising.name in up
    assert "at once" in up


def test_matrix_and_lists_stop_at_the_readers_clients():
    publish()
    (mine,) = waiting(client_with(1_000_000))
    (foreign,) = waiting(client_with(2_000_000))
    lead = visitor_of(make_user(Role.TEAM_LEAD, team=mine.client.team))
    runs = TieringRun.objects.filter(pk__in=Proposal.objects.values("run"))
    listed = "".join(
        text_of(lead.get(reverse("tiering:run-moves", args=[run.pk, "High", "Low"]))) for run in runs
    )
    assert mine.client.name in listed
    assert foreign.client.name not in listed


def test_first_tiers_have_a_row_of_their_own(officer):
    publish()
    client = make_client()
    run = run_now()
    visitor = visitor_of(officer)
    assert "first tier" in text_of(visitor.get(reverse("tiering:run", args=[run.pk])))
    moves = visitor.get(reverse("tiering:run-moves", args=[run.pk, "none", "Low"]))
    assert client.name in text_of(moves)


@pytest.mark.parametrize("move", [("High", "Nowhere"), ("Nowhere", "Low")])
def test_moves_between_unknown_tiers_are_not_found(officer, move):
    publish()
    run = run_now()
    assert visitor_of(officer).get(reverse("tiering:run-moves", args=[run.pk, *move])).status_code == 404


def test_quarantined_chunks_are_shown_and_tried_again(officer):
    publish()
    make_client()
    run = quarantined_run()
    visitor = visitor_of(officer)
    page = text_of(visitor.get(reverse("tiering:run", args=[run.pk])))
    assert "ValueError: broken" in page
    visitor.post(reverse("tiering:run-retry", args=[run.pk]))
    run.refresh_from_db()
    assert (run.status, run.finished_at) == ("pending", None)
    assert work_through(run).status == "done"


def test_retry_is_refused_where_nothing_is_quarantined_or_to_others(officer):
    publish()
    make_client()
    run = run_now()
    with pytest.raises(NothingToRetry):
        retry_quarantined(run=run, by=officer)
    with pytest.raises(NotPermitted):
        retry_quarantined(run=run, by=make_user(Role.AUDITOR))
    response = visitor_of(officer).post(reverse("tiering:run-retry", args=[run.pk]), follow=True)
    assert "No chunk of this run is quarantined any more." in text_of(response)


def test_clients_left_behind_are_shown_to_who_may_see_them_and_tried_again(officer):
    publish()
    mine, foreign = make_client(rm=make_user(Role.RM)), make_client()
    RetierRequest.objects.update(attempts=5, failure="ValueError: broken")
    lead = visitor_of(make_user(Role.TEAM_LEAD, team=mine.team))
    page = text_of(lead.get(reverse("tiering:left-behind")))
    assert mine.name in page
    assert "ValueError: broken" in page
    assert foreign.name not in page
    assert "Try them again" not in page
    visitor = visitor_of(officer)
    for name in ("crm:today", "tiering:runs"):
        assert reverse("tiering:left-behind") in text_of(visitor.get(reverse(name)))
    assert "2 clients could not be re-tiered" in text_of(visitor.get(reverse("tiering:runs")))
    told = visitor.post(reverse("tiering:left-behind-retry"), follow=True)
    assert "2 clients are tried again." in text_of(told)
    assert not RetierRequest.objects.filter(attempts__gt=0).exists()
    again = visitor.post(reverse("tiering:left-behind-retry"), follow=True)
    assert "No client waits to be tried again any more." in text_of(again)


def test_list_and_page_of_a_run_of_changes_count_the_same_clients(officer):
    publish(a_document(policy={}))
    client = make_client()
    for score in (720.0, 500.0):
        Observation.objects.all().delete()
        make_observation(client, "credit_score", score)
        drain_requests()
    run = TieringRun.objects.get()
    visitor = visitor_of(officer)
    (line,) = visitor.get(reverse("tiering:runs")).context["lines"]
    told = visitor.get(reverse("tiering:run", args=[run.pk])).context["progress"]
    assert [(p.clients, p.assessed, p.assigned) for p in (line.progress, told)] == [(1, 2, 2), (1, 2, 2)]


def test_today_names_reviews_to_decide_and_runs_in_trouble(officer):
    publish()
    (proposal,) = waiting(client_with(1_000_000))
    quarantined_run()
    text = text_of(visitor_of(officer).get(reverse("crm:today")))
    assert proposal.client.name in text
    assert "1 chunk quarantined" in text


def test_today_tells_an_rm_whose_tiers_changed():
    publish()
    rm = make_user(Role.RM)
    client = make_client(rm=rm)
    colleagues = make_client(rm=make_user(Role.RM, team=rm.team))
    for each in (client, colleagues):
        observe(each, 500.0, 30)
    run_now(as_of=days_ago(20))
    for each in (client, colleagues):
        observe(each, 720.0, 15)
    run_now(as_of=days_ago(10))
    text = text_of(visitor_of(rm).get(reverse("tiering:today-changes")))
    assert client.name in text
    assert colleagues.name not in text
    assert "1 client in 30 days" in text
    officers = text_of(visitor_of(make_user(Role.RISK_OFFICER)).get(reverse("tiering:today-changes")))
    assert client.name in officers
    assert colleagues.name in officers
