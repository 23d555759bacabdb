"""How far a piece of background work is, while its transaction shows nothing of it yet.

Told through Redis, which may forget: progress is for people who watch, and nothing rests on it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from redis import Redis, RedisError

logger = logging.getLogger(__name__)
LASTS = 600  # seconds


@dataclass(frozen=True)
class Progress:
    done: int
    total: int


def tell(work: str, done: int, total: int) -> None:
    """Where Redis is away, nobody is told."""
    try:
        _redis().set(f"progress:{work}", f"{done}/{total}", ex=LASTS)
    except RedisError:
        logger.debug("Nobody is told of the progress of %s", work)


def told(work: str) -> Progress | None:
    """What was told last of the work; None where that is nothing."""
    try:
        said = _redis().get(f"progress:{work}")
    except RedisError:
        return None
    if not isinstance(said, bytes):
        return None
    done, _slash, total = said.decode().partition("/")
    return Progress(int(done), int(total))


@cache
def _redis() -> Redis:
    return Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=1, socket_connect_timeout=1)
