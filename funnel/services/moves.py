"""Moving financing cases through their pipeline, one or many, and letting gates be passed that are not met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from crm.errors import DomainError, NotPermitted
from crm.formats import listed, localized, moment
from crm.models import User
from funnel.errors import (
    AlreadyThere,
    CaseClosed,
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
from funnel.models import Case, GateWaiver, Stage, StageMove
from funnel.selectors.approvals import is_party
from funnel.selectors.gates import requirements, stages_between
from funnel.selectors.pipelines import first_stage
from funnel.selectors.tiers import primary_tier
from funnel.services.cases import check_standing
from funnel.services.metrics import feed


@transaction.atomic
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
    # Without joins: a row joined by its old stage would be lost once a waiting lock gives way to a move.
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not moved_by.has_perm("funnel.move_case", case.client):
        raise NotTheHolder(client=case.client.name)
    check_standing(case)
    if case.version != version:
        raise _moved_meanwhile(case)
    comment = comment.strip()
    _check_way(case, to_stage)
    _check_gates(case, to_stage, moved_by)
    _check_reason(case, to_stage, reason, comment)
    step = StageMove.objects.create(
        case=case,
        from_stage=case.stage,
        to_stage=to_stage,
        tier=primary_tier(case.client),
        amount=case.amount,
        moved_by=moved_by,
        comment=comment,
        reason=reason,
    )
    case.stage, case.entered_stage_at = to_stage, step.moved_at
    case.version, case.reason = version + 1, reason
    case.save(update_fields=["stage", "entered_stage_at", "version", "reason"])
    feed(day=timezone.localdate(), clients=[case.client_id])
    return case


@dataclass(frozen=True)
class Moved:
    """How the move of one of many cases ended: `error` None where it was made."""

    case: Case
    error: DomainError | None


def move_cases(
    *, cases: Iterable[tuple[Case, int]], to_stage: str, moved_by: User, comment: str = "", reason: str = ""
) -> list[Moved]:
    """Move each case, from the version that was seen, to the stage of that key in its own pipeline; each for itself."""
    outcomes = []
    for case, version in cases:
        stage = case.stage.pipeline.stages.filter(key=to_stage).first()
        try:
            if stage is None:
                raise OtherPipeline(stage=to_stage)
            move_case(
                case=case, to_stage=stage, version=version, moved_by=moved_by, comment=comment, reason=reason
            )
        except DomainError as error:
            outcomes.append(Moved(case, error))
        else:
            outcomes.append(Moved(case, None))
    return outcomes


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


def _check_way(case: Case, to_stage: Stage) -> None:
    origin = case.stage
    if to_stage.pipeline_id != origin.pipeline_id:
        raise OtherPipeline(stage=str(to_stage))
    if to_stage.is_retired:
        raise StageRetired(stage=str(to_stage))
    if to_stage.pk == origin.pk:
        raise AlreadyThere(stage=str(to_stage))
    if origin.is_closed:
        first = first_stage(origin.pipeline)
        if to_stage.pk != first.pk:
            raise CaseClosed(stage=str(origin), first=str(first))


def _check_gates(case: Case, to_stage: Stage, mover: User) -> None:
    asked = requirements(case, stages_between(case.stage, to_stage), mover)
    missing = [one.missing for one in asked if one.missing and not one.is_waived]
    if missing:
        raise GateNotMet(missing)


def _check_reason(case: Case, to_stage: Stage, reason: str, comment: str) -> None:
    declined = to_stage.outcome == Stage.Outcome.LOST
    offered = to_stage.reasons.filter(is_retired=False) if declined or reason else ()
    known = {one.key: str(one) for one in offered}
    if reason and reason not in known:
        raise UnknownReason(stage=str(to_stage), known=listed(known))
    if (declined and known and not reason) or (
        not comment and (case.stage.is_closed or (declined and not known))
    ):
        raise ReasonMissing(origin=str(case.stage), stage=str(to_stage))


def _moved_meanwhile(case: Case) -> MovedMeanwhile:
    last = StageMove.objects.filter(case=case).select_related("moved_by", "to_stage").last()
    mover = last.moved_by if last else case.opened_by
    return MovedMeanwhile(who=localized(mover), stage=str(case.stage), when=moment(case.entered_stage_at))
