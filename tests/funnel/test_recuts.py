"""Cases split into parts, merged, and what either leaves of figures, work and history."""

from datetime import timedelta
from decimal import Decimal

import pgtrigger
import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Role, User
from funnel import errors
from funnel.models import Case, CheckItem, Pipeline, Recut
from funnel.selectors.figures.conversion import amounts, conversion
from funnel.selectors.figures.durations import stays, to_the_end
from funnel.selectors.figures.outcomes import outcomes, overall
from funnel.selectors.figures.selection import Selection
from funnel.selectors.lineage import documents_of, together
from funnel.services.cases import add_co_lender, edit_case, set_team
from funnel.services.moves import move_case
from funnel.services.recuts import Part, merge_case, shared_out, split_case, undo_recut
from tests.factories import make_client, make_user
from tests.funnel.making import make_case, stage_of

pytestmark = pytest.mark.django_db


def worked(rm: User | None = None, **given) -> Case:
    """A case in its second stage, ten days old and five of them there."""
    case = make_case(rm, tier="A", **given)
    now = timezone.now()
    preliminary = stage_of(case.stage.pipeline, "preliminary_assessment")
    case = move_case(case=case, to_stage=preliminary, version=1, moved_by=case.client.rm)
    with pgtrigger.ignore("funnel.StageMove:append_only"):
        for move, days in zip(case.moves.order_by("pk"), (10, 5), strict=True):
            move.moved_at = now - timedelta(days=days)
            move.save(update_fields=["moved_at"])
    Case.objects.filter(pk=case.pk).update(
        created_at=now - timedelta(days=10), entered_stage_at=now - timedelta(days=5)
    )
    case.refresh_from_db()
    return case


def split(case: Case, *amounts: int, **given) -> Recut:
    defaults = {
        "parts": [Part(Decimal(amount)) for amount in amounts],
        "version": case.version,
        "revision": case.revision,
        "reason": "Two plants",
        "by": case.client.rm,
    }
    return split_case(case=case, **{**defaults, **given})


def merge(case: Case, into: Case, amount: int, **given) -> Recut:
    seen = {"seen": (case.version, case.revision), "seen_into": (into.version, into.revision)}
    defaults = {**seen, "reason": "One plant", "by": into.client.rm}
    return merge_case(case=case, into=into, amount=Decimal(amount), **{**defaults, **given})


def figures(pipeline: Pipeline) -> list:
    """Every count, sum and number of days."""
    selection = Selection(
        user=make_user(Role.AUDITOR), pipeline=pipeline, as_of=timezone.now(), currency="CNY"
    )
    told = conversion(selection)
    return [
        [(step.entered, step.reached, step.went_on, step.waiting) for step in told.steps],
        (told.cases, told.won, told.lost),
        amounts(selection),
        [(stay.duration.ended, stay.duration.open, stay.duration.mean) for stay in stays(selection)],
        [(one.ended, one.open, one.curve) for one in to_the_end(selection)],
        overall(selection),
        outcomes(selection, "tier"),
    ]


def test_parts_come_to_the_amount_to_the_cent_and_have_come_the_whole_way():
    case = worked(amount=Decimal("100.01"))
    recut = split(case, parts=[Part(Decimal("33.34"), purpose="North"), Part(Decimal("66.67"))])
    north, rest = recut.parts.order_by("pk")
    assert (north.amount + rest.amount, north.purpose) == (Decimal("100.01"), "North")
    assert (north.stage, north.entered_stage_at, north.created_at) == (
        case.stage, case.entered_stage_at, case.created_at,
    )  # fmt: skip
    told = [
        [(step.to_stage_id, step.moved_at, step.tier_id) for step in one.moves.order_by("pk")]
        for one in (case, north, rest)
    ]
    assert told[0] == told[1] == told[2]
    assert [step.amount for step in north.moves.all()] == [north.amount] * 2
    case.refresh_from_db()
    assert case.dissolved_by == recut


