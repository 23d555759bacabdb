"""Carrying a launched campaign out: rows of its audience, links to a questionnaire, tasks of RMs, and mails.

A mail is a row that waits. Who sends holds it by a lease; one who dies after the mail has left and before that is noted
lets it go out again with the same Message-ID, by which mail programs know it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from datetime import time as day_time
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from crm.campaign_mail import mail_of
from crm.models import AnswerLink, Campaign, Channel, Invitation, User
from crm.models.campaigns import MAX_ATTEMPTS
from crm.selectors.campaign_audience import Invitee
from crm.selectors.consent import people_for
from crm.services.answers import version_in_use
from crm.services.tasks import TaskRow, add_tasks

logger = logging.getLogger(__name__)

INVITE = "campaign-invite"
"""The kind of task that an RM gets for each client to invite by telephone, post or message."""
LEASE: Final = timedelta(minutes=2)
BACK_OFF: Final = timedelta(minutes=2)
"""After the first failure; doubled with each further one."""
SECONDS: Final = 30.0
"""How long one task sends."""
LEAST_DAYS: Final = 7
"""For how long at least a link to a questionnaire is open, however soon the campaign ends."""
CLAIM = """
UPDATE crm_invitation SET attempts = attempts + 1, free_at = statement_timestamp() + make_interval(secs => %s)
WHERE id = (
    SELECT id FROM crm_invitation WHERE delivery = 'waiting' AND free_at <= statement_timestamp() AND attempts < %s
    ORDER BY free_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


def hand_out(*, campaign: Campaign, audience: Sequence[Invitee], by: User) -> None:
    """Write down who is invited and who is left out, in the transaction of the launch."""
    by_mail = campaign.channel == Channel.EMAIL
    links = _links(campaign, audience, by)
    rows = [
        Invitation(
            campaign=campaign,
            client=one.client,
            person=one.person,
            text=one.text,
            link=links.get(one.client.pk),
            tier=one.tier,
            left_out=one.left_out,
            delivery=Invitation.Delivery.WAITING if by_mail and one.is_invited else Invitation.Delivery.NONE,
        )
        for one in audience
    ]
    Invitation.objects.bulk_create(rows)
    if not by_mail:
        add_tasks(kind=INVITE, rows=[_task(campaign, one) for one in audience if one.is_invited])


def _links(campaign: Campaign, audience: Sequence[Invitee], by: User) -> dict[int, AnswerLink]:
    """A link for each who is invited to a questionnaire, open until the campaign ends."""
    if campaign.questionnaire is None:
        return {}
    version = version_in_use(campaign.questionnaire)
    least = timezone.localdate() + timedelta(days=LEAST_DAYS)
    last = datetime.combine(max(campaign.ends_on, least), day_time.max)
    expires_at = timezone.make_aware(last, timezone.get_default_timezone())
    links = [
        AnswerLink(
            client=one.client,
            person=one.person,
            version=version,
            language=one.text.language,
            expires_at=expires_at,
            created_by=by,
        )
        for one in audience
        if one.is_invited and one.text
    ]
    return {link.client_id: link for link in AnswerLink.objects.bulk_create(links)}


def _task(campaign: Campaign, one: Invitee) -> TaskRow:
    return TaskRow(
        origin=f"{INVITE}:{campaign.pk}:{one.client.pk}",
        client=one.client.pk,
        assignee=one.client.rm_id,
        params={
            "campaign": campaign.pk,
            "name": campaign.name,
            "person": one.person.name if one.person else "",
            "channel": campaign.channel,
        },
        due_on=campaign.starts_on,
    )


def send_invitations(*, seconds: float = SECONDS) -> int:
    """Send mails that wait for so long; how many left. In a house that sends no mail everything waits."""
    if not settings.SENDS_MAIL:
        return 0
    # Of one that died in its last attempt nobody knows whether the mail left: it is not sent again.
    spent = Invitation.objects.filter(delivery=Invitation.Delivery.WAITING, attempts__gte=MAX_ATTEMPTS)
    spent.filter(free_at__lte=Now()).update(delivery=Invitation.Delivery.FAILED)
    until, sent = time.monotonic() + seconds, 0
    while time.monotonic() < until and (invitation := _claimed()):
        sent += _send(invitation)
    return sent


def _claimed() -> Invitation | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, [LEASE.total_seconds(), MAX_ATTEMPTS])
        row = cursor.fetchone()
    rows = Invitation.objects.select_related("campaign__owner", "person", "text", "link")
    return rows.get(pk=row[0]) if row else None


def _send(invitation: Invitation) -> bool:
    """Send one mail outside of any transaction, and note what became of it under the claim.

    Whoever took consent back since the launch gets none.
    """
    claim = Invitation.objects.filter(
        pk=invitation.pk, attempts=invitation.attempts, delivery=Invitation.Delivery.WAITING
    )
    person = invitation.person
    allowed = people_for([invitation.client_id], Channel.EMAIL, timezone.localdate())
    if person is None or not allowed.filter(pk=person.pk).exclude(email="").exists():
        claim.update(delivery=Invitation.Delivery.FAILED, failure="Consent was taken back after the launch.")
        return False
    try:
        mail_of(invitation).send()
    except Exception as error:
        logger.warning("Invitation %s could not be sent: %s", invitation.pk, type(error).__name__)
        gives_up = invitation.attempts >= MAX_ATTEMPTS
        claim.update(
            free_at=Now() + BACK_OFF * 2 ** (invitation.attempts - 1),
            failure=type(error).__name__,
            delivery=Invitation.Delivery.FAILED if gives_up else Invitation.Delivery.WAITING,
        )
        return False
    claim.update(delivery=Invitation.Delivery.SENT, sent_at=Now(), failure="")
    return True
