"""Taking files in as evidence: few kinds, checked by content, and looked through for viruses where a scanner is set."""

from __future__ import annotations

import hashlib
import logging
import unicodedata
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.errors import NotPermitted
from crm.models import Attachment, AttachmentContent, AttachmentDownload, AttachmentScan, Client, User
from crm.scanning import scanner_of
from crm.sniffing import FileRefused, content_type_of

logger = logging.getLogger(__name__)
State = AttachmentScan.State


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


class WaitsForScan(FileRefused):
    code = "waits_for_scan"
    message = _("“%(name)s” waits to be looked through for viruses. Try again in some minutes.")
    status = 409


class Quarantined(FileRefused):
    code = "quarantined"
    message = _(
        "“%(name)s” is in quarantine: the virus scanner found %(finding)s. It is handed out to nobody."
    )
    status = 409


@transaction.atomic
def attach(*, file: File, client: Client | None, by: User) -> Attachment:
    """Keep a file as it is, for a client that `by` may see, or for none.

    Raises NotPermitted, and FileRefused's kinds: BadName, UnknownKind, WrongContent, Bomb, HasMacros, FileTooLarge,
    EmptyFile, Infected. Where the scanner gives no answer the file waits for it (`crm.services.scans`).
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
    state = _scan(name, data)
    attachment = Attachment.objects.create(
        name=name,
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        client=client,
        uploaded_by=by,
    )
    AttachmentContent.objects.create(attachment=attachment, data=data)
    if state is not None:
        scanned_at = timezone.now() if state == State.CLEAN else None
        AttachmentScan.objects.create(attachment=attachment, state=state, scanned_at=scanned_at)
    return attachment


def check_servable(attachment: Attachment) -> None:
    """Hold a file back that waits for the scanner or is infected. Raises WaitsForScan and Quarantined."""
    scan = AttachmentScan.objects.filter(attachment=attachment).first()
    if scan is not None and scan.state == State.WAITING:
        raise WaitsForScan(name=attachment.name)
    if scan is not None and scan.state == State.INFECTED:
        raise Quarantined(name=attachment.name, finding=scan.finding)


def note_download(*, attachment: Attachment, by: User) -> None:
    """Keep that somebody is handed a file. Raises WaitsForScan and Quarantined."""
    check_servable(attachment)
    AttachmentDownload.objects.create(attachment=attachment, by=by)


def _scan(name: str, data: bytes) -> State | None:
    """What the scanner says of a new file; None where none is set. Raises Infected."""
    try:
        scan = scanner_of(settings.ATTACHMENT_SCANNER)
        if scan is None:
            return None
        finding = scan(name, data)
    except Exception:
        logger.exception("The virus scanner failed")
        return State.WAITING
    if finding:
        raise Infected(name=name, finding=finding)
    return State.CLEAN
