"""Which pipelines there are, and what they consist of."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from crm.reading import read_once
from funnel.errors import NoPipeline, PipelineNotForProduct
from funnel.models import ClosingReason, Pipeline, Stage


def pipelines_for(product: str) -> QuerySet[Pipeline]:
    """The pipelines that take cases of the product, those made for it first."""
    found = Pipeline.objects.filter(Q(products__contains=[product]) | Q(products=[]), is_retired=False)
    return found.order_by("-products", "pk")


def pipeline_for(product: str, chosen: Pipeline | None = None) -> Pipeline:
    """The chosen pipeline, or the first that takes the product. Raises NoPipeline or PipelineNotForProduct."""
    offered = list(pipelines_for(product))
    if chosen is not None and chosen not in offered:
        raise PipelineNotForProduct(pipeline=str(chosen))
    if not offered:
        raise NoPipeline
    return chosen or offered[0]


def stages_of(pipeline: Pipeline) -> QuerySet[Stage]:
    """The stages that cases may enter, in order."""
    return pipeline.stages.filter(is_retired=False).order_by("position")


@read_once
def stages_ever(pipeline: Pipeline) -> list[Stage]:
    """The stages that cases may enter, in order, and after them those that are retired. One query."""
    return list(pipeline.stages.order_by("is_retired", "position"))


@read_once
def reasons_ever(pipeline: Pipeline) -> list[ClosingReason]:
    """Why its cases end, in order and with the stages, also reasons that are no longer offered. One query."""
    reasons = ClosingReason.objects.filter(stage__pipeline=pipeline).select_related("stage")
    return list(reasons.order_by("stage__position", "position", "pk"))


def reasons_of(pipeline: Pipeline) -> list[ClosingReason]:
    """Those that are offered."""
    return [reason for reason in reasons_ever(pipeline) if not reason.is_retired]


def first_stage(pipeline: Pipeline) -> Stage:
    """Where cases begin. Raises NoPipeline where there is no such stage."""
    stage = stages_of(pipeline).first()
    if stage is None:
        raise NoPipeline
    return stage
