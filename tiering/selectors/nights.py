"""The runs of the night: when they are due, which are there, and which are overdue."""

from datetime import datetime, timedelta
from datetime import time as clock_time

from django.db.models import QuerySet
from django.utils import timezone

from tiering.models import CriteriaVersion, TieringRun, TierScheme
from tiering.selectors.versions import versions_in_effect

DAILY_AT = clock_time(2, 0)
"""Where the institution is."""
LATE = timedelta(minutes=10)


def latest_slot(now: datetime) -> datetime:
    """When the latest night's runs were due."""
    local = now.astimezone(timezone.get_default_timezone())
    day = local.date() if local.time() >= DAILY_AT else local.date() - timedelta(days=1)
    return datetime.combine(day, DAILY_AT, tzinfo=local.tzinfo)


def runs_of_the_night(due: datetime) -> QuerySet[TieringRun]:
    """The scheduled runs of one night, over all schemes."""
    return TieringRun.objects.filter(
        kind=TieringRun.Kind.OFFICIAL, trigger=TieringRun.Trigger.SCHEDULE, slot=due.date().isoformat()
    )


def awaits_the_first(due: datetime) -> bool:
    """Whether the run that derives the facts of the night is still under way: other schemes wait for it."""
    return runs_of_the_night(due).filter(basis=TieringRun.Basis.RECORDS, finished_at=None).exists()


def overdue(now: datetime) -> list[TierScheme]:
    """The schemes whose run of the latest night should have been there ten minutes ago, though nothing held it up.

    Then nobody looks at the clock: beat or the workers have stopped.
    """
    due = latest_slot(now)
    known = [version for version in versions_in_effect(now) if _was_in_effect(version, due)]
    there = set(runs_of_the_night(due).values_list("version__criteria", flat=True))
    if now - due <= LATE or (there and _held_up(due, now)):
        return []
    return [version.criteria.scheme for version in known if version.criteria_id not in there]


def _was_in_effect(version: CriteriaVersion, due: datetime) -> bool:
    return all(
        moment is not None and moment <= due for moment in (version.effective_from, version.published_at)
    )


def _held_up(due: datetime, now: datetime) -> bool:
    """Whether the others wait for the first run of the night, or did until a moment ago."""
    first = runs_of_the_night(due).filter(basis=TieringRun.Basis.RECORDS).order_by("pk").first()
    return first is not None and (first.finished_at is None or now - first.finished_at <= LATE)
