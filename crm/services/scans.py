"""Looking through files for viruses that wait for it: the scanner was away when they came, or not set yet."""

from __future__ import annotations

import logging
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from crm.models import Attachment, AttachmentScan
from crm.scanning import Scan, scanner_of

AT_ONCE: Final = 20
State = AttachmentScan.State
logger = logging.getLogger(__name__)


def scan_waiting() -> int:
    """Look through some of the files that wait, the least tried first; how many were answered.

    Files that came while no scanner was set wait from the day on which there is one. Without a scanner nothing is done.
    """
    scan = scanner_of(settings.ATTACHMENT_SCANNER)
    if scan is None:
        return 0
    _line_up()
    waiting = AttachmentScan.objects.filter(state=State.WAITING).order_by("attempts", "pk")[:AT_ONCE]
    return sum(_scan_one(scan, pk) for pk in list(waiting.values_list("pk", flat=True)))


def _line_up() -> None:
    unknown = Attachment.objects.filter(scan=None).order_by("pk")[:AT_ONCE]
    AttachmentScan.objects.bulk_create(
        [AttachmentScan(attachment=one, state=State.WAITING) for one in unknown], ignore_conflicts=True
    )


def _scan_one(scan: Scan, pk: int) -> bool:
    """Whether the scanner answered. Another worker that has the file at hand is not waited for."""
    with transaction.atomic():
        rows = AttachmentScan.objects.select_for_update(skip_locked=True, of=("self",))
        row = rows.select_related("attachment__content").filter(pk=pk, state=State.WAITING).first()
        if row is None:
            return False
        try:
            finding = scan(row.attachment.name, bytes(row.attachment.content.data))
        except Exception:
            logger.exception("The virus scanner failed")
            AttachmentScan.objects.filter(pk=pk).update(attempts=F("attempts") + 1)
            return False
        row.state = State.INFECTED if finding else State.CLEAN
        row.finding, row.scanned_at = finding[:200], timezone.now()
        row.save(update_fields=["state", "finding", "scanned_at"])
        return True
