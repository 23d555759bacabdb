"""The figures of a preview: everybody summed up by which way they go, how far, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiering.core.columns import Rows, Truth
from tiering.preview.amounts import (
    GROUPINGS,
    MOST_MOVERS,
    WAYS,
    Amount,
    Grouping,
    Impact,
    Limits,
    Missing,
    Mover,
    RankMove,
    Way,
)
from tiering.preview.live import Preview


def impact_of(preview: Preview, groupings: Iterable[Grouping] = GROUPINGS) -> Impact:
    """The figures of a preview, told apart by some groupings."""
    book = _Amounts(preview)
    return Impact(
        moves=_moves(preview, book),
        groups={grouping: _groups(preview, book, grouping) for grouping in groupings},
        movers=tuple(mover_of(preview, row) for row in _largest(preview, MOST_MOVERS)),
        reviews=book.where(preview.reviews),
        limits=_limits(preview),
        provisional=book.where(preview.provisional),
        held=book.where(preview.held_back),
        missing=_missing(preview),
    )


def mover_of(preview: Preview, row: int) -> Mover:
    """A row as a subject that moves."""
    within = preview.method.document.subject == "project"
    before, held = int(preview.before[row]), int(preview.method.columns.held[row])
    return Mover(
        client=int(preview.column("client")[row]),
        project=int(preview.column("project")[row]) if within else None,
        facts=int(preview.column("facts")[row]),
        within=int(preview.column("within")[row]) if within else None,
        before=None if before < 0 else before,
        after=int(preview.after[row]),
        says=int(preview.method.found.tier[row]),
        held=None if held < 0 else held,
        held_days=int(preview.method.columns.held_days[row]),
        score=int(preview.method.found.score[row]),
        exposure=float(preview.column("exposure")[row]),
        revenue=float(preview.column("revenue")[row]),
    )


class _Amounts:
    """Counts and sums of what the reader may see."""

    def __init__(self, preview: Preview) -> None:
        self._preview = preview
        self.exposure = preview.seen(preview.column("exposure"))
        self.revenue = preview.seen(preview.column("revenue"))

    def by(self, keys: NDArray[Any], size: int) -> list[Amount]:
        """The amount of each key from 0 on; ``keys`` are of the rows that are seen."""
        counts = np.bincount(keys, minlength=size)
        exposure = np.bincount(keys, self.exposure, size)
        revenue = np.bincount(keys, self.revenue, size)
        return [
            Amount(*row) for row in zip(counts.tolist(), exposure.tolist(), revenue.tolist(), strict=True)
        ]

    def where(self, chosen: Truth) -> Amount:
        """The amount of the rows that are chosen."""
        rows = np.flatnonzero(self._preview.seen(chosen))
        return Amount(len(rows), float(self.exposure[rows].sum()), float(self.revenue[rows].sum()))


def _moves(preview: Preview, book: _Amounts) -> dict[RankMove, Amount]:
    tiers = len(preview.method.document.tiers)
    keys = (preview.seen(preview.before).astype(np.int16) + 1) * tiers + preview.seen(preview.after)
    amounts = book.by(keys, (tiers + 1) * tiers)
    return {
        (None if before == 0 else before - 1, after): amount
        for (before, after), amount in zip(np.ndindex(tiers + 1, tiers), amounts, strict=True)
        if amount.subjects
    }


def _groups(
    preview: Preview, book: _Amounts, grouping: Grouping
) -> dict[int | str | None, dict[Way, Amount]]:
    at, groups = preview.group(grouping)
    keys = preview.seen(at).astype(np.int32) * len(WAYS) + preview.seen(preview.ways)
    amounts = book.by(keys, len(groups) * len(WAYS))
    found = {
        group: {
            way: amount
            for way, amount in zip(WAYS, amounts[number * len(WAYS) :], strict=False)
            if amount.subjects
        }
        for number, group in enumerate(groups)
    }
    return {group: ways for group, ways in found.items() if ways}


def _largest(preview: Preview, most: int) -> Sequence[int]:
    """The rows that move up or down with the largest exposure, equals by the lower id."""
    rows = np.flatnonzero(preview.ways < 2) if preview.visible is None else _moved(preview)
    exposure = preview.column("exposure")[rows]
    if len(rows) > most:
        least = np.partition(exposure, len(rows) - most)[len(rows) - most]
        rows = rows[exposure >= least]
    order = np.lexsort((rows, -preview.column("exposure")[rows]))
    return [int(row) for row in rows[order[:most]]]


def _moved(preview: Preview) -> Rows:
    assert preview.visible is not None
    return preview.visible[preview.ways[preview.visible] < 2]


def _limits(preview: Preview) -> Limits:
    rows = np.flatnonzero(preview.ways < 2) if preview.visible is None else _moved(preview)
    facilities = preview.column("facilities")[rows]
    return Limits(
        subjects=int((facilities > 0).sum()),
        facilities=int(facilities.sum()),
        amount=float(preview.column("limits")[rows].sum()),
    )


def _missing(preview: Preview) -> tuple[Missing, ...]:
    found = []
    before = preview.in_effect.lacks if preview.in_effect else {}
    for metric, lacks in preview.method.lacks.items():
        lacked = before.get(metric)
        newly = lacks if lacked is None else lacks & ~lacked
        found.append(Missing(metric, int(preview.seen(lacks).sum()), int(preview.seen(newly).sum())))
    return tuple(
        sorted(
            (one for one in found if one.subjects), key=lambda one: (-one.newly, -one.subjects, one.metric)
        )
    )
