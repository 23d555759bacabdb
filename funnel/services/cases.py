"""Opening financing cases and moving them through their pipeline."""

from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from crm.formats import localized, moment
from crm.models import Client, Project, User
from funnel.errors import (
    AlreadyThere,
    AmountNotPositive,
    CaseClosed,
    MovedMeanwhile,
    NoPipeline,
    NotTheHolder,
    OtherPipeline,
    ProjectOfOthers,
    ReasonMissing,
)
from funnel.models import Case, Pipeline, Stage, StageMove
from funnel.selectors.tiers import primary_tier, requirements


@transaction.atomic
def open_case(
    *,
    client: Client,
    product: str,
    amount: Decimal,
    opened_by: User,
    project: Project | None = None,
    pipeline: Pipeline | None = None,
) -> Case:
    """A new case in the first stage of the pipeline (default: the first one); `amount` is in the book currency.

    Raises NotTheHolder, AmountNotPositive, ProjectOfOthers, NoPipeline.
    """
    if not opened_by.has_perm("funnel.add_case", client):
        raise NotTheHolder(client=client.name)
    if amount <= 0:
        raise AmountNotPositive
    if project and not client.participations.filter(project=project).exists():
        raise ProjectOfOthers(client=client.name, project=str(project))
    stage = _first_stage(pipeline or Pipeline.objects.order_by("pk").first())
    pk = _next_id()
    case = Case.objects.create(
        pk=pk,
        code=f"FC{pk:06}",
        client=client,
        project=project,
        product=product,
        amount=amount,
        stage=stage,
        opened_by=opened_by,
    )
    StageMove.objects.create(
        case=case, to_stage=stage, tier=primary_tier(client), amount=amount, moved_by=opened_by
    )
    return case


@transaction.atomic
def move_case(*, case: Case, to_stage: Stage, version: int, moved_by: User, comment: str = "") -> Case:
    """Move a case that is still at `version`, forwards or back, and record the step with the client's tier.

    Going forwards, the gates of every stage on the way must be met, so that none can be jumped. Leaving a closed stage
    means reopening into the first one. Declining and reopening take a comment, asked for last: whoever is asked
    for one can move the case.

    Raises NotTheHolder, MovedMeanwhile, OtherPipeline, AlreadyThere, CaseClosed, GateNotMet, ReasonMissing.
    """
    # Without joins: a row joined by its old stage would be lost once a waiting lock gives way to a move.
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not moved_by.has_perm("funnel.move_case", case.client):
        raise NotTheHolder(client=case.client.name)
    if case.version != version:
        raise _moved_meanwhile(case)
    comment = comment.strip()
    _check_move(case, to_stage, comment)
    StageMove.objects.create(
        case=case,
        from_stage=case.stage,
        to_stage=to_stage,
        tier=primary_tier(case.client),
        amount=case.amount,
        moved_by=moved_by,
        comment=comment,
    )
    Case.objects.filter(pk=case.pk).update(stage=to_stage, entered_stage_at=Now(), version=F("version") + 1)
    case.refresh_from_db(fields=["stage", "entered_stage_at", "version"])
    return case


def _check_move(case: Case, to_stage: Stage, comment: str) -> None:
    origin = case.stage
    if to_stage.pipeline_id != origin.pipeline_id:
        raise OtherPipeline(stage=str(to_stage))
    if to_stage.pk == origin.pk:
        raise AlreadyThere(stage=str(to_stage))
    if origin.is_closed:
        first = _first_stage(origin.pipeline)
        if to_stage.pk != first.pk:
            raise CaseClosed(stage=str(origin), first=str(first))
    _check_gates(case, to_stage)
    if not comment and (origin.is_closed or to_stage.outcome == Stage.Outcome.LOST):
        raise ReasonMissing(origin=str(origin), stage=str(to_stage))


def _check_gates(case: Case, to_stage: Stage) -> None:
    if to_stage.outcome == Stage.Outcome.LOST:
        return
    on_the_way = Stage.objects.filter(
        pipeline=to_stage.pipeline_id, position__gt=case.stage.position, position__lte=to_stage.position
    )
    for requirement in requirements(case.client, on_the_way):
        if requirement.refusal:
            raise requirement.refusal


def _moved_meanwhile(case: Case) -> MovedMeanwhile:
    last = StageMove.objects.filter(case=case).select_related("moved_by", "to_stage").last()
    mover = last.moved_by if last else case.opened_by
    return MovedMeanwhile(who=localized(mover), stage=str(case.stage), when=moment(case.entered_stage_at))


def _first_stage(pipeline: Pipeline | None) -> Stage:
    stage = pipeline.stages.order_by("position").first() if pipeline else None
    if stage is None:
        raise NoPipeline
    return stage


def _next_id() -> int:
    """The number of the case, taken before it is made because its code carries it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [Case._meta.db_table])
        return cursor.fetchone()[0]
