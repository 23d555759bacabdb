"""Letting old notices go, with the mails that they went out in."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection

from crm.notices import kinds

logger = logging.getLogger(__name__)

AT_A_TIME: Final = 20_000
"""Notices that one statement lets go, so that none holds up others for long."""
SECONDS: Final = 30.0


@dataclass(frozen=True)
class Pruned:
    """How many rows went."""

    notices: int = 0
    mails: int = 0

    def __add__(self, other: Pruned) -> Pruned:
        return Pruned(self.notices + other.notices, self.mails + other.mails)


def prune_notices(*, now: datetime, at_a_time: int = AT_A_TIME, seconds: float = SECONDS) -> Pruned:
    """Let notices go that are older than the house keeps them, unread ones later, and mails of which none is left; how
    many. What is left after a while, the next night takes.

    A notice stays whose mail is yet to be sent, and one whose event would be told again without it
    (`NoticeKind.is_retold`).
    """
    until, gone = time.monotonic() + seconds, Pruned()
    while time.monotonic() < until:
        part = _prune(now, at_a_time)
        gone += part
        if part.notices < at_a_time:
            break
    logger.info("%s notices and %s mails of them are let go", gone.notices, gone.mails)
    return gone


def _prune(now: datetime, at_a_time: int) -> Pruned:
    with connection.cursor() as cursor:
        cursor.execute(
            PRUNE,
            {
                "read": now - timedelta(days=settings.NOTICE_DAYS),
                "unread": now - timedelta(days=settings.UNREAD_NOTICE_DAYS),
                "retold": [kind.key for kind in kinds if kind.is_retold],
                "limit": at_a_time,
            },
        )
        return Pruned(*cursor.fetchone())


# What is told by mail alone counts as read once it is in one. A mail goes with the last of its notices.
PRUNE: Final = """
WITH gone AS (
    DELETE FROM crm_notice WHERE id IN (
        SELECT n.id FROM crm_notice n LEFT JOIN crm_digest d ON d.id = n.digest_id
        WHERE n.created_at < CASE WHEN n.read_at IS NULL AND (n.in_app OR n.to_mail AND n.digest_id IS NULL)
            THEN %(unread)s::timestamptz ELSE %(read)s::timestamptz END
        AND n.kind <> ALL(%(retold)s::text[])
        AND coalesce(d.status, 'sent') <> 'waiting'
        ORDER BY n.id LIMIT %(limit)s FOR UPDATE OF n SKIP LOCKED
    )
    RETURNING id, digest_id
), mails AS (
    DELETE FROM crm_digest d WHERE d.status <> 'waiting' AND d.created_at < %(read)s AND NOT EXISTS (
        SELECT FROM crm_notice n WHERE n.digest_id = d.id AND n.id NOT IN (SELECT id FROM gone))
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM mails)
"""
