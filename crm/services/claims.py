"""Background work as a row: claimed with a lease and an attempt's number as token, so that nobody does it twice.

A row has `status`, `attempts`, `lease_until` and `finished_at`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import F, Model, Q
from django.db.models.functions import Now

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 5
M = TypeVar("M", bound=Model)


def _waiting(model: type[M], running: Collection[str]) -> Any:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    return model._base_manager.filter(free, status__in=running)


def due(model: type[M], running: Collection[str]) -> list[int]:
    """Work that waits and that nobody holds."""
    return list(_waiting(model, running).values_list("pk", flat=True))


def claim(model: type[M], pk: int, running: Collection[str], **given_up: Any) -> M | None:
    """The row with a lease and a new attempt; None where it is held, done, or given up after too many attempts."""
    waiting = _waiting(model, running).filter(pk=pk)
    if waiting.filter(attempts__lt=MAX_ATTEMPTS).update(
        attempts=F("attempts") + 1, lease_until=Now() + LEASE
    ):
        return model._base_manager.get(pk=pk)
    waiting.filter(attempts__gte=MAX_ATTEMPTS).update(lease_until=None, finished_at=Now(), **given_up)
    return None


def release(row: Any) -> None:
    type(row)._base_manager.filter(pk=row.pk, attempts=row.attempts).update(lease_until=None)
