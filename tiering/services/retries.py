"""A second chance for what failed too often: chunks that were set aside, clients that were left behind."""

from django.db import transaction
from django.db.models.functions import Now

from crm.errors import NotPermitted
from crm.models import User
from crm.signals import records_changed
from tiering.errors import NobodyLeftBehind, NothingToRetry
from tiering.models import RetierRequest, RunChunk, TieringRun
from tiering.models.runs import ATTEMPTS
from tiering.selectors.runs import left_behind
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
    TieringRun.objects.filter(pk=run.pk).update(status=TieringRun.Status.PENDING, finished_at=None)
    transaction.on_commit(lambda: run_waiting.send(sender=TieringRun, run=run.pk))
    return opened


@transaction.atomic
def retry_left_behind(*, by: User) -> int:
    """Give the clients left behind, as far as the user may see them, their attempts back; how many clients.

    Raises NotPermitted, or NobodyLeftBehind when no client waits for it (any more).
    """
    if not by.has_perm("tiering.start_runs"):
        raise NotPermitted
    clients = list(left_behind(by).values_list("client", flat=True))
    if not clients:
        raise NobodyLeftBehind
    RetierRequest.objects.filter(client__in=clients, attempts__gte=ATTEMPTS).update(
        attempts=0, due_at=Now(), failure=""
    )
    records_changed()
    return len(clients)
