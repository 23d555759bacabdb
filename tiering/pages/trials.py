"""What a run that only tries something out found: the tiers in force beside the tiers it gives, and who would move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from crm.models import User
from tiering.models import TieringRun, TierScheme, TrialResult
from tiering.pages.runs import Address, AnyTier, MatrixRow, matrix_of
from tiering.selectors.trials import WAYS, Level, RankMove, moves_found
from tiering.selectors.versions import VersionTier

LEVELS = {"clients": Level(within_projects=False), "projects": Level(within_projects=True)}
WAY_NAMES = {
    "up": pgettext_lazy("tiers of a trial", "Up"),
    "down": pgettext_lazy("tiers of a trial", "Down"),
    "same": pgettext_lazy("tiers of a trial", "Unchanged"),
    "first": pgettext_lazy("tiers of a trial", "First tier"),
}


@dataclass(frozen=True)
class WayCount:
    """How many subjects go one way, and the way to them."""

    key: str
    label: str
    subjects: int
    address: str


@dataclass(frozen=True)
class LevelTable:
    """The findings about clients as a whole, or about clients within projects."""

    title: str
    ways: list[WayCount]
    matrix: list[MatrixRow]


@dataclass(frozen=True)
class MoverLine:
    """A subject, the tier it has and the one it was given."""

    result: TrialResult
    before: VersionTier | None
    after: VersionTier


def level_tables(run: TieringRun, user: User, tiers: Sequence[VersionTier]) -> list[LevelTable]:
    """A table for each kind of subject that the run placed; `tiers` are those of its version."""
    return list(_level_tables(run, user, tiers))


def _level_tables(run: TieringRun, user: User, tiers: Sequence[VersionTier]) -> Iterator[LevelTable]:
    for key in levels_of(run):
        moves = moves_found(run, user, LEVELS[key])
        title = _("Clients within projects") if key == "projects" else _("Clients as a whole")
        ways = [way for way in way_counts(run, key, moves) if way.subjects or way.key != "first"]
        yield LevelTable(title, ways, matrix_of(moves, tiers, _address(run, key)) if moves else [])


def levels_of(run: TieringRun) -> list[str]:
    """The kinds of subject that the run placed; of a scheme of projects both, as tiers are rolled up."""
    of_projects = run.version.criteria.scheme.subject == TierScheme.Subject.PROJECT
    return ["projects", "clients"] if of_projects else ["clients"]


def way_counts(run: TieringRun, level: str, moves: Mapping[RankMove, int]) -> list[WayCount]:
    """How many go up, go down, stay, and would get a first tier."""
    counted = dict.fromkeys(WAYS, 0)
    for move, subjects in moves.items():
        counted[_way(*move)] += subjects
    return [
        WayCount(key, str(WAY_NAMES[key]), subjects, results_address(run, level, way=key))
        for key, subjects in counted.items()
    ]


def mover_lines(rows: Sequence[TrialResult], tiers: Sequence[VersionTier]) -> list[MoverLine]:
    return [
        MoverLine(row, None if row.held_rank is None else tiers[row.held_rank], tiers[row.rank])
        for row in rows
    ]


def results_address(run: TieringRun, level: str, **asked: str) -> str:
    return f"{reverse('tiering:trial-results', args=[run.pk])}?{urlencode({'level': level, **asked})}"


def _way(held: int | None, rank: int) -> str:
    if held is None:
        return "first"
    return "same" if held == rank else "up" if rank < held else "down"


def _address(run: TieringRun, level: str) -> Address:
    """The way to the subjects of a cell of the matrix."""

    def address(before: AnyTier | None, after: AnyTier) -> str:
        return results_address(run, level, old=before.key if before else "none", new=after.key)

    return address
