"""What a run that only tries something out found: the tiers in force beside the tiers it gives, and who would move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from crm.formats import money_number
from crm.models import User
from tiering.models import TieringRun, TierScheme, TrialResult
from tiering.pages.impact_clients import AT_ONCE, REASONS_SHOWN, csv_response
from tiering.pages.impact_reasons import reason_texts
from tiering.pages.runs import Address, AnyTier, MatrixRow, matrix_of
from tiering.preview.stored import Found
from tiering.selectors.catalogue import catalogue_of
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
    """A subject, the tier it has, the one it would have, what it was found to be, what it owes, and why it moves."""

    result: TrialResult
    before: VersionTier | None
    after: VersionTier
    says: VersionTier
    exposure: str
    reasons: Sequence[str]


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


def mover_lines(rows: Sequence[TrialResult], tiers: Sequence[VersionTier], found: Found) -> list[MoverLine]:
    """The subjects of a page; a constant number of queries."""
    movers = found.movers([row.pk for row in rows])
    names = catalogue_of(found.document)
    return [
        MoverLine(
            result=row,
            before=None if row.held_rank is None else tiers[row.held_rank],
            after=tiers[mover.after],
            says=tiers[mover.says],
            exposure=money_number(mover.exposure),
            reasons=reason_texts(reasons, names)[:REASONS_SHOWN],
        )
        for row, mover, reasons in zip(rows, movers, found.judge.reasons(movers), strict=True)
    ]


def export(found: Found, rows: QuerySet[TrialResult], tiers: Sequence[VersionTier]) -> StreamingHttpResponse:
    """All of the subjects as CSV, sent as they are read."""
    ids = rows.order_by("client_id", "pk").values_list("pk", flat=True).iterator(chunk_size=AT_ONCE)
    batches = (found.movers(list(batch)) for batch in iter(lambda: list(islice(ids, AT_ONCE)), []))
    return csv_response(f"run-{found.run.pk}.csv", batches, tiers, found.judge, found.document)


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
