"""The way of a pipeline: a draft saved whole, submitted, published by a second person, superseded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import User
from crm.services.notices import NoticeRow, notify_many
from funnel.core.pipeline_document import Problem
from funnel.errors import (
    InPreparation,
    NotADraftVersion,
    NotSubmittedVersion,
    OwnVersion,
    PipelineKeyTaken,
    PurposeMissing,
)
from funnel.models import ClosingReason, Pipeline, PipelineVersion, Stage, StageGate
from funnel.selectors.documents import document_of, gate_document, problems_of, touched_cases
from tiering.models import Tier

Status = PipelineVersion.Status
PIPELINE_CHANGED = "pipeline-changed"


@transaction.atomic
def start_pipeline(*, key: str, name_en: str, name_zh: str, by: User) -> PipelineVersion:
    """Begin a pipeline that there was not; cases can be opened in it once its first version is published.

    Raises NotPermitted or PipelineKeyTaken.
    """
    _may(by, "funnel.write_pipelines")
    pipeline, is_new = Pipeline.objects.get_or_create(
        key=key, defaults={"name_en": name_en, "name_zh": name_zh, "is_retired": True}
    )
    if not is_new:
        raise PipelineKeyTaken(key=key)
    return start_version(pipeline=pipeline, by=by, document={**document_of(pipeline), "is_retired": False})


@transaction.atomic
def start_version(
    *, pipeline: Pipeline, by: User, document: Mapping[str, Any] | None = None
) -> PipelineVersion:
    """Begin a draft of what a document says (default: of what is in effect). Raises NotPermitted or InPreparation."""
    _may(by, "funnel.write_pipelines")
    pipeline = Pipeline.objects.select_for_update().get(pk=pipeline.pk)
    if pipeline.versions.filter(status__in=PipelineVersion.IN_PREPARATION).exists():
        raise InPreparation
    latest = pipeline.versions.aggregate(number=Max("number"))["number"] or 0
    return PipelineVersion.objects.create(
        pipeline=pipeline,
        number=latest + 1,
        document=document or document_of(pipeline),
        author=by,
        authors=[by.pk],
    )


@transaction.atomic
def save_version(
    *, version: PipelineVersion, document: Mapping[str, Any], revision: int, by: User
) -> PipelineVersion:
    """Make a draft say what the document says, from the revision that its editor saw. What makes no sense yet may be
    saved; it is refused on submitting. Raises NotPermitted, NotADraftVersion or Conflict."""
    version = _locked(version, by, "funnel.write_pipelines")
    if version.status != Status.DRAFT:
        raise NotADraftVersion
    if version.revision != revision:
        raise Conflict
    version.document, version.revision = document, version.revision + 1
    version.authors = sorted({*version.authors, by.pk})
    version.save(update_fields=["document", "revision", "authors"])
    return version


@transaction.atomic
def submit_version(*, version: PipelineVersion, purpose: str, by: User) -> PipelineVersion:
    """Ask a second person to publish a draft. Raises NotPermitted, NotADraftVersion, PurposeMissing, or Invalid with
    everything that makes no sense."""
    version = _locked(version, by, "funnel.write_pipelines")
    if version.status != Status.DRAFT:
        raise NotADraftVersion
    if not purpose.strip():
        raise PurposeMissing
    _check(version)
    version.authors = sorted({*version.authors, by.pk})
    version.purpose, version.remark = purpose.strip(), ""
    version.save(update_fields=["authors", "purpose", "remark"])
    version.status = Status.SUBMITTED
    version.save(update_fields=["status"])
    return version


@transaction.atomic
def send_back(*, version: PipelineVersion, remark: str, by: User) -> PipelineVersion:
    """Make a submitted version a draft again: an author takes it back, or somebody else says why (`remark`).

    Raises NotPermitted, NotSubmittedVersion or PurposeMissing.
    """
    version = _locked(version, by, "funnel.write_pipelines")
    if version.status != Status.SUBMITTED:
        raise NotSubmittedVersion
    if by.pk not in version.authors and not remark.strip():
        raise PurposeMissing
    version.status, version.remark = Status.DRAFT, remark.strip()
    version.save(update_fields=["status", "remark"])
    return version


@transaction.atomic
def publish_version(*, version: PipelineVersion, revision: int, by: User) -> PipelineVersion:
    """Put a submitted version, as it was shown (`revision`), in effect at once.

    Raises NotPermitted, NotSubmittedVersion, Conflict, OwnVersion for whoever wrote or submitted it, or Invalid.
    """
    version = _locked(version, by, "funnel.publish_pipelines")
    if version.status != Status.SUBMITTED:
        raise NotSubmittedVersion
    if version.revision != revision:
        raise Conflict
    if by.pk in version.authors:
        raise OwnVersion
    _check(version)
    version.replaced = document_of(version.pipeline)
    _tell_touched(version)
    version.pipeline.versions.filter(status=Status.PUBLISHED).update(status=Status.SUPERSEDED)
    version.status, version.publisher, version.published_at = Status.PUBLISHED, by, timezone.now()
    version.save(update_fields=["status", "publisher", "published_at", "replaced"])
    _put_in_effect(version.pipeline, version.document)
    return version


@transaction.atomic
def discard_version(*, version: PipelineVersion, by: User) -> None:
    """Remove a draft; the audit keeps that it was there. Raises NotPermitted or NotADraftVersion."""
    version = _locked(version, by, "funnel.write_pipelines")
    if version.status != Status.DRAFT:
        raise NotADraftVersion
    version.delete()


def _tell_touched(version: PipelineVersion) -> None:
    """Whoever holds clients with open cases in stages that the version changes, once, with how many they are."""
    touched = touched_cases(version.pipeline, version.replaced or {}, version.document)
    holders = touched.filter(client__rm__isnull=False).values_list("client__rm").annotate(cases=Count("pk"))
    rows = [
        NoticeRow(
            event=f"pipeline-changed:{version.pk}",
            recipient=holder,
            params={
                "version": version.pk,
                "pipeline": version.pipeline.name_en,
                "pipeline_zh": version.pipeline.name_zh,
                "cases": cases,
            },
        )
        for holder, cases in holders.order_by("client__rm")
    ]
    notify_many(kind=PIPELINE_CHANGED, rows=rows)


def _put_in_effect(pipeline: Pipeline, document: Mapping[str, Any]) -> None:
    for name in ("name_en", "name_zh", "products", "checklist"):
        setattr(pipeline, name, document.get(name) or type(getattr(pipeline, name))())
    pipeline.is_retired = bool(document.get("is_retired"))
    pipeline.save()
    stages = document["stages"]
    kept = {stage["key"] for stage in stages}
    # What is left out follows what is there, so that no two stages share a place.
    for position, left in enumerate(pipeline.stages.exclude(key__in=kept), len(stages)):
        left.is_retired, left.position = True, position
        left.save(update_fields=["is_retired", "position"])
    for position, said in enumerate(stages):
        stage, _is_new = Stage.objects.update_or_create(
            pipeline=pipeline,
            key=said["key"],
            defaults={
                "name_en": said["name_en"],
                "name_zh": said.get("name_zh", ""),
                "outcome": said["outcome"],
                "limit_days": said.get("limit_days"),
                "expected_days": said.get("expected_days"),
                "probability": said.get("probability"),
                "colour": said.get("colour", ""),
                "position": position,
                "is_retired": False,
            },
        )
        _set_reasons(stage, said.get("reasons", ()))
        _set_gates(stage, said.get("gates", ()))


def _set_reasons(stage: Stage, reasons: Any) -> None:
    stage.reasons.exclude(key__in=[one["key"] for one in reasons]).update(is_retired=True)
    for position, one in enumerate(reasons):
        ClosingReason.objects.update_or_create(
            stage=stage,
            key=one["key"],
            defaults={
                "name_en": one["name_en"],
                "name_zh": one.get("name_zh", ""),
                "position": position,
                "is_retired": False,
            },
        )


def _set_gates(stage: Stage, gates: Any) -> None:
    """A gate that is asked for as before stays the same row: what was waived of it stays waived."""
    wanted = list(gates)
    for gate in stage.gates.select_related("minimum_tier__scheme"):
        said = gate_document(gate)
        if said in wanted:
            wanted.remove(said)
        else:
            gate.delete()
    for said in wanted:
        tier = None
        if said["kind"] == StageGate.Kind.TIER:
            tier = Tier.objects.get(scheme__key=said["scheme"], key=said["tier"])
        StageGate.objects.create(
            stage=stage, kind=said["kind"], minimum_tier=tier, params=said.get("params", {})
        )


def _check(version: PipelineVersion) -> None:
    found: list[Problem] = problems_of(version.pipeline, version.document)
    if found:
        fields: dict[str, list[str]] = {}
        for one in found:
            fields.setdefault(one.path, []).append(one.text)
        raise Invalid(fields)


def _may(user: User, permission: str) -> None:
    if not user.has_perm(permission):
        raise NotPermitted


def _locked(version: PipelineVersion, user: User, permission: str) -> PipelineVersion:
    _may(user, permission)
    Pipeline.objects.select_for_update().get(pk=version.pipeline_id)
    return PipelineVersion.objects.select_related("pipeline").get(pk=version.pk)
