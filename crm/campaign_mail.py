"""The mail that invites a client's person, in the words and the language that were chosen for it. Plain text."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from crm.link_tokens import address_of
from crm.models import Invitation


def mail_of(invitation: Invitation) -> EmailMessage:
    """One mail; its Message-ID is that of the invitation, however often it is sent.

    Words may name the person by {name}; the address of the questionnaire stands below them.
    """
    text, person = invitation.text, invitation.person
    assert text is not None
    assert person is not None
    lines = [text.body.replace("{name}", person.name)]
    if invitation.link is not None:
        address = address_of(invitation.link)
        with translation.override(text.language):
            lines.append(_("Answer here, once and without an account: %(address)s") % {"address": address})
    owner = invitation.campaign.owner
    return EmailMessage(
        subject=" ".join(text.subject.split()),
        body="\n\n".join(lines),
        to=[person.email],
        reply_to=[owner.email] if owner.email else [],
        headers={"Message-ID": message_id(invitation)},
    )


def message_id(invitation: Invitation) -> str:
    """What mail programs know a mail by, e.g. <strata-invitation-17@bank.example>."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<strata-invitation-{invitation.pk}@{domain}>"
