"""A second chance for chunks that were set aside."""

from django.db import transaction

from crm.errors import NotPermitted
from crm.models import User
from tiering.errors import NothingToRetry
from tiering.models import RunChunk, TieringRun
from tiering.signals import run_waiting


@transaction.atomic
def retry_quarantined(*, run: TieringRun, by: User) -> int:
    """Give the quarantined chunks of a run their attempts back and open the run again; the number of chunks.

    The run keeps its version and as-of moment: clients of whom something newer is known meanwhile are passed over.
    Raises NotPermitted, or NothingToRetry when no chunk is quarantined (any more).
    """
    if not by.has_perm("tiering.start_runs"):
        raise NotPermitted
    TieringRun.objects.select_for_update().get(pk=run.pk)
    chunks = RunChunk.objects.filter(run=run, status=RunChunk.Status.QUARANTINED)
    opened = chunks.update(
        status=RunChunk.Status.PENDING, attempts=0, token=None, lease_until=None, failure="", finished_at=None
    )
    if not opened:
        raise NothingToRetry
    TieringRun.objects.filter(pk=run.pk).update(status=TieringRun.Status.RUNNING, finished_at=None)
    transaction.on_commit(lambda: run_waiting.send(sender=TieringRun, run=run.pk))
    return opened