def test_a_step_whose_amount_was_another_is_shared_out_without_a_cent_lost():
    assert shared_out(Decimal("0.05"), [1, 1, 1]) == [Decimal("0.01"), Decimal("0.01"), Decimal("0.03")]
    large = Decimal("999999999999999999.99")
    assert sum(shared_out(large, [7, 11, 13])) == large


def test_figures_count_the_parts_each_with_its_days_and_the_sums_stay():
    case = worked(amount=Decimal(100))
    pipeline = case.stage.pipeline
    before = figures(pipeline)
    recut = split(case, 60, 40)
    after = figures(pipeline)
    assert [entered for entered, *_ in after[0]] == [2 * entered for entered, *_ in before[0]]
    assert after[2] == {stage: (2 * cases, total) for stage, (cases, total) in before[2].items()}
    assert [mean for *_, mean in after[3]] == [mean for *_, mean in before[3]]
    assert (after[5].cases, after[5].open_amount) == (2, before[5].open_amount)
    won, lost = recut.parts.order_by("pk")
    move_case(
        case=lost, to_stage=stage_of(pipeline, "declined"), version=2, moved_by=case.client.rm, reason="terms"
    )
    move_case(case=won, to_stage=stage_of(pipeline, "approved"), version=2, moved_by=case.client.rm)
    ended = figures(pipeline)[5]
    assert (ended.won, ended.lost, ended.win_rate, ended.won_amount, ended.days) == (1, 1, 0.5, 60, 10)


def test_taking_a_split_back_leaves_every_figure_as_it_was():
    case = worked(amount=Decimal(100))
    pipeline, rm = case.stage.pipeline, case.client.rm
    before = figures(pipeline)
    recut = split(case, 60, 40)
    assert figures(pipeline) != before
    with pytest.raises(errors.RecutReasonMissing):
        undo_recut(recut=recut, reason=" ", by=rm)
    undo_recut(recut=recut, reason="One contract after all", by=rm)
    assert figures(pipeline) == before
    case.refresh_from_db()
    edit_case(case=case, revision=1, by=rm, details={"next_step": "Go on"})
    with pytest.raises(errors.RecutUndone):
        undo_recut(recut=recut, reason="Again", by=rm)
    with pytest.raises(errors.CaseDissolved, match=recut.parts.first().code):
        edit_case(case=recut.parts.first(), revision=1, by=rm, details={})


def test_a_merged_case_counts_no_more_and_again_once_it_is_taken_back():
    rm = make_user()
    owner = make_client(rm=rm)
    stays_, goes = worked(rm, client=owner, amount=Decimal(70)), worked(rm, client=owner, amount=Decimal(30))
    CheckItem.objects.create(case=goes, name_en="Site visit")
    add_co_lender(case=goes, name="Bank of Linjiang", amount=Decimal(5), by=rm)
    set_team(case=goes, people=[make_user(team=rm.team)], by=rm)
    pipeline = goes.stage.pipeline
    before = figures(pipeline)
    assert together(goes, stays_) == Decimal(100)
    recut = merge(goes, stays_, 100)
    after = figures(pipeline)
    assert (before[5].cases, after[5].cases) == (2, 1)
    assert (before[5].open_amount, after[5].open_amount) == (100, 100)
    stays_.refresh_from_db()
    assert (stays_.revision, stays_.checks.get().name_en, stays_.co_lenders.get().amount) == (
        2,
        "Site visit",
        5,
    )
    assert stays_.team.count() == 1
    undo_recut(recut=recut, reason="Two after all", by=rm)
    assert figures(pipeline) == before
    assert not stays_.checks.exists()


