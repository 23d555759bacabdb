"""What the bell shows, and how somebody has chosen to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from crm.models import Notice, NoticePreference, NoticeSettings, User
from crm.notices import NoticeKind, kinds
from crm.prepared import Reader, prepared

MOST_COUNTED: Final = 99
FRESH: Final = timedelta(minutes=10)
"""How long what is bad is told of itself, besides standing in the list."""
MOST_TOLD: Final = 3


@dataclass(frozen=True)
class Bell:
    """How many notices are unread (one more than `MOST_COUNTED` for "more"), and a token that changes with them."""

    unread: int
    token: str

    @property
    def is_capped(self) -> bool:
        return self.unread > MOST_COUNTED

    @property
    def text(self) -> str:
        return f"{MOST_COUNTED}+" if self.is_capped else str(self.unread or "")


def bell_of(user: User) -> Bell:
    """One look at the index of unread notices."""
    ids = [pk for (pk,) in _unread(Reader.of(user))]
    return Bell(len(ids), f"{ids[0]}-{ids[-1]}-{len(ids)}" if ids else "0")


@prepared
def _unread(reader: Reader) -> QuerySet[Notice, tuple[int]]:
    """The newest ones, as far as they are counted."""
    newest = Notice.objects.visible_to(reader.user).unread().order_by("-pk")
    return newest.values_list("pk")[: MOST_COUNTED + 1]


def urgent_news(user: User, now: datetime) -> list[Notice]:
    """What is bad, unread and has come up in the last minutes, the newest first."""
    bad = [kind.key for kind in kinds if kind.is_bad]
    fresh = Notice.objects.visible_to(user).unread().filter(kind__in=bad, created_at__gt=now - FRESH)
    return list(fresh.order_by("-pk")[:MOST_TOLD])


def settings_of(user: User) -> NoticeSettings:
    """How the user wants to get mails: as chosen, or as everybody does who has chosen nothing."""
    return NoticeSettings.objects.filter(user=user).first() or NoticeSettings(user=user)


def kinds_for(user: User) -> list[NoticeKind]:
    """The kinds that can reach somebody of that role."""
    return [kind for kind in kinds if user.role in kind.reaches]


def choices_of(user: User) -> list[tuple[NoticeKind, bool, bool]]:
    """The kinds that can reach the user, with whether they are told of each in the page, and by mail."""
    chosen = {one.kind: one for one in NoticePreference.objects.filter(user=user)}

    def choice(kind: NoticeKind) -> tuple[NoticeKind, bool, bool]:
        own = chosen.get(kind.key)
        in_app = kind.is_bad or own is None or own.in_app
        return kind, in_app, kind.mail if own is None else own.mail

    return [choice(kind) for kind in kinds_for(user)]
