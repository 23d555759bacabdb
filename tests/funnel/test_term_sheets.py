"""What clients are offered: kept to the tier policy or departing from it with a second person; what is met first."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from crm.attention import Looking, looking
from crm.errors import Invalid, NotPermitted
from crm.models import Role, User
from funnel import errors
from funnel.attention_entries import sheets_to_decide, waivers_to_decide
from funnel.core.departures import Departure, Offered, PolicyTerms, departures
from funnel.models import Case, CheckItem, StageGate, TermSheet
from funnel.services import term_sheets as services
from funnel.services import work
from funnel.services.cases import edit_case, open_case
from funnel.services.moves import move_case
from funnel.services.pipelines import ensure_seed_pipeline
from tests.factories import make_client, make_user
from tests.funnel.making import make_case, stage_of
from tests.tiering.follows.documents import a_tier_policy
from tests.tiering.follows.making import known, lends, policies, score
from tests.tiering.helpers import days_ago, run_now

POLICY = PolicyTerms(version=1, tier="A", add_on=40, cover=5000, room=20e6, is_offered=True)


@pytest.mark.parametrize(
    ("offered", "found"),
    [
        (Offered(40, 5000, 20e6), []),
        (Offered(80, 9000, None), []),
        (Offered(39, 5000, 1), [Departure("add_on", 39, 40)]),
        (Offered(40, 4999, 1), [Departure("cover", 4999, 5000)]),
        (Offered(40, 5000, 20e6 + 1), [Departure("ceiling", 20e6 + 1, 20e6)]),
    ],
)
def test_an_offer_departs_where_it_is_more_generous(offered, found):
    assert departures(offered, POLICY) == found
    assert departures(offered, None) == []


@pytest.mark.parametrize(
    ("offered", "found"),
    [
        (Offered(40, 5000, 9e6, 345), []),
        (Offered(40, 5000, 1e6, 344.5), [Departure("base_rate", 344.5, 345)]),
        (Offered(40, 5000, 1e6 - 1, 350), [Departure("ticket", 1e6 - 1, 1e6)]),
        (Offered(40, 5000, 9e6 + 1, 350), [Departure("ticket", 9e6 + 1, 9e6)]),
        (Offered(40, 5000, None, 350), []),
    ],
)
def test_an_offer_departs_below_the_houses_rate_and_outside_of_the_size_of_a_case(offered, found):
    policy = replace(POLICY, base_rate=345, ticket_least=1e6, ticket_most=9e6)
    assert departures(offered, policy) == found


def in_middle() -> Case:
    """A case of a client in tier Middle: an add-on of 50 to 3.65 %, half covered by receivables, room for 3 million, at
    most 2.5 million a case, with a contract."""
    high, middle, low = a_tier_policy()["tiers"]
    of_cases = {"ticket": {"least": None, "most": 2_500_000}, "documents": ["contract"]}
    policies(base_rate=365, tiers=[high, {**middle, **of_cases}, low])
    client = make_client(rm=make_user(Role.RM))
    known(client)
    lends(client, limit=2_000_000)
    score(client, 620, 30)
    run_now(as_of=days_ago(20))
    ensure_seed_pipeline()
    return open_case(client=client, product="supply_chain", amount=Decimal(2_500_000), opened_by=client.rm)


def day_of(user: User) -> Looking:
    return looking(user, timezone.localdate())


def plain_sheet(case: Case, **said) -> TermSheet:
    """Of a case without a policy."""
    sheet = services.draft_term_sheet(case=case, by=case.client.rm)
    return services.save_term_sheet(sheet=sheet, revision=1, said=said, by=case.client.rm)


@pytest.mark.django_db
def test_a_sheet_is_drafted_from_the_policy_and_departs_with_a_second_person(client):
    case = in_middle()
    rm, lead = case.client.rm, make_user(Role.TEAM_LEAD, team=case.client.team)
    sheet = services.draft_term_sheet(case=case, by=rm)
    assert (sheet.rate, sheet.cover, sheet.collateral) == (Decimal("4.15"), 5000, "Receivables")
    assert services.departures_of(sheet) == []
    with pytest.raises(errors.SheetInPreparation):
        services.draft_term_sheet(case=case, by=rm)
    issued = services.submit_term_sheet(sheet=sheet, revision=1, why="", by=rm)
    assert (issued.status, issued.approved_by, issued.policy["tier"]) == ("issued", None, "Middle")
    second = services.draft_term_sheet(case=case, by=rm)
    said = {"add_on": 20, "base_rate": Decimal("3.5"), "amount": Decimal(2_600_000)}
    second = services.save_term_sheet(sheet=second, revision=1, said=said, by=rm)
    client.force_login(rm)
    page = client.get(reverse("funnel:term-sheet", args=[second.pk])).content.decode()
    for departure in (
        "The house&#x27;s rate is 3.5 %, the policy says 3.65 %.",
        "The add-on is +20 basis points, the policy says +50 basis points.",
        "It comes to 2.6 m; a case of the tier asks for 2.5 m at most.",
    ):
        assert departure in page
    with pytest.raises(errors.DepartureReasonMissing):
        services.submit_term_sheet(sheet=second, revision=2, why=" ", by=rm)
    second = services.submit_term_sheet(sheet=second, revision=2, why="A rival offers less", by=rm)
    assert second.status == "submitted"
    assert [one["code"] for one in second.departures] == ["base_rate", "add_on", "ticket"]
    assert [[line.item for line in sheets_to_decide(day_of(user)).lines] for user in (lead, rm)] == [
        [second.pk], [],
    ]  # fmt: skip
    with pytest.raises(errors.PartyToTheCase):
        services.decide_term_sheet(sheet=second, revision=3, is_approved=True, by=_risk_in_team(case))
    with pytest.raises(NotPermitted):
        services.decide_term_sheet(sheet=second, revision=3, is_approved=True, by=rm)
    with pytest.raises(errors.SheetRemarkMissing):
        services.decide_term_sheet(sheet=second, revision=3, is_approved=False, by=lead)
    client.force_login(lead)
    approved = {"revision": 3, "verdict": "approve"}
    client.post(reverse("funnel:decide-term-sheet", args=[second.pk]), approved)
    assert list(case.term_sheets.values_list("number", "status", "approved_by")) == [
        (2, "issued", lead.pk), (1, "superseded", None),
    ]  # fmt: skip
    second.refresh_from_db()
    second.amount = Decimal(1)
    with pytest.raises(InternalError, match="only_drafts_change"), transaction.atomic():
        second.save()


@pytest.mark.django_db
def test_a_case_shows_and_a_stage_asks_for_what_the_tier_policy_says_of_cases(client):
    case = in_middle()
    rm, target = case.client.rm, stage_of(case.stage.pipeline, "preliminary_assessment")
    target.gates.all().delete()
    StageGate.objects.create(stage=target, kind="documents", params={"documents": [], "of_tier": True})
    client.force_login(rm)
    page = client.get(reverse("funnel:case", args=[case.pk])).content.decode()
    for said in ("4.15 % a year with the house&#x27;s 3.65 %", "up to 2.5 m", "Receivables", "Contract"):
        assert said in page
    told = client.get(reverse("api:case-detail", args=[case.pk])).json()["policy"]
    assert (told["base_rate"], told["ticket_most"], told["documents"]) == (365, 2_500_000, ["contract"])
    with pytest.raises(errors.GateNotMet, match="Contract"):
        move_case(case=case, to_stage=target, version=1, moved_by=rm)
    work.add_document(case=case, kind="contract", by=rm, file=SimpleUploadedFile("c.txt", b"signed by both"))
    assert move_case(case=case, to_stage=target, version=1, moved_by=rm).stage == target


def _risk_in_team(case: Case):
    officer = make_user(Role.RISK_OFFICER)
    case.team.create(user=officer)
    return officer


@pytest.mark.django_db
def test_a_draft_is_changed_at_what_was_seen_and_refuses_what_makes_no_sense():
    case = make_case()
    sheet = plain_sheet(case, covenants=["Leverage below 3"])
    assert (sheet.revision, sheet.covenants) == (2, ["Leverage below 3"])
    with pytest.raises(errors.EditedMeanwhile):
        services.save_term_sheet(sheet=sheet, revision=1, said={}, by=case.client.rm)
    with pytest.raises(Invalid):
        services.save_term_sheet(sheet=sheet, revision=2, said={"amount": Decimal(0)}, by=case.client.rm)
    with pytest.raises(errors.NotTheHolder):
        services.save_term_sheet(sheet=sheet, revision=2, said={}, by=make_user())
    late = {"valid_until": timezone.localdate() - timedelta(days=1)}
    sheet = services.save_term_sheet(sheet=sheet, revision=2, said=late, by=case.client.rm)
    with pytest.raises(errors.SheetOutOfDate):
        services.submit_term_sheet(sheet=sheet, revision=3, why="", by=case.client.rm)
    services.discard_term_sheet(sheet=sheet, revision=3, by=case.client.rm)
    assert not case.term_sheets.exists()


@pytest.mark.django_db
def test_a_stage_asks_for_a_sheet_of_the_amount_as_it_is_now():
    case = make_case(amount=Decimal(100))
    rm, target = case.client.rm, stage_of(case.stage.pipeline, "preliminary_assessment")
    StageGate.objects.create(stage=target, kind="term_sheet")

    def refused() -> str:
        with pytest.raises(errors.GateNotMet) as refusal:
            move_case(case=case, to_stage=target, version=1, moved_by=rm)
        return str(refusal.value)

    assert "none is issued" in refused()
    sheet = plain_sheet(case)
    services.submit_term_sheet(sheet=sheet, revision=2, why="", by=rm)
    edit_case(case=case, revision=1, by=rm, details={"amount": Decimal(90)})
    assert "another amount" in refused()
    edit_case(case=case, revision=2, by=rm, details={"amount": Decimal(100)})
    assert move_case(case=case, to_stage=target, version=1, moved_by=rm).stage == target


@pytest.mark.django_db
def test_a_condition_precedent_is_waived_by_somebody_else_and_bars_until_then(client):
    case = make_case(tier="A")
    rm, officer = case.client.rm, make_user(Role.RISK_OFFICER)
    target = stage_of(case.stage.pipeline, "preliminary_assessment")
    StageGate.objects.create(stage=target, kind="checklist", params={"checks": "precedent"})
    check = CheckItem.objects.create(case=case, kind="precedent", name_en="Mortgage is entered")
    ask: dict[str, Any] = {"finding": "The registry is closed until May", "applies": False, "by": rm}
    check = work.finish_check(check=check, revision=1, **ask)
    assert (check.state, check.asked_by, check.finished_by) == ("asked", rm, None)
    with pytest.raises(errors.GateNotMet, match="Mortgage is entered"):
        move_case(case=case, to_stage=target, version=1, moved_by=rm)
    with pytest.raises(NotPermitted):
        work.decide_waiver(check=check, revision=2, is_granted=True, by=rm)
    assert [line.name for line in waivers_to_decide(day_of(officer)).lines] == [case.client.name]
    for user, decides in ((officer, True), (rm, False)):
        client.force_login(user)
        page = client.get(reverse("funnel:case", args=[case.pk])).content.decode()
        assert "asks that it need not be met" in page
        assert ("Grant it" in page) == decides
    with pytest.raises(errors.WaiverRemarkMissing):
        work.decide_waiver(check=check, revision=2, is_granted=False, by=officer)
    check = work.decide_waiver(check=check, revision=2, is_granted=False, remark="Wait for May", by=officer)
    assert (check.state, check.remark) == ("open", "Wait for May")
    check = work.finish_check(check=check, revision=3, **ask)
    client.force_login(officer)
    granted = {"revision": 4, "verdict": "grant"}
    client.post(reverse("funnel:decide-check-waiver", args=[check.pk]), granted)
    check.refresh_from_db()
    assert (check.state, check.finished_by) == ("waived", officer)
    assert move_case(case=case, to_stage=target, version=1, moved_by=rm).stage == target


@pytest.mark.django_db
def test_programs_and_pages_draft_change_and_issue_a_sheet_and_take_it_away(client):
    case = make_case()
    client.force_login(case.client.rm)

    def send(method: str, address: str, pk: int, **body) -> dict:
        answer = getattr(client, method)(
            reverse(f"api:{address}", args=[pk]), body, content_type="application/json"
        )
        return answer.json()

    sheet = send("post", "case-term-sheets", case.pk)
    saved = send(
        "put", "term-sheet", sheet["id"], revision=1, base_rate="4.2", add_on=30, covenants=["DSCR 1.2"]
    )
    assert (saved["rate"], saved["departures"], saved["status"]) == ("4.500", [], "draft")
    form = {"revision": 2, "amount": "9,000,000", "valid_until": saved["valid_until"], "base_rate": "4"}
    form |= {
        "add_on": 30,
        "tenor_months": 24,
        "fee": "0.5",
        "cover": "62.5",
        "covenants": "DSCR 1.2\n\nNo dividends",
    }
    page = reverse("funnel:term-sheet", args=[sheet["id"]])
    assert client.post(page, {**form, "tenor_months": 0}).status_code == 422
    client.post(page, form)
    told = send("post", "term-sheet-submit", sheet["id"], revision=3)
    assert (told["status"], told["cover"], told["covenants"]) == (
        "issued",
        6250,
        ["DSCR 1.2", "No dividends"],
    )
    for address in ("funnel:term-sheet-pdf", "api:term-sheet-pdf"):
        assert client.get(reverse(address, args=[sheet["id"]])).content.startswith(b"%PDF")
    shown = client.get(reverse("funnel:case", args=[case.pk])).content.decode()
    assert "4.3 %" in shown
    assert [one["number"] for one in client.get(reverse("api:case-term-sheets", args=[case.pk])).json()] == [
        1
    ]
    assert "Issued on" in client.get(page).content.decode()


@pytest.mark.django_db
def test_programs_set_team_co_lenders_and_plans(client):
    case = make_case()
    colleague = make_user(team=case.client.team)
    check = CheckItem.objects.create(case=case, name_en="Site visit")
    client.force_login(case.client.rm)

    def send(method: str, address: str, pk: int, **body) -> dict:
        return getattr(client, method)(
            reverse(f"api:{address}", args=[pk]), body, content_type="application/json"
        ).json()

    assert send("put", "case-team", case.pk, people=[make_user().pk])["code"] == "invalid"
    assert send("put", "case-team", case.pk, people=[colleague.pk])["team"][0]["id"] == colleague.pk
    (lender,) = send("post", "case-co-lenders", case.pk, name="Bank of Linjiang", amount="5")["co_lenders"]
    assert send("delete", "co-lender", lender["id"])["co_lenders"] == []
    planned = send("post", "check-plan", check.pk, revision=1, owner=colleague.pk, due_on="2026-12-01")
    assert planned["checks"][0]["due_on"] == "2026-12-01"
