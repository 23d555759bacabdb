"""How runs are getting on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from crm.models import User
from tiering.models import Assessment, Assignment, Proposal, RetierRequest, RunChunk, TieringRun
from tiering.models.runs import ATTEMPTS

OF_CHUNKS: dict[str, Any] = {
    "chunks": Count("pk"),
    "chunks_done": Count("pk", Q(status=RunChunk.Status.DONE)),
    "chunks_quarantined": Count("pk", Q(status=RunChunk.Status.QUARANTINED)),
    **{f"sum_{name}": Sum(name) for name in ("clients", "assessed", "assigned", "proposed")},
}


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


def every_run() -> QuerySet[TieringRun]:
    """Runs belong to the whole book; what they did to clients is shown as far as the reader may see the clients."""
    return TieringRun.objects.select_related("version__criteria__scheme", "requested_by").defer(
        "version__document"
    )


def progress(run: TieringRun) -> Progress:
    """One run in numbers."""
    return progress_of([run])[run.pk]


def progress_of(runs: Sequence[TieringRun]) -> dict[int, Progress]:
    """Runs in numbers by their ids; five queries at most, however many there are."""
    counts = _cut_runs([run.pk for run in runs])
    counts |= _gathering_runs([run.pk for run in runs if run.pk not in counts])
    return {run.pk: Progress(**counts[run.pk], elapsed=elapsed(run)) for run in runs}


def elapsed(run: TieringRun) -> timedelta:
    """How long the run took, or has been under way."""
    return (run.finished_at or timezone.now()) - run.created_at


def left_behind(user: User) -> QuerySet[RetierRequest]:
    """For each client the user may see whose changed records could not be answered, the request that failed last."""
    failed = RetierRequest.objects.visible_to(user).filter(attempts__gte=ATTEMPTS)
    return failed.order_by("client", "-due_at", "-pk").distinct("client").select_related("client")


def _cut_runs(runs: Sequence[int]) -> dict[int, dict[str, int]]:
    """Counts over the chunks of the runs that have any."""
    rows = RunChunk.objects.filter(run__in=runs).values("run").annotate(**OF_CHUNKS)
    names = [name.removeprefix("sum_") for name in OF_CHUNKS]
    counted = rows.values_list("run", *OF_CHUNKS)
    return {run: dict(zip(names, numbers, strict=True)) for run, *numbers in counted}


def _gathering_runs(runs: Sequence[int]) -> dict[int, dict[str, int]]:
    """Counts of runs without chunks: those that gather changed records, and runs over an empty book."""
    found = Assessment.objects.filter(run__in=runs).values_list("run")
    by_runs = Assignment.objects.filter(assessment__run__in=runs, proposal=None, override=None)
    moved = by_runs.values_list("assessment__run")
    proposals = Proposal.objects.filter(run__in=runs).values_list("run")
    counts = {
        "clients": dict(found.annotate(n=Count("client", distinct=True))),
        "assessed": dict(found.annotate(n=Count("pk"))),
        "assigned": dict(moved.annotate(n=Count("pk"))),
        "proposed": dict(proposals.annotate(n=Count("pk"))),
    }
    no_chunks = {"chunks": 0, "chunks_done": 0, "chunks_quarantined": 0}
    return {pk: {**no_chunks, **{name: by_run.get(pk, 0) for name, by_run in counts.items()}} for pk in runs}