def test_what_somebody_went_on_with_is_not_taken_back():
    case = worked(amount=Decimal(100))
    rm = case.client.rm
    recut = split(case, 60, 40)
    part = recut.parts.first()
    edit_case(case=part, revision=1, by=rm, details={"next_step": "Go on"})
    with pytest.raises(errors.RecutWentOn, match=part.code):
        undo_recut(recut=recut, reason="x", by=rm)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"parts": [Part(Decimal(100))]}, errors.PartsMissing),
        ({"parts": [Part(Decimal(60)), Part(Decimal(39))]}, errors.PartsDoNotAddUp),
        ({"parts": [Part(Decimal(101)), Part(Decimal(-1))]}, errors.AmountNotPositive),
        ({"reason": "  "}, errors.RecutReasonMissing),
        ({"version": 9}, errors.EditedMeanwhile),
        ({"revision": 9}, errors.EditedMeanwhile),
    ],
)
def test_a_split_that_makes_no_sense_changes_nothing(given, error):
    case = make_case(amount=Decimal(100))
    with pytest.raises(error):
        split(case, 60, 40, **given)
    assert list(Case.objects.values_list("pk", "dissolved_by")) == [(case.pk, None)]


def test_cases_that_are_not_alike_are_not_merged_and_nobody_else_does_it():
    case = make_case(amount=Decimal(100))
    with pytest.raises(errors.NotTheHolder):
        split(case, 60, 40, by=make_user(team=case.client.team))
    other = make_case(case.client.rm)
    with pytest.raises(errors.NotAlike):
        merge(other, case, 100)
    with pytest.raises(errors.NotAlike):
        merge(case, case, 100)


def test_parts_see_the_documents_and_are_asked_for_approvals_anew():
    case = worked(amount=Decimal(100))
    CheckItem.objects.create(case=case, name_en="Site visit")
    paper = case.documents.model(case=case, kind="statements", added_by=case.client.rm)
    paper.attachment_id = attached(case)
    paper.save()
    recut = split(case, 60, 40)
    for part in recut.parts.all():
        assert [one.kind for one in documents_of(part)] == ["statements"]
        assert part.checks.get().name_en == "Site visit"
        assert not part.approvals.exists()


def attached(case: Case) -> int:
    from django.core.files.base import ContentFile

    from crm.services.attachments import attach

    return attach(file=ContentFile(b"a,b\n1,2\n", name="a.csv"), client=case.client, by=case.client.rm).pk


def test_the_page_shows_what_comes_of_a_split_before_it_is_made_and_takes_it_back(client):
    case = worked(amount=Decimal(100))
    client.force_login(case.client.rm)
    page = reverse("funnel:split-case", args=[case.pk])
    rows = {"form-0-amount": "60", "form-1-amount": "30", "form-1-purpose": "South"}
    body = {
        "version": 2,
        "revision": 1,
        "reason": "Two plants",
        "form-TOTAL_FORMS": 3,
        "form-INITIAL_FORMS": 0,
    }
    short = client.post(page, {**body, **rows, "act": "preview"})
    assert "Still to be shared out: 10.00" in short.content.decode()
    whole = {**body, **rows, "form-1-amount": "40"}
    preview = client.post(page, {**whole, "act": "preview"})
    assert "2 steps" in preview.content.decode()
    sent = {"act": "split", "shown": preview.context["shown"]}
    other = {**whole, "form-0-amount": "40", "form-1-amount": "60"}
    assert "What comes of it" in client.post(page, {**other, **sent}).content.decode()
    assert not Recut.objects.exists()
    client.post(page, {**whole, **sent})
    recut = Recut.objects.get()
    assert [part.purpose for part in recut.parts.order_by("pk")] == ["", "South"]
    assert client.get(page).status_code == 404
    board = client.get(reverse("funnel:board")).content.decode()
    assert case.code not in board
    assert board.count("data-move-url") == 2
    client.post(reverse("funnel:undo-recut", args=[recut.pk]), {"reason": "One after all"})
    told = client.get(reverse("funnel:case", args=[case.pk])).content.decode()
    assert "taken back" in told
    assert "One after all" in told


