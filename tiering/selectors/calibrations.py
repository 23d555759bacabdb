"""What was proposed from history, and what people made of it."""

from __future__ import annotations

from django.db.models import QuerySet

from tiering.models import Calibration, CriteriaVersion, ScoreCurve, Segmentation

PROPOSED_AT = 1
"""The revision of a draft that a calibration made: its first group of edits is the proposal."""


def every_calibration() -> QuerySet[Calibration]:
    """Calibrations are of the whole book: who may ask may read every one."""
    return Calibration.objects.select_related("version__criteria__scheme", "draft", "requested_by").defer(
        "version__document", "draft__document"
    )


def origin_of(version: CriteriaVersion) -> CriteriaVersion:
    """The draft that a version's evidence was found for: itself, or what it was begun from, however long ago.

    Evidence goes from version to version with the content; where the draft is gone, the oldest that is left stands for
    it.
    """
    while version.based_on_id and not was_proposed(version):
        before = CriteriaVersion.objects.defer("document").get(pk=version.based_on_id)
        if not before.evidence:
            break
        version = before
    return version


def was_proposed(version: CriteriaVersion) -> bool:
    """Whether the version is the draft of a calibration."""
    return Calibration.objects.filter(draft=version).exists()


def curves_of(version: CriteriaVersion) -> QuerySet[ScoreCurve]:
    """The probability curves of a version, the latest first."""
    curves = ScoreCurve.objects.filter(version=version)
    return curves.select_related("version__criteria__scheme", "requested_by", "approved_by", "ended_by")


def curve_in_use(version: CriteriaVersion) -> ScoreCurve | None:
    """The one whose probabilities are written."""
    return curves_of(version).filter(approved_at__isnull=False, ended_at=None).first()


def every_segmentation() -> QuerySet[Segmentation]:
    """Segmentations are of the whole book: who may ask may read every one."""
    return Segmentation.objects.select_related("requested_by")
