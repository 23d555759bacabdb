"""Following clients, and telling those who follow what happens to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from crm.errors import NotPermitted
from crm.models import Client, Follow, User
from crm.selectors.audience import followers_of
from crm.services.notices import NoticeRow, notify_many

INTERACTION = "followed-interaction"
"""The kind of notice that followers get of contacts with a client."""

TITLE = gettext_lazy("Clients that you follow")


@transaction.atomic
def follow_client(*, by: User, client: Client) -> bool:
    """Be told from now on of what happens to a client; whether one was not already. Raises NotPermitted."""
    if not Client.objects.visible_to(by).filter(pk=client.pk).exists():
        raise NotPermitted
    _follow, is_new = Follow.objects.get_or_create(user=by, client=client)
    return is_new


@transaction.atomic
def unfollow_client(*, by: User, client: Client) -> bool:
    """Be told no more; whether one was before."""
    gone, _rows = Follow.objects.filter(user=by, client=client).delete()
    return gone > 0


def tell_followers(*, kind: str, rows: Iterable[NoticeRow], but: Mapping[int, Collection[int]]) -> int:
    """Tell the followers of each row's client instead of its recipient, as part of the caller's transaction.

    `but` are, by client, those who are told of it anyway or did it. How many had not been told.
    """
    given = [row for row in rows if row.client is not None]
    followers = followers_of({row.client for row in given if row.client is not None})
    told = [
        NoticeRow(event=f"{kind}:{row.event}", recipient=person, params=row.params, client=row.client)
        for row in given
        if row.client is not None
        for person in sorted(followers.get(row.client, set()) - set(but.get(row.client, ())))
    ]
    return notify_many(kind=kind, rows=told) if told else 0


def of_client(event: str, client: int, params: Mapping[str, Any]) -> NoticeRow:
    """What happened to a client, for `tell_followers`."""
    return NoticeRow(event=event, recipient=0, params=params, client=client)
