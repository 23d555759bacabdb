"""Clients whose records changed: taken in small batches, re-tiered by the function that runs use."""

import logging
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from tiering.errors import failure_text
from tiering.models import RetierRequest
from tiering.models.runs import ATTEMPTS
from tiering.selectors.versions import versions_in_effect
from tiering.services.clock import database_now
from tiering.services.following import follow
from tiering.services.locks import lock_clients
from tiering.services.prepared import execute
from tiering.services.raising import warn
from tiering.services.renewal import renew_locked
from tiering.services.retier import latest_moment

logger = logging.getLogger(__name__)

BATCH = 800
"""Clients of one transaction: of 500 each costs a tenth more. Whoever saves one of them meanwhile waits for a fifth of a
second at most, on two cores of which others use none."""
PAUSE = timedelta(minutes=1)
TIME_FOR_ONE_TASK = 10.0
TICK = timedelta(microseconds=1)


def drain(*, seconds: float = TIME_FOR_ONE_TASK) -> bool:
    """Answer requests until none is due or the time is used up; True when more may be due."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not drain_requests():
            return False
    return True


def drain_requests(*, limit: int = BATCH) -> int:
    """Re-tier the clients of the oldest due requests and delete these, in one transaction; the number answered.

    Requests whose client somebody else is changing stay for the next time. A batch that fails is halved until the
    failing request is alone; that one pauses and, after five attempts, stays behind for a person to look at.
    """
    taken: list[int] = []
    try:
        return _answer(taken, limit=limit)
    except Exception as error:
        return _answer_in_halves(taken, error)


@transaction.atomic
def _answer(taken: list[int], *, limit: int, among: Sequence[int] | None = None) -> int:
    """Answer due requests, noting in `taken` which ones, before anything can fail."""
    requests = _take(limit, among)
    taken.extend(requests)
    locked = lock_clients(sorted(set(requests.values())))
    if not locked:
        return 0
    retier_changed(locked)
    return _forget(requests, locked)


def retier_changed(clients: Sequence[int], at: datetime | None = None) -> None:
    """Derive the facts of locked clients anew, once, assess them by the criteria of every scheme, and raise the
    alerts that their facts ask for.

    `at` is the moment that this is done for (None: now); history of past dates gives its own.
    """
    now, latest = at or database_now(), latest_moment(clients)
    # What holds from now on must begin after what holds already, even where a clock was set back.
    as_of = max(now, latest + TICK) if latest else now
    versions = versions_in_effect(now)
    renew_locked(clients=clients, as_of=as_of, versions=versions)
    follow(clients=clients, as_of=as_of, versions=versions)
    warn(clients=clients, as_of=as_of)


def _take(limit: int, among: Sequence[int] | None) -> dict[int, int]:
    """Lock due requests: by their id, the client."""
    with connection.cursor() as cursor:
        execute(cursor, TAKE, {"limit": limit, "among": list(among) if among else None, "attempts": ATTEMPTS})
        return dict(cursor.fetchall())


TAKE = """
SELECT id, client_id FROM tiering_retierrequest
WHERE due_at <= clock_timestamp() AND attempts < %(attempts)s
AND (%(among)s::bigint[] IS NULL OR id = ANY(%(among)s::bigint[]))
ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""


def _forget(requests: Mapping[int, int], clients: Collection[int]) -> int:
    """Delete the requests that are of these clients; how many they were. What was left behind with the clients earlier
    is dealt with too."""
    among = frozenset(clients)
    answered = [pk for pk, client in requests.items() if client in among]
    with connection.cursor() as cursor:
        execute(cursor, FORGET, {"answered": answered, "clients": list(clients), "attempts": ATTEMPTS})
    return len(answered)


FORGET = """
DELETE FROM tiering_retierrequest WHERE client_id = ANY(%(clients)s::bigint[])
AND (attempts >= %(attempts)s OR id = ANY(%(answered)s::bigint[]))
"""


def _answer_in_halves(taken: Sequence[int], error: Exception) -> int:
    if not taken:
        raise error
    if len(taken) == 1:
        return _postpone(taken[0], error)
    middle = len(taken) // 2
    return sum(_answer_part(part) for part in (taken[:middle], taken[middle:]))


def _answer_part(part: Sequence[int]) -> int:
    again: list[int] = []
    try:
        return _answer(again, limit=len(part), among=part)
    except Exception as error:
        return _answer_in_halves(again, error)


def _postpone(request: int, error: Exception) -> int:
    """Let the request pause; nothing is answered."""
    pause: dict[str, Any] = {"request": request, "pause": PAUSE, "failure": failure_text(error)}
    with connection.cursor() as cursor:
        cursor.execute(POSTPONE, pause)
        postponed = cursor.fetchone()
    if postponed:  # unless a run has answered it meanwhile
        logger.error(
            "Re-tier request %s failed, attempt %s of %s", request, *postponed, ATTEMPTS, exc_info=error
        )
    return 0


POSTPONE = """
UPDATE tiering_retierrequest
SET attempts = attempts + 1, due_at = clock_timestamp() + %(pause)s, failure = %(failure)s
WHERE id = %(request)s RETURNING attempts
"""


def any_due() -> bool:
    """Whether a request could be answered now."""
    return RetierRequest.objects.filter(due_at__lte=Now(), attempts__lt=ATTEMPTS).exists()
