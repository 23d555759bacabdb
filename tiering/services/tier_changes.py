"""Changes of tier, worked off: what they propose for facilities, what they give the RM to do, and who is told.

What follows is derived from the tier in force, so the order in which changes are worked off does not matter; the client
is locked meanwhile, and a change and what came of it are committed together.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from tiering.errors import failure_text
from tiering.facts import local_day
from tiering.models import TierChange, TierScheme
from tiering.models.consequences import ATTEMPTS
from tiering.selectors.tier_policies import facility_scheme, tier_policies
from tiering.services.clock import database_now
from tiering.services.facility_changes import propose_changes
from tiering.services.follow_up import give_tasks, tell
from tiering.services.locks import lock_clients
from tiering.services.review_calendar import keep_calendar

logger = logging.getLogger(__name__)

BATCH = 200
PAUSE = timedelta(minutes=1)
TIME_FOR_ONE_TASK = 10.0
WAITING = Q(worked_at=None, attempts__lt=ATTEMPTS)


def any_waiting() -> bool:
    """Whether a change could be worked off now."""
    return TierChange.objects.filter(WAITING, due_at__lte=Now()).exists()


def drain(*, seconds: float = TIME_FOR_ONE_TASK, day: date | None = None) -> bool:
    """Work changes off until none waits or the time is used up; True when more may wait."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not work_changes(day=day):
            return False
    return True


def work_changes(*, limit: int = BATCH, day: date | None = None) -> int:
    """Work off the oldest changes that wait, in one transaction; how many. `day` is that from which dates are counted
    (None: today).

    Those whose client somebody else is changing stay for the next time. A batch that fails is halved until the failing
    change is alone; that one pauses and, after five attempts, stays behind.
    """
    taken: list[int] = []
    try:
        return _work(taken, limit=limit, day=day)
    except Exception as error:
        return _in_halves(taken, error, day)


@transaction.atomic
def _work(taken: list[int], *, limit: int, day: date | None, among: Sequence[int] | None = None) -> int:
    waiting = TierChange.objects.filter(WAITING, due_at__lte=Now()).order_by("pk")
    if among is not None:
        waiting = waiting.filter(pk__in=among)
    found = list(waiting.select_for_update(skip_locked=True, of=("self",))[:limit])
    taken.extend(change.pk for change in found)
    locked = set(lock_clients(sorted({change.client_id for change in found})))
    by_scheme: dict[int, list[TierChange]] = defaultdict(list)
    for change in found:
        if change.client_id in locked:
            by_scheme[change.scheme_id].append(change)
    now = database_now()
    for scheme, changes in by_scheme.items():
        _follow(TierScheme.objects.get(pk=scheme), changes, day or local_day(now))
    worked = [change.pk for changes in by_scheme.values() for change in changes]
    return TierChange.objects.filter(pk__in=worked).update(worked_at=now)


def _follow(scheme: TierScheme, changes: Sequence[TierChange], day: date) -> None:
    """Bring about what follows for the clients; nothing does where the policy is gone. Facilities go by one scheme."""
    policies = tier_policies()
    policy = next((one for one in policies if one.version.policy.scheme_id == scheme.pk), None)
    if policy is None:
        return
    clients = sorted({change.client_id for change in changes})
    if facility_scheme(policies) == scheme:
        ids = [change.pk for change in changes]
        propose_changes(changes=ids, scheme=scheme, policy=policy, day=day)
    keep_calendar(scheme=scheme, policy=policy, clients=clients)
    latest = {change.client_id: change for change in sorted(changes, key=lambda one: one.pk)}
    give_tasks(scheme=scheme, policy=policy, changes=list(latest.values()), day=day)
    tell(scheme=scheme, policy=policy, changes=list(latest.values()))


def _in_halves(taken: Sequence[int], error: Exception, day: date | None) -> int:
    if not taken:
        raise error
    if len(taken) == 1:
        _postpone(taken[0], error)
        return 0
    middle = len(taken) // 2
    return sum(_part(part, day) for part in (taken[:middle], taken[middle:]))


def _part(part: Sequence[int], day: date | None) -> int:
    again: list[int] = []
    try:
        return _work(again, limit=len(part), day=day, among=part)
    except Exception as error:
        return _in_halves(again, error, day)


def _postpone(change: int, error: Exception) -> None:
    TierChange.objects.filter(pk=change, worked_at=None).update(
        attempts=F("attempts") + 1, due_at=Now() + PAUSE, failure=failure_text(error)
    )
    logger.error("What follows from change %s of a tier failed", change, exc_info=error)
