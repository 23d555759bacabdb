"""Mails of notices. A digest is a row: made with its notices in one transaction, and sent afterwards.

Who sends holds the row by a lease. One who dies after the mail has left and before that is noted lets it go out again,
with the same Message-ID, by which mail programs know it.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Min, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from crm.core.rhythm import Wish, slot_at
from crm.digest_mail import mail_of
from crm.models import Digest, Notice, NoticeSettings, Role, User
from crm.models.notices import MAX_ATTEMPTS
from crm.services.notices import notify

logger = logging.getLogger(__name__)

MAIL_FAILED = "mail-failed"
"""The kind of notice that system administrators get when a mail is given up."""

LEASE: Final = timedelta(minutes=2)
BACK_OFF: Final = timedelta(minutes=2)
"""After the first failure; doubled with each further one."""
SECONDS: Final = 30.0
"""How long one task sends: well within its limit, whatever the mail server takes for a single one."""
COMPOSING: Final = 7_153_204_801
"""The lock of who makes digests: two at once would share out the notices of one mail."""

MAKE = """
WITH made AS (
    INSERT INTO crm_digest (user_id, slot, status)
    SELECT due.person, due.slot, 'waiting'
    FROM jsonb_to_recordset(%(due)s::jsonb) AS due (person bigint, slot text)
    ON CONFLICT (user_id, slot) DO NOTHING
    RETURNING id, user_id
)
UPDATE crm_notice notice SET digest_id = made.id
FROM made
JOIN jsonb_to_recordset(%(due)s::jsonb) AS due (person bigint, closes timestamptz) ON due.person = made.user_id
WHERE notice.recipient_id = made.user_id AND notice.created_at < due.closes
  AND notice.to_mail AND notice.digest_id IS NULL AND notice.read_at IS NULL
"""
CLAIM = """
UPDATE crm_digest SET attempts = attempts + 1, free_at = statement_timestamp() + make_interval(secs => %s)
WHERE id = (
    SELECT id FROM crm_digest WHERE status = 'waiting' AND free_at <= statement_timestamp() AND attempts < %s
    ORDER BY free_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


@dataclass(frozen=True)
class Due:
    """A digest that is to be made for a person: of what was told before `closes`."""

    person: int
    slot: str
    closes: datetime


@transaction.atomic
def make_digests(*, now: datetime) -> int:
    """Put notices that wait into the digests that are due at a moment; how many notices. Safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [COMPOSING])
        if not cursor.fetchone()[0]:
            return 0
        due = [vars(one) for one in _due(now)]
        if not due:
            return 0
        cursor.execute(MAKE, {"due": json.dumps(due, cls=DjangoJSONEncoder)})
        return cursor.rowcount


def _due(now: datetime) -> Iterator[Due]:
    """Slots that have begun, of people for whom something waits since before them."""
    waiting = dict(
        Notice.objects.unmailed()
        .order_by()
        .values("recipient")
        .annotate(Min("created_at"))
        .values_list("recipient", "created_at__min")
    )
    wishes = {one.user_id: one for one in NoticeSettings.objects.filter(user__in=waiting)}
    local = timezone.localtime(now, timezone.get_default_timezone())
    for person, since in waiting.items():
        slot = slot_at(_wish(wishes.get(person) or NoticeSettings()), local)
        if slot and since < slot.closes:
            yield Due(person, slot.key, slot.closes)


def _wish(chosen: NoticeSettings) -> Wish:
    return Wish(
        rhythm=cast(Any, chosen.rhythm),
        hour=chosen.hour,
        weekday=chosen.weekday,
        quiet_from=chosen.quiet_from,
        quiet_until=chosen.quiet_until,
    )


def send_digests(*, seconds: float = SECONDS) -> int:
    """Send what is due for so long; how many mails left. In a house that sends no mail everything waits."""
    if not settings.SENDS_MAIL:
        return 0
    _give_up_spent()
    until, sent = time.monotonic() + seconds, 0
    while time.monotonic() < until and (digest := _claimed()):
        sent += _send(digest)
    return sent


def retry_digests(digests: QuerySet[Digest]) -> int:
    """Let digests that were given up be tried again; how many."""
    given_up = digests.filter(status=Digest.Status.FAILED)
    return given_up.update(status=Digest.Status.WAITING, attempts=0, free_at=Now())


def _claimed() -> Digest | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, [LEASE.total_seconds(), MAX_ATTEMPTS])
        row = cursor.fetchone()
    return Digest.objects.select_related("user__notice_settings").get(pk=row[0]) if row else None


def _send(digest: Digest) -> bool:
    """Send one mail outside of any transaction, and note what became of it under the claim."""
    claim = Digest.objects.filter(pk=digest.pk, attempts=digest.attempts, status=Digest.Status.WAITING)
    try:
        mail = _mail(digest)
        if mail is None:
            claim.update(status=Digest.Status.DROPPED)
            return False
        mail.send()
    except Exception as error:
        logger.warning("Digest %s could not be sent: %s", digest.pk, error)
        wait = BACK_OFF * 2 ** (digest.attempts - 1)
        failure = f"{type(error).__name__}: {error}"[:300]
        claim.update(free_at=Now() + wait, failure=failure)
        if digest.attempts >= MAX_ATTEMPTS:
            _give_up_spent(digest.pk)
        return False
    claim.update(status=Digest.Status.SENT, sent_at=Now(), failure="")
    return True


def _mail(digest: Digest) -> EmailMessage | None:
    """The mail of what the recipient may still know; None where that is nothing, or where they are gone."""
    notices = list(
        Notice.objects.visible_to(digest.user).filter(digest=digest).select_related("client").order_by("pk")
    )
    if not (notices and digest.user.is_active and digest.user.email):
        return None
    return mail_of(digest, notices)


@transaction.atomic
def _give_up_spent(pk: int | None = None) -> None:
    """After the last attempt (or the lease of one that died in it) a digest stays for the administrators to see."""
    spent = Digest.objects.filter(status=Digest.Status.WAITING, attempts__gte=MAX_ATTEMPTS)
    spent = spent.filter(free_at__lte=Now()) if pk is None else spent.filter(pk=pk)
    for digest in spent.select_for_update(of=("self",), skip_locked=True).select_related("user"):
        digest.status = Digest.Status.FAILED
        digest.save(update_fields=["status"])
        _tell_administrators(digest)


def _tell_administrators(digest: Digest) -> None:
    logger.error("Digest %s failed %s times and is given up", digest.pk, MAX_ATTEMPTS)
    notify(
        kind=MAIL_FAILED,
        event=f"{MAIL_FAILED}:{digest.pk}",
        recipients=User.objects.filter(role=Role.SYSTEM_ADMIN, is_active=True),
        params={"digest": digest.pk, "name": digest.user.name, "name_zh": digest.user.name_zh},
    )
