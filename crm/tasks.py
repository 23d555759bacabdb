"""Background work on client records. Each task takes ids, calls one service and is safe to repeat."""

from celery import shared_task
from django.utils import timezone

from crm.models import BulkEdit
from crm.services import (
    bulk_edits,
    claims,
    digests,
    documents,
    duplicates,
    imports,
    inviting,
    pruning,
    scans,
    stages,
)


# One transaction checks and writes a whole file: longer than other tasks, still within the import's lease.
@shared_task(soft_time_limit=240, time_limit=270)
def run_import(job_id: int) -> None:
    imports.run_import(job_id)


@shared_task
def sweep_imports() -> None:
    """Ring again for imports that wait: a message was lost, or a worker died and its lease ran out."""
    for job_id in imports.due_imports():
        run_import.delay(job_id)


@shared_task(soft_time_limit=240, time_limit=270)
def run_bulk_edit(edit_id: int) -> None:
    bulk_edits.run_edit(edit_id)


@shared_task
def sweep_bulk_edits() -> None:
    """Ring again for bulk edits that wait, as for imports."""
    for edit_id in claims.due(BulkEdit, BulkEdit.RUNNING):
        run_bulk_edit.delay(edit_id)


@shared_task
def send_digests() -> None:
    """Called each minute by beat: make the mails of notices that are due, and send what is not sent yet."""
    digests.make_digests(now=timezone.now())
    digests.send_digests()


@shared_task
def prune_notices() -> None:
    """Called each night by beat: let old notices and their mails go."""
    pruning.prune_notices(now=timezone.now())


# A first look is at everybody: some minutes for a hundred thousand clients. Later ones take seconds.
@shared_task(soft_time_limit=3000, time_limit=3060)
def look_for_duplicates() -> None:
    """Called each night by beat, and after imports: compare clients that changed with whoever they may be one with."""
    duplicates.look_once(now=timezone.now())


@shared_task
def derive_stages() -> None:
    """Called each minute by beat: look at the stages of clients whose records changed."""
    stages.derive_changed(day=timezone.localdate())


@shared_task(soft_time_limit=240, time_limit=270)
def derive_book_stages() -> None:
    """Called each night by beat: look at the stages of the whole book."""
    stages.derive_book(day=timezone.localdate())


@shared_task
def scan_waiting() -> None:
    """Called each minute by beat: look through files that wait for the virus scanner."""
    scans.scan_waiting()


@shared_task
def remind_of_documents() -> None:
    """Called each morning by beat: tell the holders of clients of documents that end."""
    documents.remind_of_ends(day=timezone.localdate())


@shared_task
def send_invitations() -> None:
    """Called each minute by beat: send the mails of campaigns that wait."""
    inviting.send_invitations()
