"""The words of a mail of notices, in the language that the recipient chose for mails. Plain text."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import Digest, Notice
from crm.telling import line_of

MOST_LINES = 100


def mail_of(digest: Digest, notices: Sequence[Notice]) -> EmailMessage:
    """One mail of these notices. Its Message-ID is that of the digest, however often it is sent."""
    chosen = getattr(digest.user, "notice_settings", None)
    with translation.override((chosen and chosen.language) or settings.LANGUAGE_CODE):
        context = {
            "user": digest.user,
            "lines": [line_of(notice) for notice in notices[:MOST_LINES]],
            "more": max(0, len(notices) - MOST_LINES),
            "base_url": settings.BASE_URL,
        }
        return EmailMessage(
            subject=_subject(notices),
            body=render_to_string("crm/notices/mail.txt", context),
            to=[digest.user.email],
            headers={"Message-ID": message_id(digest), "Auto-Submitted": "auto-generated"},
        )


def message_id(digest: Digest) -> str:
    """What mail programs know a mail by, e.g. <strata-digest-17@bank.example>."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<strata-digest-{digest.pk}@{domain}>"


def _subject(notices: Sequence[Notice]) -> str:
    """Counts alone: subjects are shown on locked screens."""
    bad = sum(line_of(notice).severity == "bad" for notice in notices)
    told = ngettext("%(count)d notice", "%(count)d notices", len(notices)) % {"count": len(notices)}
    if not bad:
        return _("Strata: %(notices)s") % {"notices": told}
    return _("Strata: %(notices)s, %(bad)d of them urgent") % {"notices": told, "bad": bad}
