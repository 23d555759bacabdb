"""Probabilities of default by score: a curve asked for, approved by a second person, and written as observations.

The curve is that of one version: once another one assesses the clients, nothing more is written until that has a curve
of its own.
"""

import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.errors import NotPermitted
from crm.models import CustomMetric, User
from crm.services.custom_metrics import add_metric, restore_metric
from crm.signals import records_changed
from tiering.core.document import SCORE_UNIT
from tiering.errors_validation import (
    CurveApproved,
    CurveNotFound,
    CurveNotInUse,
    CurveOfADraft,
    CurveReadsItself,
    MetricTaken,
    OutcomeIsNoDefault,
    OwnCurve,
    ScoreTellsNothing,
    TooFewOutcomes,
)
from tiering.facts import local_day
from tiering.models import CriteriaVersion, ScoreCurve, TieringRun, TierScheme
from tiering.selectors.criteria import document_of
from tiering.services.clock import database_now
from tiering.services.jobs import work
from tiering.services.planner import over_the_book
from tiering.services.questions import check_terms
from tiering.signals import curve_waiting, job_waiting
from tiering.validation.outcomes import OUTCOMES

OUTCOMES_OF_DEFAULT: Final = ("default", "overdue")
STEP: Final = 0.05
"""A probability is written anew when it moved by more than this share of itself …"""
RENEWED_AFTER: Final = timedelta(days=180)
"""… or was written so long ago, and counts for"""
COUNTS_FOR_DAYS: Final = 366
"""so many days: that of a curve which is used no more is forgotten."""


def metric_of(scheme: TierScheme) -> str:
    """The key of the metric that holds the probabilities by a scheme's score."""
    return re.sub(r"[^a-z0-9_]", "_", f"model_pd_{scheme.key}".lower())


@transaction.atomic
def request_curve(
    *, version: CriteriaVersion, days: Collection[date], outcome: str, months: int, requested_by: User
) -> ScoreCurve:
    """Ask for the probability of default by the score of a published version.

    Raises NotPermitted, CurveOfADraft, OutcomeIsNoDefault, CurveReadsItself, or what `check_terms` does.
    """
    if not requested_by.has_perm("tiering.write_criteria"):
        raise NotPermitted
    if version.status != CriteriaVersion.Status.PUBLISHED:
        raise CurveOfADraft
    chosen = check_terms(version, days, outcome, months)
    if outcome not in OUTCOMES_OF_DEFAULT:
        raise OutcomeIsNoDefault
    metric = metric_of(version.criteria.scheme)
    if metric in document_of(version).metrics:
        raise CurveReadsItself(metric=metric)
    curve = ScoreCurve.objects.create(
        version=version,
        metric=metric,
        days=chosen,
        outcome=outcome,
        months=months,
        requested_by=requested_by,
    )
    transaction.on_commit(lambda: job_waiting.send(sender=ScoreCurve, job=curve.pk))
    return curve


def work_curve(pk: int) -> ScoreCurve | None:
    """Find a curve that waits; None when somebody else does, or nothing is left to do."""
    return work(ScoreCurve, pk, _found)


def _found(curve: ScoreCurve) -> dict[str, Any]:
    # Only here: scikit-learn takes a second to import.
    from tiering.calibration.cohorts import Standing, history_of
    from tiering.validation.discrimination import LEAST_BAD

    past = history_of(curve.version, curve.days, OUTCOMES[curve.outcome], curve.months)
    standing = Standing.of(past.document, past)
    bad = int(standing.bad.sum())
    good = len(standing.bad) - bad
    if min(bad, good) < LEAST_BAD:
        raise TooFewOutcomes(least=LEAST_BAD, bad=bad, good=good)
    found = standing.pd()
    if found["slope"] >= 0:
        raise ScoreTellsNothing
    return {
        "intercept": found.pop("intercept"),
        "slope": found.pop("slope"),
        "findings": {**standing.told(), **found},
    }


@transaction.atomic
def approve_curve(*, curve: ScoreCurve, approved_by: User) -> ScoreCurve:
    """Let a curve be used, in place of the one that the scheme used before. The metric is made on first use.

    Raises NotPermitted, CurveNotFound, OwnCurve, CurveApproved, CurveOfADraft once another version is published,
    MetricTaken, or Invalid where the metric cannot be made.
    """
    if not approved_by.has_perm("tiering.publish_criteria"):
        raise NotPermitted
    found = _locked(curve)
    if found.status != ScoreCurve.Status.DONE:
        raise CurveNotFound
    if found.requested_by_id == approved_by.pk:
        raise OwnCurve
    if found.approved_at is not None:
        raise CurveApproved
    if found.version.status != CriteriaVersion.Status.PUBLISHED:
        raise CurveOfADraft
    _ensure_metric(found, approved_by)
    now = database_now()
    in_use().filter(metric=found.metric).update(ended_at=now, ended_by=approved_by)
    found.approved_by, found.approved_at = approved_by, now
    found.save(update_fields=["approved_by", "approved_at"])
    transaction.on_commit(lambda: curve_waiting.send(sender=ScoreCurve, curve=found.pk))
    return found


@transaction.atomic
def end_curve(*, curve: ScoreCurve, ended_by: User) -> ScoreCurve:
    """Use a curve no more. What was written counts until it is too old. Raises NotPermitted or CurveNotInUse."""
    if not ended_by.has_perm("tiering.write_criteria"):
        raise NotPermitted
    found = _locked(curve)
    if not found.is_in_use:
        raise CurveNotInUse
    found.ended_by, found.ended_at = ended_by, database_now()
    found.save(update_fields=["ended_by", "ended_at"])
    return found


