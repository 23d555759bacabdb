"""Bands and weights from history, proposed as a draft; segments found by likeness."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from crm.errors import NotPermitted
from crm.models import User
from tiering.errors_validation import (
    MetricsRequired,
    NothingToPropose,
    SchemeTaken,
    SegmentsNotFound,
    TooFewMetrics,
    TooManySegments,
)
from tiering.models import Calibration, CriteriaVersion, Segmentation, TierScheme
from tiering.selectors.catalogue import policy_catalogue
from tiering.services.criteria import load_criteria
from tiering.services.drafts import replace_document, start_draft
from tiering.services.jobs import work
from tiering.services.questions import check_terms
from tiering.signals import job_waiting
from tiering.validation.outcomes import OUTCOMES

MOST_SEGMENTS = 12
LEAST_METRICS, MOST_METRICS = 2, 12


@transaction.atomic
def request_calibration(
    *, version: CriteriaVersion, days: Collection[date], outcome: str, months: int, requested_by: User
) -> Calibration:
    """Ask for bands and weights of a version's indicators by what became of clients. Raises NotPermitted, or what
    `check_terms` does."""
    if not requested_by.has_perm("tiering.write_criteria"):
        raise NotPermitted
    calibration = Calibration.objects.create(
        version=version,
        days=check_terms(version, days, outcome, months),
        outcome=outcome,
        months=months,
        requested_by=requested_by,
    )
    transaction.on_commit(lambda: job_waiting.send(sender=Calibration, job=calibration.pk))
    return calibration


def work_calibration(pk: int) -> Calibration | None:
    """Do a calibration that waits; None when somebody else does, or nothing is left to do."""
    return work(Calibration, pk, _proposed)


def _proposed(calibration: Calibration) -> dict[str, Any]:
    # Only here: scikit-learn takes a second to import.
    from tiering.calibration.cohorts import history_of
    from tiering.calibration.proposal import propose

    version = calibration.version
    history = history_of(version, calibration.days, OUTCOMES[calibration.outcome], calibration.months)
    proposal = propose(version.document, history.pooled, policy_catalogue())
    if all(told["kept"] for told in proposal.evidence["scorecards"].values()):
        raise NothingToPropose(bad=int(history.pooled.bad[history.pooled.counted].sum()))
    evidence = {
        **proposal.evidence,
        **history.comparison(proposal.document),
        "outcome": calibration.outcome,
        "months": calibration.months,
        "days": [day.isoformat() for day in calibration.days],
        "version": version.number,
    }
    return {"draft": _draft(calibration, proposal.document, evidence)}


@transaction.atomic
def _draft(calibration: Calibration, document: dict[str, Any], evidence: dict[str, Any]) -> CriteriaVersion:
    """In the name of whoever asked, who can then not be the one to approve it."""
    draft = start_draft(author=calibration.requested_by, based_on=calibration.version)
    draft = replace_document(version=draft, document=document, by=calibration.requested_by).version
    draft.evidence = evidence
    draft.save(update_fields=["evidence"])
    return draft


@transaction.atomic
def request_segmentation(
    *, metrics: Sequence[str], requested_by: User, segments: int | None = None
) -> Segmentation:
    """Ask for groups of clients that are alike in some metrics (``segments`` None: as many as tell themselves apart
    best). Raises NotPermitted, MetricsRequired, TooFewMetrics or TooManySegments."""
    if not requested_by.has_perm("tiering.write_criteria"):
        raise NotPermitted
    known = policy_catalogue()
    chosen = list(dict.fromkeys(metrics))
    if not all(key in known and known[key].is_number and known[key].scope == "client" for key in chosen):
        raise MetricsRequired
    if not LEAST_METRICS <= len(chosen) <= MOST_METRICS:
        raise TooFewMetrics(least=LEAST_METRICS, most=MOST_METRICS)
    if segments is not None and not 2 <= segments <= MOST_SEGMENTS:
        raise TooManySegments(most=MOST_SEGMENTS)
    segmentation = Segmentation.objects.create(metrics=chosen, segments=segments, requested_by=requested_by)
    transaction.on_commit(lambda: job_waiting.send(sender=Segmentation, job=segmentation.pk))
    return segmentation


def work_segmentation(pk: int) -> Segmentation | None:
    """Do a segmentation that waits; None when somebody else does, or nothing is left to do."""
    return work(Segmentation, pk, _segmented)


def _segmented(segmentation: Segmentation) -> dict[str, Any]:
    from tiering.calibration.segments import segments_of_the_book

    return {"findings": segments_of_the_book(segmentation.metrics, segmentation.segments)}


@transaction.atomic
def draft_segments(
    *, segmentation: Segmentation, key: str, label: Mapping[str, str], author: User
) -> CriteriaVersion:
    """A draft of a new scheme whose tiers are the segments, told by their rules.

    Raises NotPermitted, SegmentsNotFound, SchemeTaken, or CriteriaRefused.
    """
    if segmentation.status != Segmentation.Status.DONE:
        raise SegmentsNotFound
    if TierScheme.objects.filter(key=key).exists():
        raise SchemeTaken
    document = {**segmentation.findings["document"], "scheme": key, "label": dict(label)}
    return load_criteria(document=document, author=author)
