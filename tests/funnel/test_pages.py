"""The board, the page of a case and the fragments: who sees what, and what a refusal answers."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.models import Participation, Role
from funnel.models import Case, CheckItem
from funnel.selectors.board import FIRST, PAGE
from tests.factories import make_client, make_project, make_user
from tests.funnel.making import make_case, make_gated_pipeline, put_in_tier

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def column(response, stage: str):
    return next(each for each in response.context["columns"] if each.stage.key == stage)


def post_move(client, case: Case, stage: str, htmx: bool = True, **given):
    body = {"stage": stage, "version": case.version, "comment": "", **given}
    return client.post(reverse("funnel:move", args=[case.pk]), body, headers=HTMX if htmx else {})


def toast(response) -> dict:
    return json.loads(response["HX-Trigger"])["toast"]


def test_the_board_totals_every_visible_card_and_no_foreign_one(client):
    rm = make_user()
    book = make_client(rm=rm)
    for amount in range(1, FIRST + 3):
        make_case(rm, client=book, amount=Decimal(amount * 1_000_000))
    make_case(make_user(team=rm.team), amount=Decimal(500_000_000))
    make_case(amount=Decimal(900_000_000))
    client.force_login(rm)
    shown = column(client.get(reverse("funnel:board")), "initial_identification")
    assert shown.count == FIRST + 3
    assert shown.total == Decimal(500_000_000 + 1_000_000 * sum(range(1, FIRST + 3)))
    assert [card.case.amount for card in shown.cards] == sorted(
        (card.case.amount for card in shown.cards), reverse=True
    )
    assert [card.can_move for card in shown.cards] == [False] + [True] * (FIRST - 1)
    assert (len(shown.cards), shown.has_more) == (FIRST, True)


def test_loading_more_continues_after_the_last_card_without_loss_or_repeat(client):
    rm = make_user()
    book = make_client(rm=rm)
    cases = [make_case(rm, client=book, amount=Decimal(5_000_000)) for _ in range(PAGE + 4)]
    client.force_login(rm)
    first = column(client.get(reverse("funnel:board")), "initial_identification")
    after = {"column": "initial_identification", "amount": first.last.amount, "after": first.last.pk}
    more = client.get(reverse("funnel:more-cards"), {**after, "mine": "on"})
    rest = more.context["column"]
    assert [card.case.pk for card in first.cards + rest.cards] == [case.pk for case in cases]
    assert not rest.has_more
    assert "Load more" not in more.content.decode()


def test_cards_and_rows_tell_of_further_clients_as_far_as_they_are_seen(client):
    rm = make_user()
    case = make_case(rm)
    near, far = (
        make_client(rm=rm, name_zh="华东担保", name_en=""),
        make_client(name_zh="远方钢铁", name_en=""),
    )
    make_case(rm)
    client.force_login(rm)
    pages = [reverse(name) for name in ("funnel:board", "funnel:list")]
    assert not any("board-further" in client.get(page).content.decode() for page in pages)
    for part, party in (("offtaker", far), ("guarantor", near)):
        case.parties.create(client=party, part=part)
    for page in pages:
        shown = client.get(page).content.decode()
        assert shown.count(">+2<") == 1
        assert "Guarantor: 华东担保, Off-taker: a client you have no access to" in shown
        assert "远方" not in shown


def test_loading_more_after_nonsense_is_not_found(client):
    client.force_login(make_user())
    make_gated_pipeline()
    for asked in ({"column": "due_diligence", "amount": "x", "after": 1}, {"column": "nowhere"}):
        assert client.get(reverse("funnel:more-cards"), asked).status_code == 404


PAGES: tuple[tuple[str, dict[str, str]], ...] = (
    ("funnel:board", {}),
    ("funnel:board", {"by": "tier"}),
    ("funnel:board", {"by": "rm"}),
    ("funnel:board", {"by": "month"}),
    ("funnel:more-cards", {}),
    ("funnel:list", {}),
    ("funnel:calendar", {"month": "2026-07"}),
)


def test_pages_and_moves_take_as_many_queries_for_one_card_as_for_many(client):
    rm = make_user()
    client.force_login(rm)
    due = date(2026, 7, 14)

    def queries(ask: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ask().status_code == 200
        return len(captured)

    def counts() -> list[int]:
        moved = make_case(rm, tier="A", expected_close=due)
        moved.parties.create(client=make_client(rm=rm), part="guarantor")
        asked = [partial(client.get, reverse(view), query) for view, query in PAGES]
        asked.append(partial(client.get, reverse("funnel:case", args=[case.pk])))
        return [queries(ask) for ask in (*asked, partial(post_move, client, moved, "due_diligence"))]

    def add_points(number: int) -> None:
        CheckItem.objects.bulk_create(CheckItem(case=case, name_en="Cash flow") for _ in range(number))

    case = make_case(rm, tier="A", expected_close=due)
    add_points(1)
    client.get(reverse("funnel:board"))  # the first request of a session writes it
    with_one = counts()
    add_points(4)
    for stage in ("", "preliminary_assessment", "due_diligence"):
        for _ in range(3):
            make_case(rm, stage=stage, tier="A", expected_close=due)
    assert counts() == with_one


def test_the_filter_narrows_cards_and_totals(client):
    rm = make_user()
    make_case(rm, client=make_client(rm=rm, name_zh="远洋物流有限公司"))
    waiting = make_case(rm)
    Case.objects.filter(pk=waiting.pk).update(entered_stage_at=timezone.now() - timedelta(days=60))
    colleague = make_case(make_user(team=rm.team))
    client.force_login(rm)

    def found(**query) -> int:
        return column(client.get(reverse("funnel:board"), query), "initial_identification").count

    assert found() == 3
    assert found(q="远洋") == 1
    assert found(mine="on") == 2
    assert found(late="on") == 1
    assert found(rm=colleague.client.rm.pk) == 1
    assert found(rm="nobody", q=" ") == 3


def test_htmx_gets_the_columns_alone(client):
    client.force_login(make_user())
    page = client.get(reverse("funnel:board"), headers=HTMX).content.decode()
    assert 'id="board"' in page
    assert "<html" not in page


@pytest.mark.parametrize("role", [Role.RISK_OFFICER, Role.AUDITOR])
def test_readers_see_every_case_and_have_nothing_to_move_it_with(client, role):
    case = make_case()
    client.force_login(make_user(role))
    board = client.get(reverse("funnel:board"))
    assert case.client.name in board.content.decode()
    assert "data-move-url" not in board.content.decode()
    assert client.get(reverse("funnel:case", args=[case.pk])).status_code == 200
    assert post_move(client, case, "preliminary_assessment").status_code == 403
    case.refresh_from_db()
    assert case.version == 1


def test_a_system_administrator_sees_no_cases(client):
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    assert client.get(reverse("funnel:board")).status_code == 403


def test_a_foreign_case_is_not_found(client):
    case = make_case()
    client.force_login(make_user())
    assert client.get(reverse("funnel:case", args=[case.pk])).status_code == 404
    assert post_move(client, case, "preliminary_assessment").status_code == 404
    assert client.get(reverse("funnel:client-cases", args=[case.client.pk])).status_code == 404


def test_moving_a_colleagues_case_is_refused_with_the_way_out(client):
    case = make_case()
    client.force_login(make_user(team=case.client.team))
    answer = post_move(client, case, "preliminary_assessment")
    assert answer.status_code == 403
    assert "lead of the team" in toast(answer)["text"]


def test_a_move_answers_with_the_card_in_its_new_stage_and_the_heads_tell_the_totals(client):
    case = make_case(tier="AA")
    client.force_login(case.client.rm)
    answer = post_move(client, case, "preliminary_assessment")
    assert answer.status_code == 200
    heads = client.get(reverse("funnel:heads"))
    assert [each.count for each in heads.context["columns"]] == [0, 1, 0, 0, 0]
    assert 'id="head-preliminary_assessment"' in heads.content.decode()
    assert f'id="case-{case.pk}"' in answer.content.decode()
    assert 'data-stage="preliminary_assessment"' in answer.content.decode()
    assert toast(answer) == {
        "level": "success",
        "text": f"{case.client.name} is now in “Preliminary assessment”.",
    }


def test_a_move_whose_gate_is_not_met_answers_with_the_card_where_it_was(client):
    case = make_case(tier="B")
    client.force_login(case.client.rm)
    answer = post_move(client, case, "due_diligence")
    assert (answer.status_code, answer["X-Refusal"]) == (409, "gate_not_met")
    assert 'data-stage="initial_identification"' in answer.content.decode()
    assert "tier A or better" in toast(answer)["text"]


def test_a_move_from_an_outdated_board_answers_with_the_card_where_it_is(client):
    case = make_case()
    client.force_login(case.client.rm)
    post_move(client, case, "preliminary_assessment")
    answer = post_move(client, case, "declined", comment="too small")
    assert (answer.status_code, answer["X-Refusal"]) == (409, "moved_meanwhile")
    assert 'data-stage="preliminary_assessment"' in answer.content.decode()
    assert case.client.rm.name in toast(answer)["text"]


def test_a_move_to_an_unknown_stage_is_refused(client):
    case = make_case()
    client.force_login(case.client.rm)
    answer = post_move(client, case, "nowhere")
    assert answer.status_code == 400
    assert toast(answer)["level"] == "error"


def test_the_move_form_of_a_case_keeps_what_was_written_when_it_is_refused(client):
    case = make_case(tier="B")
    client.force_login(case.client.rm)
    answer = post_move(client, case, "due_diligence", htmx=False, comment="strong sponsor")
    assert answer.status_code == 409
    assert "strong sponsor" in answer.content.decode()
    assert "tier A or better" in answer.content.decode()


def test_the_move_form_of_a_case_moves_and_shows_the_step(client):
    case = make_case()
    client.force_login(case.client.rm)
    answer = post_move(client, case, "declined", htmx=False, reason="collateral", comment="no collateral")
    page = client.get(answer.url).content.decode()
    assert "no collateral" in page
    assert "Declined" in page


def test_the_case_page_says_what_the_stages_ahead_ask_for(client):
    case = make_case(tier="B")
    client.force_login(case.client.rm)
    address = reverse("funnel:case", args=[case.pk])
    assert "is in tier B" in client.get(address).content.decode()
    put_in_tier(case.client, "A")
    assert "takes tier A or better: met." in client.get(address).content.decode()


def test_a_new_case_opens_for_a_client_of_the_book(client):
    rm = make_user()
    own, project = make_client(rm=rm), make_project()
    Participation.objects.create(client=own, project=project)
    client.force_login(rm)
    body = {"client": own.pk, "product": "project_loan", "amount": "12,000,000", "project": project.pk}
    answer = client.post(reverse("funnel:new-case"), body)
    case = Case.objects.get()
    assert answer.url == reverse("funnel:case", args=[case.pk])
    assert (case.client, case.amount, case.project) == (own, Decimal(12_000_000), project)
    assert case.stage.key == "initial_identification"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("client", "", "Choose the client"),
        ("client", "foreign", "not in your book"),
        ("amount", "-5", "greater than or equal to 0.01"),
        ("amount", "lots", "Enter a number"),
        ("project", "foreign", "takes no part in this project"),
    ],
)
def test_a_new_case_with_bad_input_is_refused_by_field(client, field, value, message):
    rm = make_user()
    own = make_client(rm=rm)
    foreign = {"client": make_client(rm=make_user(team=rm.team)).pk, "project": make_project().pk}
    body = {"client": own.pk, "product": "lease", "amount": "100"}
    client.force_login(rm)
    body[field] = foreign[field] if value == "foreign" else value
    answer = client.post(reverse("funnel:new-case"), body)
    assert answer.status_code == 400
    assert message in answer.content.decode()
    assert not Case.objects.exists()


def test_clients_to_choose_from_are_those_of_the_book(client):
    rm = make_user()
    own = make_client(rm=rm, name_zh="远洋物流有限公司")
    make_client(rm=make_user(team=rm.team), name_zh="远洋航运有限公司")
    client.force_login(rm)
    page = client.get(reverse("funnel:find-clients"), {"q": "远洋"}).content.decode()
    assert own.name in page
    assert "远洋航运" not in page


def test_projects_to_choose_from_are_those_of_the_chosen_client(client):
    rm = make_user()
    own, project, other = make_client(rm=rm), make_project(), make_project()
    Participation.objects.create(client=own, project=project)
    client.force_login(rm)
    page = client.get(reverse("funnel:find-projects"), {"client": own.pk}).content.decode()
    assert str(project) in page
    assert str(other) not in page


def test_today_names_the_own_cases_that_wait_too_long(client):
    rm = make_user()
    case, colleagues = make_case(rm), make_case(make_user(team=rm.team))
    client.force_login(rm)
    address = reverse("crm:today")
    assert "Cases waiting too long" not in client.get(address).content.decode()
    Case.objects.filter(pk__in=[case.pk, colleagues.pk]).update(
        entered_stage_at=timezone.now() - timedelta(days=20)
    )
    page = client.get(address).content.decode()
    assert case.client.name in page
    assert colleagues.client.name not in page
    assert "20 d" in page


def test_the_client_page_lists_the_clients_cases(client):
    case = make_case()
    client.force_login(case.client.rm)
    page = client.get(reverse("crm:client-tab", args=[case.client.pk, "cases"])).content.decode()
    assert case.code in page
    assert f"{reverse('funnel:new-case')}?client={case.client.pk}" in page
