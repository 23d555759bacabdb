"""Taking files in as evidence: few kinds, checked by content, and looked through for viruses where a scanner is set."""

from __future__ import annotations

import hashlib
import logging
import unicodedata
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from crm.errors import NotPermitted
from crm.models import Attachment, AttachmentContent, Client, User
from crm.sniffing import FileRefused, content_type_of

logger = logging.getLogger(__name__)


class File(Protocol):
    """An uploaded file, or any other with a name."""

    name: str | None

    def read(self, size: int = -1, /) -> bytes: ...


class FileTooLarge(FileRefused):
    code = "file_too_large"
    message = _("“%(name)s” is larger than %(limit)s MB. Hand in the part that matters.")


class EmptyFile(FileRefused):
    code = "empty_file"
    message = _("“%(name)s” is empty.")


class Infected(FileRefused):
    code = "infected"
    message = _("The virus scanner refuses “%(name)s”: %(finding)s. Nothing of it was kept.")


class NotScanned(FileRefused):
    code = "not_scanned"
    message = _("“%(name)s” cannot be looked through for viruses at the moment. Try again later.")
    status = 503


@transaction.atomic
def attach(*, file: File, client: Client | None, by: User) -> Attachment:
    """Keep a file as it is, for a client that `by` may see, or for none.

    Raises NotPermitted, and FileRefused's kinds: BadName, UnknownKind, WrongContent, Bomb, HasMacros, FileTooLarge,
    EmptyFile, Infected, NotScanned.
    """
    if not by.has_perm("crm.attach"):
        raise NotPermitted
    if client is not None and not Client.objects.visible_to(by).filter(pk=client.pk).exists():
        raise NotPermitted
    name = unicodedata.normalize("NFC", file.name or "")
    data = file.read(settings.ATTACHMENT_MAX_BYTES + 1)
    if len(data) > settings.ATTACHMENT_MAX_BYTES:
        raise FileTooLarge(name=name, limit=settings.ATTACHMENT_MAX_BYTES // 2**20)
    if not data:
        raise EmptyFile(name=name)
    content_type = content_type_of(name, data)
    _scan(name, data)
    attachment = Attachment.objects.create(
        name=name,
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        client=client,
        uploaded_by=by,
    )
    AttachmentContent.objects.create(attachment=attachment, data=data)
    return attachment


def _scan(name: str, data: bytes) -> None:
    """Ask the scanner that the settings name: `scan(name, data)` gives what it found, or "". No answer, no file."""
    if not settings.ATTACHMENT_SCANNER:
        return
    try:
        finding = import_string(settings.ATTACHMENT_SCANNER)(name, data)
    except Exception as error:
        logger.exception("The virus scanner failed")
        raise NotScanned(name=name) from error
    if finding:
        raise Infected(name=name, finding=finding)
