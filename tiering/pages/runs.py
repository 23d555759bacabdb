"""What the pages of runs show: progress and counts of each run, and its moves as a matrix."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from tiering.models import Tier, TieringRun
from tiering.pages.heat import AnyTier, heat
from tiering.selectors.moves import Move
from tiering.selectors.runs import Progress, elapsed, progress_of
from tiering.selectors.trials import RankMove

Address = Callable[[AnyTier | None, AnyTier], str]


@dataclass(frozen=True)
class Line:
    """A run in the list."""

    run: TieringRun
    progress: Progress
    duration: str


@dataclass(frozen=True)
class Cell:
    """How many subjects go from one tier to another, and the way to them; `css` colours it by direction and distance."""

    before: AnyTier | None
    after: AnyTier
    clients: int
    css: str
    address: str


@dataclass(frozen=True)
class MatrixRow:
    before: AnyTier | None
    cells: list[Cell]


def lines_of(runs: Sequence[TieringRun]) -> list[Line]:
    """Runs with how far they are."""
    progress = progress_of(runs)
    return [Line(run, progress[run.pk], duration(run)) for run in runs]


def moves_address(run: TieringRun) -> Address:
    """The way to the clients that an official run moved."""

    def address(before: AnyTier | None, after: AnyTier) -> str:
        return reverse("tiering:run-moves", args=[run.pk, before.key if before else "none", after.key])

    return address


def moves_by_rank(moves: Mapping[Move, int], tiers: Sequence[Tier]) -> dict[RankMove, int]:
    """The moves between tiers of a scheme, by their ranks."""
    ranks = {tier.pk: tier.rank for tier in tiers}
    return {
        (None if before is None else ranks[before], ranks[after]): clients
        for (before, after), clients in moves.items()
    }


def matrix_of(moves: Mapping[RankMove, int], tiers: Sequence[AnyTier], address: Address) -> list[MatrixRow]:
    """A row for each tier left and a column for each tier reached; a last row for first tiers, if there are any."""
    befores: list[AnyTier | None] = [*tiers]
    if any(before is None for before, _after in moves):
        befores.append(None)
    return [
        MatrixRow(before, [_cell(before, after, moves, address) for after in tiers]) for before in befores
    ]


def duration(run: TieringRun) -> str:
    """How long the run took; empty while it is under way."""
    return _spell(elapsed(run)) if run.finished_at else ""


def _cell(before: AnyTier | None, after: AnyTier, moves: Mapping[RankMove, int], address: Address) -> Cell:
    clients = moves.get((before.rank if before else None, after.rank), 0)
    css = heat(before, after, has_moves=clients > 0)
    return Cell(before, after, clients, css, address(before, after))


def _spell(length: timedelta) -> str:
    seconds = round(length.total_seconds())
    if seconds < 120:
        return npgettext("length of time", "%(count)d s", "%(count)d s", seconds) % {"count": seconds}
    minutes = seconds // 60
    if minutes < 120:
        return npgettext("length of time", "%(count)d min", "%(count)d min", minutes) % {"count": minutes}
    return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)
