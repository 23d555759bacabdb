"""Challengers: which there are, how they agreed, and what became of the clients they saw otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Count, QuerySet

from tiering.models import ChallengeNight, Challenger, CriteriaVersion, TieringRun, TierScheme
from tiering.selectors.criteria import effective_version
from tiering.validation.outcomes import OUTCOMES, until

OUTCOME = OUTCOMES["overdue"]
WAYS = ("lower", "higher", "same")


@dataclass(frozen=True)
class Since:
    """Of the clients whom a challenger placed lower, higher or the same in its first night: how many could have become
    overdue since then, and how many did."""

    way: str
    subjects: int
    bad: int


def every_challenger() -> QuerySet[Challenger]:
    """Those that run first, then those that have ended, the latest first."""
    found = Challenger.objects.select_related("version", "scheme", "started_by", "ended_by", "ended_with")
    return found.defer("version__document").annotate(nights_run=Count("nights")).order_by("-ended_at", "-pk")


def challengers_of(scheme: TierScheme) -> list[Challenger]:
    """All of a scheme; those that run come first, for Postgres puts what is not there on top."""
    return list(every_challenger().filter(scheme=scheme))


def versions_to_challenge(scheme: TierScheme, now: datetime) -> list[CriteriaVersion]:
    """The versions that may run beside what is in effect and do not yet, the newest first."""
    running = Challenger.objects.filter(ended_at=None).values("version")
    not_yet = (CriteriaVersion.Status.DRAFT, CriteriaVersion.Status.SUBMITTED)
    found = CriteriaVersion.objects.filter(criteria__scheme=scheme).exclude(status__in=not_yet)
    if in_effect := effective_version(scheme, now):
        found = found.exclude(pk=in_effect.pk)
    rows = found.exclude(pk__in=running)
    return list(rows.select_related("criteria__scheme").defer("document").order_by("-number"))


def nights_of(challenger: Challenger) -> list[ChallengeNight]:
    """Its nights so far, the first one first."""
    return list(challenger.nights.order_by("day"))


def has_let_go(run: TieringRun) -> bool:
    """Whether the results of a challenger's night have been deleted."""
    return ChallengeNight.objects.filter(run=run, is_kept=False).exists()


def outcome_since(first: ChallengeNight, today: date) -> list[Since]:
    """What became of the clients of a challenger's first night, whose results are kept. One pass over them.

    Clients are followed from one night on: who was looked at later had less time to fall behind.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, {"run": first.run_id, **until(first.day, today)})
        found = {way: Since(way, subjects, bad) for way, subjects, bad in cursor.fetchall()}
    return [found.get(way, Since(way, 0, 0)) for way in WAYS]


_SINCE = f"""
SELECT CASE WHEN t.rank = t.held_rank THEN 'same' WHEN t.rank < t.held_rank THEN 'higher' ELSE 'lower' END AS way,
       count(*), count(*) FILTER (WHERE o.bad)
FROM tiering_trialresult t JOIN ({OUTCOME.relation}) o ON o.client_id = t.client_id
WHERE t.run_id = %(run)s AND t.project_id IS NULL AND t.held_rank IS NOT NULL GROUP BY way
"""  # noqa: S608 - a relation of ours
