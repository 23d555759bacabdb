"""Overrides whose time is over: they lapse by themselves, and their clients are tiered by the criteria again."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tiering.models import Override
from tiering.selectors.overrides import SHOWN
from tiering.services.clock import database_now
from tiering.services.locks import lock_clients
from tiering.services.override_ledger import finish
from tiering.services.override_telling import tell_ending, tell_over

logger = logging.getLogger(__name__)

BATCH = 200
Found = tuple[int, int]
"""An override and its client, by their ids."""


def lapse_overrides(at: datetime | None = None) -> int:
    """Let what is due at a moment (None: now) lapse, and tell of what ends soon; how many lapsed.

    May be done at any time, by anybody and by several at once: each lapses once, with the tier that follows it. Those
    whose clients somebody else holds at this moment wait for the next time.
    """
    lapsed = sum(_finish_some(due, Override.Status.LAPSED, at) for due in _in_parts(DUE, {"at": at}))
    for gone in _in_parts(GONE, {}):
        _finish_some(gone, Override.Status.ENDED, at)
    tell_ending(at or database_now())
    return lapsed


@transaction.atomic
def _finish_some(found: Sequence[Found], status: Override.Status, at: datetime | None) -> int:
    """Let those of the overrides be over whose clients nobody else holds; how many were."""
    clients = lock_clients(sorted({client for _pk, client in found}))
    closed = finish([pk for pk, _client in found], clients, status, at=at) if clients else []
    # What nobody decided in time was never in force: whoever asked sees it, and nobody else has to know.
    tell_over(Override.objects.filter(pk__in=closed, starts__isnull=False).select_related(*SHOWN))
    if closed:
        logger.info("%s overrides are %s", len(closed), status)
    return len(closed)


def _in_parts(statement: str, params: dict[str, Any]) -> Iterator[Sequence[Found]]:
    """The overrides that a statement finds, by id, so many at a time."""
    after, found = 0, [(0, 0)] * BATCH
    while len(found) == BATCH:
        with connection.cursor() as cursor:
            cursor.execute(statement, {**params, "after": after, "limit": BATCH})
            found = cursor.fetchall()
        if found:
            yield found
            after = found[-1][0]


DUE = """
SELECT id, client_id FROM tiering_override
WHERE status IN ('requested', 'in_force') AND ends <= coalesce(%(at)s, clock_timestamp()) AND id > %(after)s
ORDER BY id LIMIT %(limit)s
"""

# What holds a tier that ended under it: the client takes no part in the project any more.
GONE = """
SELECT o.id, o.client_id FROM tiering_override o
WHERE o.status = 'in_force' AND o.kind = 'output' AND o.id > %(after)s
AND NOT EXISTS (
    SELECT FROM tiering_assignment t WHERE t.client_id = o.client_id AND t.scheme_id = o.scheme_id
    AND t.project_id IS NOT DISTINCT FROM o.project_id AND t.valid_to IS NULL AND t.override_id = o.id)
ORDER BY o.id LIMIT %(limit)s
"""
