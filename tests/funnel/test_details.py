"""Opening a case with all its details, editing, cloning, and amounts of several currencies."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from crm.errors import Invalid, NotPermitted
from crm.models import Role
from funnel import errors
from funnel.models import CoLender, ExchangeRate, Pipeline
from funnel.selectors import board
from funnel.selectors.kinds import kinds_of
from funnel.selectors.rates import rates_on, total_of
from funnel.services.cases import add_co_lender, clone_case, edit_case, open_case, remove_co_lender, set_team
from funnel.services.moves import move_case
from funnel.services.rates import set_rate
from tests.factories import make_client, make_user
from tests.funnel.making import make_case, make_gated_pipeline, stage_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


def rate(currency: str = "USD", value: str = "7.2", day: date = DAY):
    return set_rate(currency=currency, day=day, rate=Decimal(value), by=make_user(Role.SYSTEM_ADMIN))


def test_the_rate_of_a_day_is_the_last_one_before_it():
    rate(value="7.0", day=date(2026, 1, 1))
    rate(value="7.2", day=DAY)
    assert "USD" not in rates_on(date(2025, 12, 31))
    assert rates_on(date(2026, 5, 31))["USD"] == Decimal("7.0")
    assert rates_on(DAY) == {"USD": Decimal("7.2"), "CNY": Decimal(1)}


def test_a_rate_is_entered_by_administrators_and_replaced_for_its_day():
    rate(value="7.0")
    assert rate(value="7.1").rate == Decimal("7.1")
    with pytest.raises(NotPermitted):
        set_rate(currency="USD", day=DAY, rate=Decimal(7), by=make_user())
    with pytest.raises(Invalid):
        rate(currency="usd")


def test_a_total_keeps_currencies_apart_and_says_what_it_could_not_convert():
    rate()
    total = total_of([("USD", Decimal(10)), ("CNY", Decimal(5)), ("JPY", Decimal(9))], rates_on(DAY))
    assert total.by_currency == (("CNY", Decimal(5)), ("JPY", Decimal(9)), ("USD", Decimal(10)))
    assert (total.converted, total.without_rate) == (Decimal("77.0"), ("JPY",))


def test_a_case_opens_in_a_currency_that_has_a_rate():
    with pytest.raises(errors.NoRate, match="USD"):
        make_case(currency="USD")
    rate()
    assert make_case(currency="USD").currency == "USD"


def test_a_case_opens_in_the_pipeline_for_its_product_with_the_points_of_its_checklist():
    make_gated_pipeline()
    points = [{"name_en": "Site visit", "name_zh": "现场走访", "kind": "diligence"}]
    leases = Pipeline.objects.create(key="leases", name_en="Leases", products=["lease"], checklist=points)
    leases.stages.create(key="asked", name_en="Asked", position=0)
    lease, loan = make_case(product="lease"), make_case()
    assert (lease.stage.pipeline.key, loan.stage.pipeline.key) == ("leases", "financing")
    assert [(point.name_zh, point.kind) for point in lease.checks.all()] == [("现场走访", "diligence")]
    with pytest.raises(errors.PipelineNotForProduct, match="Leases"):
        make_case(pipeline=leases)


def test_editing_is_at_the_revision_that_was_seen_and_while_the_case_is_open():
    case = make_case()
    rm = case.client.rm
    edited = edit_case(case=case, revision=1, by=rm, details={"next_step": " Call the owner "})
    assert (edited.next_step, edited.revision, edited.version) == ("Call the owner", 2, 1)
    with pytest.raises(errors.EditedMeanwhile):
        edit_case(case=case, revision=1, by=rm, details={"next_step": "x"})
    with pytest.raises(errors.NotTheHolder):
        edit_case(case=case, revision=2, by=make_user(), details={})
    with pytest.raises(errors.AmountNotPositive):
        edit_case(case=case, revision=2, by=rm, details={"amount": Decimal(0)})
    lost = stage_of(case.stage.pipeline, "declined")
    move_case(case=case, to_stage=lost, version=1, moved_by=rm, reason="terms")
    with pytest.raises(errors.CaseClosed):
        edit_case(case=case, revision=2, by=rm, details={})


def test_a_clone_asks_for_the_same_and_begins_anew():
    case = make_case(stage="due_diligence", purpose="A furnace", source="referral")
    again = clone_case(case=case, by=case.client.rm)
    assert (again.amount, again.purpose, again.source) == (case.amount, "A furnace", "referral")
    assert (again.stage.key, again.version, again.cloned_from) == ("initial_identification", 1, case)


def test_team_and_co_lenders_are_set_by_the_manager():
    case = make_case()
    rm, colleague = case.client.rm, make_user(team=case.client.team)
    set_team(case=case, people=[colleague, rm], by=rm)
    assert [member.user for member in case.team.all()] == [colleague]
    with pytest.raises(Invalid):
        set_team(case=case, people=[make_user()], by=rm)
    set_team(case=case, people=[], by=rm)
    assert not case.team.exists()
    lender = add_co_lender(case=case, name="Bank of Ningbo", amount=Decimal(5), by=rm)
    with pytest.raises(Invalid):
        add_co_lender(case=case, name="Bank of Ningbo", amount=None, by=rm)
    remove_co_lender(co_lender=lender, by=rm)
    assert not case.co_lenders.exists()


def test_a_retired_stage_is_not_entered():
    case = make_case()
    stage = stage_of(case.stage.pipeline, "preliminary_assessment")
    stage.is_retired = True
    stage.save()
    with pytest.raises(errors.StageRetired):
        move_case(case=case, to_stage=stage, version=1, moved_by=case.client.rm)


def test_the_board_shows_each_currency_and_a_converted_total(client):
    rate()
    rm = make_user()
    book = make_client(rm=rm)
    make_case(rm, client=book, amount=Decimal(10_000_000))
    make_case(rm, client=book, amount=Decimal(1_000_000), currency="USD")
    client.force_login(rm)
    answer = client.get(reverse("funnel:board"))
    first = answer.context["columns"][0]
    assert (first.count, first.total) == (2, Decimal("17200000"))
    assert first.amounts.by_currency == (("CNY", Decimal(10_000_000)), ("USD", Decimal(1_000_000)))
    assert "USD 1.0 m" in answer.content.decode()


@pytest.mark.parametrize(
    ("by", "headings"),
    [
        ("tier", {"AA": 0, "A": 1, "B": 0, "none": 1}),
        ("month", {"2026-07": 1, "none": 1}),
    ],
)
def test_the_board_groups_by_what_is_asked(client, by, headings):
    rm = make_user()
    make_case(rm, tier="A", expected_close=date(2026, 7, 14))
    make_case(rm)
    make_case(rm, stage="declined")
    client.force_login(rm)
    columns = client.get(reverse("funnel:board"), {"by": by}).context["columns"]
    assert {column.heading.key: column.count for column in columns} == headings


@pytest.mark.parametrize(("said", "count"), [({"tier": "A"}, 1), ({"source": "referral"}, 1), ({}, 2)])
def test_cases_are_narrowed_by_tier_and_source_on_board_and_by_api_alike(client, said, count):
    rm = make_user()
    make_case(rm, tier="A", source="referral")
    make_case(rm, tier="B")
    client.force_login(rm)
    assert client.get(reverse("funnel:board"), said).context["columns"][0].count == count
    assert len(client.get(reverse("api:case-list"), said).json()["results"]) == count


def test_columns_show_the_same_cards_whether_walked_or_ranked(client, monkeypatch):
    rm = make_user()
    for amount in (3, 1, 2):
        make_case(rm, tier="A", amount=Decimal(amount), expected_close=date(2026, 7, 14))
        make_case(rm, amount=Decimal(amount), stage="due_diligence")
    client.force_login(rm)

    def shown(by: str) -> dict[str, list[Decimal]]:
        columns = client.get(reverse("funnel:board"), {"by": by}).context["columns"]
        return {one.heading.key: [card.case.amount for card in one.cards] for one in columns}

    ranked = {by: shown(by) for by in ("stage", "tier", "rm", "month")}
    assert [ranked["tier"][key] for key in ("A", "none")] == [[3, 2, 1], [3, 2, 1]]
    monkeypatch.setattr(board, "MANY", 0)
    assert {by: shown(by) for by in ranked} == ranked


def test_a_month_comes_to_what_its_days_do_each_currency_for_itself(client):
    rm = make_user()
    ExchangeRate.objects.create(currency="USD", day=date(2026, 1, 1), rate=Decimal(7))
    for day, amount, currency in ((1, 2, "CNY"), (14, 3, "CNY"), (31, 5, "USD")):
        close = date(2026, 7, day)
        make_case(rm, expected_close=close, amount=Decimal(amount), currency=currency)
    client.force_login(rm)
    july, unknown = client.get(reverse("funnel:board"), {"by": "month"}).context["columns"]
    assert (july.count, july.amounts.by_currency, july.total) == (3, (("CNY", 5), ("USD", 5)), 40)
    assert (unknown.count, len(july.cards), july.has_more) == (0, 3, False)


def test_the_board_groups_by_manager_with_every_card(client):
    lead = make_user(Role.TEAM_LEAD)
    rms = [make_user(team=lead.team, name=name) for name in ("Ann", "Ben")]
    for rm in rms:
        make_case(rm)
    client.force_login(lead)
    columns = client.get(reverse("funnel:board"), {"by": "rm"}).context["columns"]
    assert [(column.heading.label, len(column.cards)) for column in columns[:2]] == [("Ann", 1), ("Ben", 1)]


def test_news_are_what_others_moved_of_the_cases_one_may_see(client):
    case, foreign = make_case(), make_case()
    lead = make_user(Role.TEAM_LEAD, team=case.client.team, name="Lei Wang")
    client.force_login(case.client.rm)
    since = client.get(reverse("funnel:board")).context["since"]
    for one, mover in ((case, lead), (foreign, foreign.client.rm)):
        target = stage_of(one.stage.pipeline, "preliminary_assessment")
        move_case(case=one, to_stage=target, version=1, moved_by=mover)
    news = client.get(reverse("funnel:news"), {"since": since}).json()
    assert len(news["texts"]) == 1
    assert "Lei Wang moved" in news["texts"][0]
    assert client.get(reverse("funnel:news"), {"since": news["since"]}).json()["texts"] == []
    make_case(lead, client=make_client(rm=case.client.rm))
    (text,) = client.get(reverse("funnel:news"), {"since": news["since"]}).json()["texts"]
    assert text.startswith("Lei Wang opened a case of")


def test_the_list_moves_the_chosen_and_lists_each_refusal_with_links(client):
    rm = make_user()
    met, unmet = make_case(rm, tier="A"), make_case(rm, tier="B")
    client.force_login(rm)
    body = {"case": [met.pk, unmet.pk], f"version-{met.pk}": 1, f"version-{unmet.pk}": 1}
    answer = client.post(reverse("funnel:move-many"), {**body, "stage": "due_diligence"})
    page = answer.content.decode()
    assert (answer.status_code, met.moves.count(), unmet.moves.count()) == (409, 2, 1)
    assert f'href="/clients/{unmet.client_id}/"' in page
    assert "tier A or better" in page


def test_the_list_is_ordered_by_its_heads_and_tells_what_it_comes_to(client):
    rm = make_user()
    small = make_case(rm, amount=Decimal(1_000_000), expected_close=date(2026, 7, 14))
    large = make_case(rm, amount=Decimal(2_000_000))
    client.force_login(rm)

    def shown(**said: str) -> list[int]:
        context = client.get(reverse("funnel:list"), said).context
        assert (context["count"].number, context["total"].converted) == (2, 3_000_000)
        (amount,) = (head for head in context["heads"] if head.label == "Amount")
        assert amount.sorted == ("none" if said else "descending")
        return [card.case.pk for card in context["cards"]]

    assert shown() == [large.pk, small.pk]
    assert shown(sort="close") == shown(sort="-close") == [small.pk, large.pk]


def test_the_calendar_shows_closes_and_next_steps_of_the_month(client):
    rm = make_user()
    case = make_case(rm, expected_close=date(2026, 7, 14))
    edit_case(
        case=case,
        revision=1,
        by=rm,
        details={"next_step": "Visit the site", "next_step_on": date(2026, 7, 2)},
    )
    client.force_login(rm)
    page = client.get(reverse("funnel:calendar"), {"month": "2026-07"}).content.decode()
    assert "Visit the site" in page
    assert case.client.name in page
    assert client.get(reverse("funnel:calendar"), {"month": "x"}).status_code == 200


def test_a_day_of_the_calendar_shows_the_largest_and_says_how_many_close(client):
    rm = make_user()
    book = make_client(rm=rm)
    for amount in range(1, 7):
        make_case(rm, client=book, amount=Decimal(amount * 1_000_000), expected_close=date(2026, 7, 14))
    client.force_login(rm)
    page = client.get(reverse("funnel:calendar"), {"month": "2026-07"}).content.decode()
    assert [f"{amount}.0 m" in page for amount in range(1, 7)] == [False, False, True, True, True, True]
    assert "6 closes in all" in page


def test_the_page_takes_checks_documents_approvals_and_waivers(client):
    """Every form of the page as people send it."""
    case = make_case(tier="B")
    page = reverse("funnel:case", args=[case.pk])
    client.force_login(case.client.rm)
    client.post(
        reverse("funnel:add-check", args=[case.pk]), {"kind": "precedent", "name": "Mortgage is entered"}
    )
    check = case.checks.get()
    client.post(reverse("funnel:plan-check", args=[check.pk]), {"revision": 1, "due_on": "2026-09-01"})
    done = {"revision": 2, "finding": "Entered on page 7", "applies": "yes", "risk": "low"}
    client.post(reverse("funnel:finish-check", args=[check.pk]), done)
    client.post(
        reverse("funnel:add-co-lender", args=[case.pk]), {"name": "Bank of Ningbo", "amount": "5,000,000"}
    )
    shown = client.get(page).content.decode()
    assert "Entered on page 7" in shown
    assert "Bank of Ningbo" in shown
    edited = {"revision": 1, "product": "lease", "amount": "7,000,000", "purpose": "A crane"}
    client.post(reverse("funnel:edit-case", args=[case.pk]), edited)
    case.refresh_from_db()
    assert (case.product, case.amount, case.purpose) == ("lease", Decimal(7_000_000), "A crane")
    shown = client.get(page).content.decode()
    for told in ("12,000,000.00</span> → 7,000,000.00", "Co-lender <span", "Purpose: "):
        assert told in shown
    client.force_login(make_user(Role.RISK_OFFICER))
    assert "Let it pass without" in client.get(page).content.decode()
    client.post(reverse("funnel:waive", args=[case.pk]), {"stage": "due_diligence", "reason": "Guaranteed"})
    assert case.waivers.get().reason == "Guaranteed"
    assert "waived" in client.get(page).content.decode()


def test_opening_keeps_every_detail(client):
    rm = make_user()
    own = make_client(rm=rm)
    make_gated_pipeline()
    client.force_login(rm)
    body = {
        "client": own.pk,
        "product": "lease",
        "amount": "3,000,000",
        "expected_close": "2026-09-30",
        "source": "campaign",
        "purpose": "Cranes",
    }
    client.post(reverse("funnel:new-case"), body)
    case = own.cases.get()
    assert (case.expected_close, case.source, case.purpose) == (date(2026, 9, 30), "campaign", "Cranes")
    assert open_case(client=own, product="lease", amount=Decimal(1), opened_by=rm).currency == "CNY"


def test_a_case_has_or_had_records_of_a_kind():
    case = make_case()
    assert not kinds_of(case)
    lender = add_co_lender(case=case, name="Harbour Bank", amount=None, by=case.client.rm)
    assert kinds_of(case) == {CoLender}
    remove_co_lender(co_lender=lender, by=case.client.rm)
    assert kinds_of(case) == {CoLender}
    assert not kinds_of(make_case())
