"""The secret address of somebody's calendar: made, made anew, revoked, and read."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import CalendarFeed, User

BYTES = 32
NOTED_EVERY = timedelta(minutes=10)
"""Reading is noted no more often: a calendar program that asks each minute costs no write each time."""


@transaction.atomic
def make_feed(*, by: User) -> str:
    """The secret of a new address for one's own calendar; one that was there before leads nowhere from now on.

    It is given this once: only its digest is kept. Raises NotPermitted.
    """
    if not by.has_perm("crm.view_client"):
        raise NotPermitted
    secret = secrets.token_urlsafe(BYTES)
    CalendarFeed.objects.update_or_create(
        user=by, defaults={"token_hash": _digest(secret), "created_at": timezone.now(), "read_at": None}
    )
    return secret


@transaction.atomic
def revoke_feed(*, by: User) -> bool:
    """Let one's address lead nowhere from now on; whether there was one."""
    gone, _rows = CalendarFeed.objects.filter(user=by).delete()
    return gone > 0


def reader_of(secret: str) -> User | None:
    """Whose calendar the secret leads to, as long as they work here and may see clients; notes that it was read."""
    feeds = CalendarFeed.objects.filter(token_hash=_digest(secret), user__is_active=True)
    feed = feeds.select_related("user").first()
    if feed is None or not feed.user.has_perm("crm.view_client"):
        return None
    lately = Q(read_at__gt=timezone.now() - NOTED_EVERY)
    CalendarFeed.objects.filter(pk=feed.pk).exclude(lately).update(read_at=Now())
    return feed.user


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