def test_the_page_merges_what_it_showed_as_long_as_nobody_was_faster(client):
    rm = make_user()
    owner = make_client(rm=rm)
    into, goes = (
        make_case(rm, client=owner, amount=Decimal(70)),
        make_case(rm, client=owner, amount=Decimal(30)),
    )
    client.force_login(rm)
    page = reverse("funnel:merge-case", args=[goes.pk])
    body = {"version": 1, "revision": 1, "into": into.pk, "reason": "One plant"}
    preview = client.post(page, {**body, "act": "preview"})
    assert preview.context["amount"] == Decimal(100)
    sent = {**body, "act": "merge", "shown": preview.context["shown"], "into_version": 1, "into_revision": 1}
    client.post(page, {**sent, "amount": "90"})
    assert not Recut.objects.exists()
    edit_case(case=into, revision=1, by=rm, details={"next_step": "Call"})
    late = client.post(page, sent)
    assert (late.status_code, Recut.objects.count()) == (409, 0)
    assert client.post(page, {**sent, "into_revision": 2}).url == reverse("funnel:case", args=[into.pk])
    into.refresh_from_db()
    assert (into.amount, client.get(reverse("funnel:list")).context["cards"][0].case) == (Decimal(100), into)
    assert client.get(reverse("funnel:merge-case", args=[into.pk])).context["has_others"] is False


def test_others_hear_of_a_split_on_their_board(client):
    case = make_case(amount=Decimal(100))
    client.force_login(make_user(Role.TEAM_LEAD, team=case.client.team))
    board = client.get(reverse("funnel:board")).context
    split(case, 60, 40)
    asked = {"since": board["since"], "recut": board["recut"]}
    news = client.get(reverse("funnel:news"), asked).json()
    assert news["texts"] == [f"{case.client.rm.name} split {case.code}."]
    again = client.get(reverse("funnel:news"), {**asked, "recut": news["recut"]}).json()
    assert again == {"since": 0, "recut": 0, "texts": []}


def test_programs_split_merge_and_take_back(client):
    case = worked(amount=Decimal(100))
    client.force_login(case.client.rm)

    def post(name: str, pk: int, **body) -> dict:
        answer = client.post(reverse(f"api:{name}", args=[pk]), body, content_type="application/json")
        return {"status": answer.status_code, **answer.json()}

    parts = [{"amount": "60"}, {"amount": "40"}]
    refused = post("case-split", case.pk, version=2, revision=1, parts=parts[:1] * 2, reason="x")
    assert (refused["status"], refused["code"]) == (400, "parts_do_not_add_up")
    made = post("case-split", case.pk, version=2, revision=1, parts=parts, reason="Two plants")
    one, two = Case.objects.filter(made_by=made["id"]).order_by("pk")
    assert (made["status"], made["parts"]) == (201, [one.code, two.code])
    (choice,) = client.get(reverse("api:case-merge", args=[two.pk])).json()
    assert (choice["case"]["code"], choice["together"]) == (one.code, "100.00")
    seen = {"version": 2, "revision": 1, "into": one.pk, "into_version": 2, "into_revision": 1}
    merged = post("case-merge", two.pk, **seen, reason="One plant")
    assert (merged["status"], merged["dissolved"]) == (201, [two.code])
    again = post("case-merge", two.pk, **seen, reason="One plant")
    assert (again["status"], again["code"]) == (409, "case_dissolved")
    listed = client.get(reverse("api:case-list")).json()["results"]
    assert [row["amount"] for row in listed] == ["100.00"]
    told = client.get(reverse("api:case-detail", args=[one.pk])).json()
    assert [recut["kind"] for recut in told["recuts"]] == ["merge", "split"]
    assert (told["policy"], told["approvals_asked"], len(told["steps"])) == (None, [], 2)
    assert post("recut-undo", merged["id"], reason="Two")["undone_because"] == "Two"
