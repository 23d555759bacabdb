"""Moving financing cases through their pipeline, one or many, and letting gates be passed that are not met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from crm.errors import DomainError, NotPermitted
from crm.formats import listed, localized, moment
from crm.models import User
from funnel.errors import (
    AlreadyThere,
    CaseClosed,
    CaseDissolved,
    GateNotMet,
    MovedMeanwhile,
    NothingToWaive,
    NotTheHolder,
    OtherPipeline,
    PartyToTheCase,
    ReasonMissing,
    StageRetired,
    UnknownReason,
)
from funnel.models import Case, ClosingReason, GateWaiver, Stage, StageMove
from funnel.selectors.approvals import is_party
from funnel.selectors.gates import on_the_way, requirements, requirements_of, stages_between
from funnel.selectors.tiers import tiers_in_force
from funnel.services.cases import check_standing
from funnel.services.metrics import feed


def move_case(
    *, case: Case, to_stage: Stage, version: int, moved_by: User, comment: str = "", reason: str = ""
) -> Case:
    """Move a case that is still at `version`, forwards or back, and record the step with tier and amount.

    Going forwards, the gates of every stage on the way must be met, so that none can be jumped. Leaving a closed stage
    means reopening into the first one. Entering a closed stage that has reasons takes the key of one of them; declining
    into one without, and reopening, take a comment. Both are asked for last: who is asked for one can move the case.

    Raises NotTheHolder, CaseDissolved, MovedMeanwhile, OtherPipeline, StageRetired, AlreadyThere, CaseClosed, GateNotMet
    with all that is missing, ReasonMissing or UnknownReason.
    """
    (moved,) = _move([_Wish(case.pk, version, to_stage)], _Act(moved_by, comment.strip(), reason))
    if moved.error:
        raise moved.error
    return moved.case


@dataclass(frozen=True)
class Moved:
    """How the move of one of many cases ended: `error` None where it was made."""

    case: Case
    error: DomainError | None


def move_cases(
    *, cases: Iterable[tuple[Case, int]], to_stage: str, moved_by: User, comment: str = "", reason: str = ""
) -> list[Moved]:
    """Move each case, from the version that was seen, to the stage of that key in its own pipeline; each for itself, so
    that what one lacks keeps no other. As many queries as for one."""
    cases = list(cases)
    pipelines = {case.stage.pipeline_id for case, _version in cases}
    found = {stage.pipeline_id: stage for stage in Stage.objects.filter(key=to_stage, pipeline__in=pipelines)}
    wishes = [
        _Wish(case.pk, version, found[case.stage.pipeline_id])
        for case, version in cases
        if case.stage.pipeline_id in found
    ]
    moved = {one.case: one for one in _move(wishes, _Act(moved_by, comment.strip(), reason))}
    elsewhere = OtherPipeline(stage=to_stage)
    return [moved.get(case) or Moved(case, elsewhere) for case, _version in cases]


@transaction.atomic
def waive_gates(*, case: Case, to_stage: Stage, reason: str, by: User) -> list[GateWaiver]:
    """Let a case pass the gates on its way to a stage that it does not meet now; who moves it is somebody else.

    Raises NotPermitted, CaseDissolved, PartyToTheCase, OtherPipeline, ReasonMissing, NothingToWaive.
    """
    if not by.has_perm("funnel.waive_gates"):
        raise NotPermitted
    case = Case.objects.select_for_update().get(pk=case.pk)
    check_standing(case)
    if is_party(by, case):
        raise PartyToTheCase
    if to_stage.pipeline_id != case.stage.pipeline_id:
        raise OtherPipeline(stage=str(to_stage))
    if not reason.strip():
        raise ReasonMissing(origin=str(case.stage), stage=str(to_stage))
    barred: dict[int, dict[int, None]] = defaultdict(dict)
    for requirement in requirements(case, stages_between(case.stage, to_stage), by):
        if requirement.bars:
            barred[requirement.gate.stage_id][requirement.gate.pk] = None
    if not barred:
        raise NothingToWaive(stage=str(to_stage))
    return [
        GateWaiver.objects.create(case=case, stage_id=stage, gates=list(gates), reason=reason.strip(), by=by)
        for stage, gates in barred.items()
    ]


@dataclass(frozen=True)
class _Act:
    """Who moves, and what they say of it."""

    by: User
    comment: str
    reason: str


@dataclass(frozen=True)
class _Wish:
    """Where a case is to go, from the version that was seen."""

    case: int
    version: int
    to_stage: Stage


@dataclass(frozen=True)
class _Step:
    """The same of the case as it is now, locked; `stages` are all of its pipeline in their order."""

    case: Case
    seen: int
    to_stage: Stage
    stages: Sequence[Stage]


Refused = Iterator[tuple[_Step, DomainError]]


@transaction.atomic
def _move(wishes: Iterable[_Wish], act: _Act) -> list[Moved]:
    """Every check is asked of those that passed the ones before it, of all of them at once."""
    steps = _locked(wishes)
    refused: dict[Case, DomainError] = {}
    for check in (_not_held, _overtaken, _astray, _barred, _unreasoned):
        left = [step for step in steps if step.case not in refused]
        refused |= {step.case: error for step, error in check(left, act)}
    _record([step for step in steps if step.case not in refused], act)
    return [Moved(step.case, refused.get(step.case)) for step in steps]


def _locked(wishes: Iterable[_Wish]) -> list[_Step]:
    """In one order, so that two who move the same cases do not wait for each other."""
    asked = {wish.case: wish for wish in wishes}
    # Without joins: a row joined by its old stage would be lost once a waiting lock gives way to a move.
    rows = Case.objects.select_for_update().filter(pk__in=asked).order_by("pk")
    cases = list(rows.prefetch_related("client"))
    own = Stage.objects.filter(pk__in={case.stage_id for case in cases}).values("pipeline")
    stages = {stage.pk: stage for stage in Stage.objects.filter(pipeline__in=own)}
    by_pipeline: dict[int, list[Stage]] = defaultdict(list)
    for stage in stages.values():
        by_pipeline[stage.pipeline_id].append(stage)
    steps = []
    for case in cases:
        case.stage = stages[case.stage_id]
        wish = asked[case.pk]
        steps.append(_Step(case, wish.version, wish.to_stage, by_pipeline[case.stage.pipeline_id]))
    return steps


def _record(steps: Sequence[_Step], act: _Act) -> None:
    tiers = tiers_in_force(step.case.client_id for step in steps)
    moves = StageMove.objects.bulk_create(
        StageMove(
            case=step.case,
            from_stage=step.case.stage,
            to_stage=step.to_stage,
            tier=tiers.get(step.case.client_id),
            amount=step.case.amount,
            moved_by=act.by,
            comment=act.comment,
            reason=act.reason,
        )
        for step in steps
    )
    entered: dict[Stage, list[int]] = defaultdict(list)
    for step, move in zip(steps, moves, strict=True):
        case = step.case
        case.stage, case.entered_stage_at = step.to_stage, move.moved_at
        case.version, case.reason = step.seen + 1, act.reason
        entered[step.to_stage].append(case.pk)
    for stage, cases in entered.items():
        Case.objects.filter(pk__in=cases).update(
            stage=stage, entered_stage_at=moves[0].moved_at, version=F("version") + 1, reason=act.reason
        )
    if steps:
        feed(day=timezone.localdate(), clients={step.case.client_id for step in steps})


def _not_held(steps: Iterable[_Step], act: _Act) -> Refused:
    for step in steps:
        if not act.by.has_perm("funnel.move_case", step.case.client):
            yield step, NotTheHolder(client=step.case.client.name)
        elif step.case.dissolved_by_id:
            yield step, CaseDissolved(case=step.case.code)


def _overtaken(steps: Iterable[_Step], act: _Act) -> Refused:
    late = [step for step in steps if step.case.version != step.seen]
    moves = StageMove.objects.filter(case__in=[step.case for step in late]).order_by("case", "-pk")
    last = {move.case_id: move.moved_by for move in moves.distinct("case").select_related("moved_by")}
    for step in late:
        case = step.case
        who, when = localized(last.get(case.pk) or case.opened_by), moment(case.entered_stage_at)
        yield step, MovedMeanwhile(who=who, stage=str(case.stage), when=when)


def _astray(steps: Iterable[_Step], act: _Act) -> Refused:
    for step in steps:
        origin, to_stage = step.case.stage, step.to_stage
        first = next((stage for stage in step.stages if not stage.is_retired), None)
        if to_stage.pipeline_id != origin.pipeline_id:
            yield step, OtherPipeline(stage=str(to_stage))
        elif to_stage.is_retired:
            yield step, StageRetired(stage=str(to_stage))
        elif to_stage.pk == origin.pk:
            yield step, AlreadyThere(stage=str(to_stage))
        elif origin.is_closed and to_stage != first:
            yield step, CaseClosed(stage=str(origin), first=str(first))


def _barred(steps: Iterable[_Step], act: _Act) -> Refused:
    steps = list(steps)
    ways = {step.case: on_the_way(step.case.stage, step.to_stage, step.stages) for step in steps}
    asked = requirements_of(ways, act.by)
    for step in steps:
        missing = [one.missing for one in asked[step.case] if one.missing and not one.is_waived]
        if missing:
            yield step, GateNotMet(missing)


def _unreasoned(steps: Iterable[_Step], act: _Act) -> Refused:
    offering = {step.to_stage for step in steps if act.reason or step.to_stage.outcome == Stage.Outcome.LOST}
    offered: dict[int, dict[str, str]] = defaultdict(dict)
    for one in ClosingReason.objects.filter(stage__in=offering, is_retired=False):
        offered[one.stage_id][one.key] = str(one)
    for step in steps:
        known, declined = offered[step.to_stage.pk], step.to_stage.outcome == Stage.Outcome.LOST
        if act.reason and act.reason not in known:
            yield step, UnknownReason(stage=str(step.to_stage), known=listed(known))
        elif (declined and known and not act.reason) or (
            not act.comment and (step.case.stage.is_closed or (declined and not known))
        ):
            yield step, ReasonMissing(origin=str(step.case.stage), stage=str(step.to_stage))
