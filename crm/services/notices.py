"""Telling people: notices are written in the transaction of what happened, once for each event and recipient."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models.functions import Now

from crm.errors import Invalid
from crm.models import Notice, NoticePreference, NoticeSettings, User
from crm.notices import NoticeKind, kinds

INSERT = """
INSERT INTO crm_notice (recipient_id, kind, event, params, client_id, in_app, to_mail)
SELECT told.recipient, %(kind)s, told.event, told.params, told.client,
       %(is_bad)s OR coalesce(preferred.in_app, true),
       %(mails)s AND person.email <> '' AND coalesce(preferred.mail, %(mail)s)
           AND coalesce(chosen.rhythm, 'daily') <> 'none'
FROM jsonb_to_recordset(%(rows)s::jsonb) AS told (event text, recipient bigint, params jsonb, client bigint)
JOIN crm_user person ON person.id = told.recipient AND person.is_active
LEFT JOIN crm_noticepreference preferred
    ON preferred.user_id = told.recipient AND preferred.kind = %(kind)s
LEFT JOIN crm_noticesettings chosen ON chosen.user_id = told.recipient
ORDER BY told.recipient, told.event
ON CONFLICT (recipient_id, event) DO NOTHING
"""
# In the order of their keys, so that two sets at once wait for each other instead of blocking each other.


@dataclass(frozen=True, kw_only=True)
class NoticeRow:
    """Something to tell one person (id). `event` names what happened; it is told to a person once, for good."""

    event: str
    recipient: int
    params: Mapping[str, Any] = field(default_factory=dict)
    client: int | None = None


def notify(
    *,
    kind: str,
    event: str,
    recipients: Iterable[int | User],
    params: Mapping[str, Any],
    client: int | None = None,
) -> int:
    """Tell people of an event, as part of the caller's transaction; how many had not been told yet.

    Raises KeyError for a kind that no app has registered. Whoever is not active is not told.
    """
    people = {person.pk if isinstance(person, User) else person for person in recipients}
    return notify_many(
        kind=kind,
        rows=[NoticeRow(event=event, recipient=person, params=params, client=client) for person in people],
    )


def notify_many(*, kind: str, rows: Iterable[NoticeRow]) -> int:
    """Tell many people of events of one kind in one statement, as part of the caller's transaction; how many are new."""
    known = kinds[kind]
    told = [_written(row) for row in rows]
    if not told:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            {
                "kind": kind,
                "is_bad": known.is_bad,
                "mail": known.mail,
                "mails": settings.SENDS_MAIL,
                "rows": json.dumps(told, cls=DjangoJSONEncoder),
            },
        )
        return cursor.rowcount


def _written(row: NoticeRow) -> dict[str, Any]:
    return {
        "event": row.event,
        "recipient": row.recipient,
        "params": dict(row.params),
        "client": row.client,
    }


def mark_read(*, user: User, ids: Collection[int]) -> int:
    """Note that the user has read notices; how many were unread. Those of others are not there."""
    return Notice.objects.visible_to(user).unread().filter(pk__in=ids).update(read_at=Now())


def mark_all_read(*, user: User, until: int) -> int:
    """Note that the user has read every notice up to the one (id) that stood first; later ones are still unread."""
    return Notice.objects.visible_to(user).unread().filter(pk__lte=until).update(read_at=Now())


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """When mails go out; see `NoticeSettings`."""

    rhythm: str
    hour: int
    weekday: int
    quiet_from: time | None = None
    quiet_until: time | None = None
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """How to be told of a kind: in the page, by mail."""

    in_app: bool
    mail: bool


@transaction.atomic
def save_settings(*, user: User, rhythm: Rhythm, choices: Mapping[str, Choice]) -> NoticeSettings:
    """Keep how the user wants to be told; kinds that are not named stay as they were.

    What waits for a mail that the user does not want any more goes into none. Raises Invalid.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    saved = NoticeSettings.objects.filter(user=user).first() or NoticeSettings(user=user)
    for name, value in vars(rhythm).items():
        setattr(saved, name, value)
    chosen = {kinds[key]: choice for key, choice in choices.items() if kinds.get(key)}
    try:
        saved.full_clean(exclude=["user"])
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    saved.save()
    NoticePreference.objects.bulk_create(
        [_preference(user, kind, choice) for kind, choice in chosen.items()],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["in_app", "mail"],
    )
    _withdraw(user, saved, [kind.key for kind, choice in chosen.items() if not choice.mail])
    return saved


def _preference(user: User, kind: NoticeKind, choice: Choice) -> NoticePreference:
    """What is bad is told in the page, whatever was chosen."""
    return NoticePreference(user=user, kind=kind.key, in_app=choice.in_app or kind.is_bad, mail=choice.mail)


def _withdraw(user: User, saved: NoticeSettings, unwanted: list[str]) -> None:
    waiting = Notice.objects.filter(recipient=user).unmailed()
    if saved.rhythm != NoticeSettings.Rhythm.NONE:
        waiting = waiting.filter(kind__in=unwanted)
    waiting.update(to_mail=False)
