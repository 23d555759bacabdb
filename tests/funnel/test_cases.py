"""Opening and moving cases: what is recorded, and what is refused with which reason."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db.utils import InternalError
from django.utils import timezone, translation

from crm.models import Facility, Participation, Role
from funnel import errors
from funnel.models import Case, StageMove
from funnel.services.cases import open_case
from funnel.services.moves import move_case
from tests.at_once import at_once
from tests.factories import make_client, make_project, make_user
from tests.funnel.making import assess_again, make_case, make_gated_pipeline, put_in_tier, stage_of


def move(case: Case, stage: str, **given) -> Case:
    defaults = {"version": case.version, "moved_by": case.client.rm}
    return move_case(case=case, to_stage=stage_of(case.stage.pipeline, stage), **{**defaults, **given})


@pytest.mark.django_db
def test_opening_puts_the_case_in_the_first_stage_and_records_the_tier():
    case = make_case(tier="AA")
    first = case.moves.get()
    assert case.stage.key == "initial_identification"
    assert (first.from_stage, first.to_stage, first.tier.key) == (None, case.stage, "AA")
    assert case.code == f"FC{case.pk:06}"


@pytest.mark.django_db
def test_opening_for_a_client_of_another_book_is_refused():
    colleague = make_user()
    client = make_client(rm=make_user(team=colleague.team))
    with pytest.raises(errors.NotTheHolder, match=client.name_zh):
        open_case(client=client, product="term_loan", amount=Decimal(1), opened_by=colleague)


@pytest.mark.django_db
def test_opening_for_a_project_of_others_is_refused():
    with pytest.raises(errors.ProjectOfOthers):
        make_case(project=make_project())


@pytest.mark.django_db
def test_opening_for_a_project_of_the_client_keeps_it():
    rm = make_user()
    client, project = make_client(rm=rm), make_project()
    Participation.objects.create(client=client, project=project)
    assert make_case(rm, client=client, project=project).project == project


@pytest.mark.django_db
def test_opening_with_nothing_to_finance_is_refused():
    with pytest.raises(errors.AmountNotPositive):
        make_case(amount=Decimal(0))


@pytest.mark.django_db
def test_moving_records_who_where_and_the_tier_at_that_time():
    case = make_case(tier="B")
    entered = case.entered_stage_at
    moved = move(case, "preliminary_assessment", comment="  met the owner ")
    step = moved.moves.last()
    put_in_tier(case.client, "AA")
    assert moved.version == 2
    assert moved.entered_stage_at >= entered
    assert (step.from_stage.key, step.to_stage.key) == ("initial_identification", "preliminary_assessment")
    assert (step.moved_by, step.tier.key, step.comment) == (case.client.rm, "B", "met the owner")


@pytest.mark.django_db
@pytest.mark.parametrize("tier", ["AA", "A"])
def test_moving_through_a_gate_with_the_minimum_tier_is_accepted(tier):
    case = make_case(stage="preliminary_assessment", tier=tier)
    assert move(case, "due_diligence").stage.key == "due_diligence"


@pytest.mark.django_db
def test_moving_through_a_gate_with_a_lower_tier_is_refused_and_says_which_it_takes():
    case = make_case(stage="preliminary_assessment", tier="B")
    with pytest.raises(
        errors.GateNotMet, match=r"“Due diligence” takes tier A or better, and .* is in tier B"
    ):
        move(case, "due_diligence")


@pytest.mark.django_db
def test_moving_through_a_gate_without_a_tier_is_refused():
    case = make_case(stage="preliminary_assessment")
    with pytest.raises(errors.GateNotMet, match="has no tier yet"):
        move(case, "due_diligence")


@pytest.mark.django_db
def test_moving_through_a_gate_on_a_provisional_tier_is_refused():
    case = make_case(stage="preliminary_assessment")
    put_in_tier(case.client, "AA", provisional=True)
    with pytest.raises(errors.GateNotMet, match="is provisional"):
        move(case, "due_diligence")


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "since"), [(True, False), (False, True)])
def test_gate_asks_whether_the_tier_is_provisional_now(first, since):
    """A tier stays in force while newer facts renew the assessment that supports it."""
    case = make_case(stage="preliminary_assessment")
    put_in_tier(case.client, "AA", provisional=first)
    assess_again(case.client, provisional=since)
    if since:
        with pytest.raises(errors.GateNotMet):
            move(case, "due_diligence")
    else:
        assert move(case, "due_diligence").stage.key == "due_diligence"


@pytest.mark.django_db
def test_a_gate_cannot_be_jumped():
    case = make_case(tier="B")
    with pytest.raises(errors.GateNotMet):
        move(case, "approved")


@pytest.mark.django_db
def test_moving_back_asks_for_no_gate_and_is_recorded():
    case = make_case(stage="due_diligence", tier="B")
    moved = move(case, "preliminary_assessment")
    assert moved.moves.last().to_stage.key == "preliminary_assessment"


@pytest.mark.django_db
def test_declining_takes_a_reason():
    case = make_case()
    with pytest.raises(errors.ReasonMissing):
        move(case, "declined", comment="no collateral")
    with pytest.raises(errors.UnknownReason, match="collateral"):
        move(case, "declined", reason="whim")
    declined = move(case, "declined", reason="collateral")
    assert (declined.stage.key, declined.reason) == ("declined", "collateral")
    assert declined.moves.last().reason == "collateral"


@pytest.mark.django_db
@pytest.mark.parametrize("closed", ["approved", "declined"])
def test_a_closed_case_moves_nowhere_but_to_the_first_stage(closed):
    case = make_case(stage=closed, tier="AA")
    with pytest.raises(errors.CaseClosed, match="Initial identification"):
        move(case, "due_diligence", comment="again")


@pytest.mark.django_db
def test_reopening_takes_a_reason():
    case = make_case(stage="declined")
    with pytest.raises(errors.ReasonMissing):
        move(case, "initial_identification")
    assert move(case, "initial_identification", comment="new guarantor").stage.key == "initial_identification"


@pytest.mark.django_db
def test_moving_to_where_it_is_or_to_another_funnel_is_refused():
    case = make_case()
    other = make_gated_pipeline()
    other.pk, other.key = None, "other"
    other.save()
    foreign = other.stages.create(key="start", name_en="Start", position=0)
    with pytest.raises(errors.AlreadyThere):
        move(case, "initial_identification")
    with pytest.raises(errors.OtherPipeline):
        move_case(case=case, to_stage=foreign, version=1, moved_by=case.client.rm)


@pytest.mark.django_db
def test_moving_is_for_the_manager_of_the_client_and_the_lead_of_the_team():
    case = make_case()
    team = case.client.team
    for stranger in (make_user(team=team), make_user(Role.TEAM_LEAD), make_user(Role.AUDITOR)):
        with pytest.raises(errors.NotTheHolder):
            move(case, "preliminary_assessment", moved_by=stranger)
    lead = make_user(Role.TEAM_LEAD, team=team)
    assert move(case, "preliminary_assessment", moved_by=lead).moves.last().moved_by == lead


@pytest.mark.django_db
def test_moving_from_an_outdated_view_says_who_moved_it_where_and_when():
    case = make_case()
    case.client.rm.name = "Mei Lin"
    case.client.rm.save()
    move(case, "preliminary_assessment")
    with pytest.raises(
        errors.MovedMeanwhile, match=r"Mei Lin moved this case to “Preliminary assessment” on \d+ \w+"
    ):
        move(case, "due_diligence", version=1)


@pytest.mark.django_db
def test_a_refusal_speaks_the_readers_language():
    case = make_case(stage="preliminary_assessment", tier="B")
    with translation.override("zh-hans"), pytest.raises(errors.GateNotMet) as refused:
        move(case, "due_diligence")
    assert "尽职调查" in str(refused.value)


@pytest.mark.django_db(transaction=True)
def test_of_two_moves_at_once_one_is_made_and_the_other_hears_of_it():
    case = make_case(tier="AA")

    def attempt(stage: str) -> Case:
        read = Case.objects.select_related("client__rm", "stage__pipeline").get(pk=case.pk)
        return move(read, stage, version=1)

    outcomes = at_once(*(partial(attempt, stage) for stage in ("preliminary_assessment", "due_diligence")))
    case.refresh_from_db()
    assert {type(outcome) for outcome in outcomes} == {Case, errors.MovedMeanwhile}
    assert case.version == 2
    assert case.moves.last().to_stage == case.stage


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_history_of_moves_is_append_only(act):
    step = StageMove.objects.filter(pk=make_case().moves.get().pk)
    with pytest.raises(InternalError, match="append_only"):
        step.update(comment="never happened") if act == "update" else step.delete()


@pytest.mark.django_db
def test_days_in_a_stage_count_against_its_limit():
    case = make_case(product=Facility.Product.LEASE)
    limit = case.stage.limit_days
    for days, late in ((limit, False), (limit + 1, True)):
        Case.objects.filter(pk=case.pk).update(entered_stage_at=timezone.now() - timedelta(days=days))
        case.refresh_from_db()
        assert (case.days_in_stage, case.is_late) == (days, late)
        assert Case.objects.late(timezone.localdate()).exists() is late
