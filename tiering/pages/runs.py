"""What the pages of runs show: progress and counts of each run, and its moves as a matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from tiering.models import Assessment, Assignment, Proposal, RunChunk, Tier, TieringRun
from tiering.selectors.moves import Move
from tiering.selectors.runs import Progress

HEAT_STEPS = 3
COUNTED = ("clients", "assessed", "assigned", "proposed")


@dataclass(frozen=True)
class Line:
    """A run in the list."""

    run: TieringRun
    progress: Progress
    duration: str


@dataclass(frozen=True)
class Cell:
    """How many clients moved from one tier to another; `css` colours it by direction and distance."""

    before: Tier | None
    after: Tier
    clients: int
    css: str


@dataclass(frozen=True)
class MatrixRow:
    before: Tier | None
    cells: list[Cell]


def lines_of(runs: Sequence[TieringRun]) -> list[Line]:
    """Runs with how far they are; four queries however many there are."""
    cut = _cut_runs([run.pk for run in runs])
    gathering = _gathering_runs([run.pk for run in runs if run.pk not in cut])
    return [
        Line(run, Progress(**(cut.get(run.pk) or gathering[run.pk]), elapsed=_elapsed(run)), duration(run))
        for run in runs
    ]


def _cut_runs(runs: Sequence[int]) -> dict[int, dict[str, int]]:
    """Counts by run over its chunks."""
    counts = {
        "chunks": Count("pk"),
        "chunks_done": Count("pk", Q(status=RunChunk.Status.DONE)),
        "chunks_quarantined": Count("pk", Q(status=RunChunk.Status.QUARANTINED)),
        **{f"all_{name}": Sum(name, default=0) for name in COUNTED},
    }
    rows = RunChunk.objects.filter(run__in=runs).values("run").annotate(**counts).values_list("run", *counts)
    names = [name.removeprefix("all_") for name in counts]
    return {run: dict(zip(names, numbers, strict=True)) for run, *numbers in rows}


def _gathering_runs(runs: Sequence[int]) -> dict[int, dict[str, int]]:
    """Counts of runs that gather changed records and so have no chunks."""
    assessed = Counter(
        dict(Assessment.objects.filter(run__in=runs).values_list("run").annotate(n=Count("pk")))
    )
    moved = Assignment.objects.filter(assessment__run__in=runs, proposal=None)
    assigned = Counter(dict(moved.values_list("assessment__run").annotate(n=Count("pk"))))
    proposed = Counter(dict(Proposal.objects.filter(run__in=runs).values_list("run").annotate(n=Count("pk"))))
    return {
        pk: {
            **dict.fromkeys(("chunks", "chunks_done", "chunks_quarantined"), 0),
            "clients": assessed[pk],
            "assessed": assessed[pk],
            "assigned": assigned[pk],
            "proposed": proposed[pk],
        }
        for pk in runs
    }


def matrix_of(moves: Mapping[Move, int], tiers: Sequence[Tier]) -> list[MatrixRow]:
    """A row for each tier left and a column for each tier reached; a last row for first tiers, if there are any."""
    befores: list[Tier | None] = [*tiers]
    if any(before is None for before, _after in moves):
        befores.append(None)
    return [MatrixRow(before, [_cell(before, after, moves) for after in tiers]) for before in befores]


def duration(run: TieringRun) -> str:
    """How long the run took; empty while it is under way."""
    return _spell(_elapsed(run)) if run.finished_at else ""


def _elapsed(run: TieringRun) -> timedelta:
    return (run.finished_at or timezone.now()) - run.created_at


def _cell(before: Tier | None, after: Tier, moves: Mapping[Move, int]) -> Cell:
    clients = moves.get((before.pk if before else None, after.pk), 0)
    steps = before.rank - after.rank if before else 0
    if not clients:
        css = "heat-same" if before == after else "heat-empty"
    elif steps == 0:
        css = "heat-same"
    else:
        css = f"heat-{'up' if steps > 0 else 'down'}-{min(HEAT_STEPS, abs(steps))}"
    return Cell(before, after, clients, css)


def _spell(length: timedelta) -> str:
    seconds = round(length.total_seconds())
    if seconds < 120:
        return npgettext("length of time", "%(count)d s", "%(count)d s", seconds) % {"count": seconds}
    minutes = seconds // 60
    if minutes < 120:
        return npgettext("length of time", "%(count)d min", "%(count)d min", minutes) % {"count": minutes}
    return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)
