"""How runs are getting on."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone

from tiering.models import Assessment, Assignment, RetierRequest, RunChunk, TieringRun


@dataclass(frozen=True)
class Progress:
    """A run in numbers so far: chunks of the book, clients looked at, and what came of it."""

    chunks: int
    chunks_done: int
    chunks_quarantined: int
    clients: int
    assessed: int
    assigned: int
    proposed: int
    elapsed: timedelta

    @property
    def percent(self) -> int:
        """How much of the book is dealt with; 100 only when nothing waits."""
        return 100 * (self.chunks_done + self.chunks_quarantined) // self.chunks if self.chunks else 100

    @property
    def clients_per_second(self) -> float:
        seconds = self.elapsed.total_seconds()
        return self.clients / seconds if seconds > 0 else 0.0


def progress(run: TieringRun) -> Progress:
    """The run in numbers; one query, or three for a run of changed records, which has no chunks."""
    elapsed = (run.finished_at or timezone.now()) - run.created_at
    if run.trigger == TieringRun.Trigger.CHANGE:
        assessed = Assessment.objects.filter(run=run)
        return Progress(
            chunks=0,
            chunks_done=0,
            chunks_quarantined=0,
            clients=assessed.values("client").distinct().count(),
            assessed=assessed.count(),
            assigned=Assignment.objects.filter(assessment__run=run, proposal=None).count(),
            proposed=run.proposals.count(),
            elapsed=elapsed,
        )
    counted = run.chunks.aggregate(
        chunks=Count("pk"),
        chunks_done=Count("pk", Q(status=RunChunk.Status.DONE)),
        chunks_quarantined=Count("pk", Q(status=RunChunk.Status.QUARANTINED)),
        clients=Sum("clients", default=0),
        assessed=Sum("assessed", default=0),
        assigned=Sum("assigned", default=0),
        proposed=Sum("proposed", default=0),
    )
    return Progress(**counted, elapsed=elapsed)


def waiting_requests() -> int:
    """Requests to re-tier a client that have not been answered."""
    return RetierRequest.objects.count()