def in_use() -> QuerySet[ScoreCurve]:
    """The curves whose probabilities are written."""
    return ScoreCurve.objects.filter(approved_at__isnull=False, ended_at=None)


def waiting_curves() -> list[int]:
    """The ids of the curves in use that a run has gone over since they were last written, or that never were."""
    runs = TieringRun.objects.filter(
        kind=TieringRun.Kind.OFFICIAL, version=OuterRef("version"), finished_at__gt=OuterRef("written_at")
    ).exclude(trigger=TieringRun.Trigger.CHANGE)
    return list(in_use().filter(Q(written_at=None) | Exists(runs)).values_list("pk", flat=True))


@transaction.atomic
def write_probabilities(pk: int) -> int | None:
    """Write the probability of everybody whose value is worth it; how many were, None where nothing waits."""
    curve = ScoreCurve.objects.select_for_update(skip_locked=True, of=["self"]).filter(pk=pk).first()
    if curve is None or pk not in waiting_curves():
        return None
    now = database_now()
    today = local_day(now)
    params: dict[str, Any] = {
        "scheme": curve.version.criteria.scheme_id,
        "version": curve.version_id,
        "metric": curve.metric,
        "intercept": curve.intercept,
        "slope": curve.slope,
        "unit": SCORE_UNIT,
        "step": STEP,
        "today": today,
        "stale": today - RENEWED_AFTER,
        "source": source_of(curve),
    }
    with connection.cursor() as cursor:
        over_the_book(cursor)
        cursor.execute(WRITE, params)
        [written] = cursor.fetchone()
        cursor.execute(MEANS, params)
        curve.standing = [
            {"tier": tier, "clients": clients, "pd": pd} for tier, clients, pd in cursor.fetchall()
        ]
    curve.written_at = now
    curve.save(update_fields=["written_at", "standing"])
    if written:
        records_changed()
    return int(written)


def source_of(curve: ScoreCurve) -> str:
    """Where the observations say that they come from."""
    version = curve.version
    return f"{version.criteria.scheme.key[:40]} version {version.number}, curve {curve.pk}"


# Beyond 30 the odds are as good as nothing, or all there is; exp would leave the range of numbers at 700.
PROBABILITY = """1 / (1 + exp(-greatest(least(
    %(intercept)s::float8 + %(slope)s::float8 * (a.score / %(unit)s::float8), 30), -30)))"""
SCORED = """tiering_assessment a
    WHERE a.scheme_id = %(scheme)s AND a.version_id = %(version)s AND a.project_id IS NULL AND a.valid_to IS NULL"""

WRITE = f"""
WITH scored AS (SELECT a.client_id, {PROBABILITY} AS pd FROM {SCORED}),
latest AS (
    SELECT DISTINCT ON (client_id) client_id, value, observed_on FROM crm_observation
    WHERE metric = %(metric)s AND project_id IS NULL AND received_on <= %(today)s
    ORDER BY client_id, observed_on DESC, received_on DESC, id DESC
),
written AS (
    INSERT INTO crm_observation
        (client_id, metric, value, text, observed_on, received_on, source, created_at)
    SELECT s.client_id, %(metric)s, s.pd, '', %(today)s, %(today)s, %(source)s, clock_timestamp()
    FROM scored s LEFT JOIN latest l ON l.client_id = s.client_id
    WHERE l.value IS NULL OR abs(s.pd - l.value) > %(step)s * l.value OR l.observed_on < %(stale)s
    ON CONFLICT ON CONSTRAINT observation_once_per_source DO UPDATE SET value = EXCLUDED.value
    RETURNING 1
)
SELECT count(*) FROM written
"""  # noqa: S608 - this module's own parts

MEANS = f"""
SELECT t.key, count(*), avg({PROBABILITY}) FROM tiering_tier t
JOIN tiering_assignment g ON g.tier_id = t.id AND g.valid_to IS NULL AND g.project_id IS NULL
JOIN (SELECT * FROM {SCORED}) a ON a.client_id = g.client_id
WHERE g.scheme_id = %(scheme)s GROUP BY t.key, t.rank ORDER BY t.rank
"""  # noqa: S608 - this module's own parts


def _locked(curve: ScoreCurve) -> ScoreCurve:
    """The curve as it is now; the set is locked first, as every step of a version locks it, so one curve is approved
    after the other."""
    CriteriaVersion.objects.select_for_update(of=["criteria"]).select_related("criteria").get(
        pk=curve.version_id
    )
    locked = ScoreCurve.objects.select_for_update(of=["self"]).select_related("version__criteria__scheme")
    return locked.get(pk=curve.pk)


def _ensure_metric(curve: ScoreCurve, by: User) -> None:
    scheme = curve.version.criteria.scheme
    metric = CustomMetric.objects.filter(key=curve.metric).first()
    earlier = ScoreCurve.objects.filter(metric=curve.metric, version__criteria__scheme=scheme)
    if metric is None:
        add_metric(
            by=by,
            key=curve.metric,
            unit=CustomMetric.Unit.FRACTION,
            direction=CustomMetric.Direction.LOWER,
            max_age_days=COUNTS_FOR_DAYS,
            label_en=f"Probability of default by the score of {scheme.name_en}"[:120],
            label_zh=f"按“{scheme.name_zh or scheme.name_en}”评分的违约概率"[:120],
        )
    elif not earlier.filter(approved_at__isnull=False).exists():
        raise MetricTaken(metric=curve.metric)
    elif metric.retired_at:
        restore_metric(by=by, metric=metric)
