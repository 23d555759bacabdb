"""How tiers, scores and facts of one cohort differ from those of another: stability, migration, concentration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tiering.core.columns import NO_TIER
from tiering.validation.cohorts import Basis, Cohort
from tiering.validation.stability import (
    Counts,
    bandwidth,
    change_in_concentration,
    concentration,
    migration,
    stability_index,
)
from tiering.validation.strength import indicator_slots

Json = dict[str, Any]
SCORE_BANDS: Final = 10
"""The stability of scores is told over so many equal bands of the 100 points."""


def stability_of(cohorts: Sequence[Cohort], basis: Basis) -> Json | None:
    """The last cohort held against the first: all clients with a tier, whether or not their outcome counts."""
    if len(cohorts) < 2:
        return None
    first, last = cohorts[0], cohorts[-1]
    size = len(first.document.tiers)
    tiers = [np.bincount(_tiered(cohort, basis), minlength=size).astype(float) for cohort in (first, last)]
    bands = [
        np.histogram(_scored(cohort, basis), SCORE_BANDS, (0, 100))[0].astype(float)
        for cohort in (first, last)
    ]
    return {
        "from": first.day.isoformat(),
        "to": last.day.isoformat(),
        "tiers": stability_index(*tiers),
        "scores": stability_index(*bands),
        "indicators": list(_shifts(first, last)),
    }


def _shifts(first: Cohort, last: Cohort) -> Iterator[Json]:
    """By metric, over its bands in every scorecard that reads it."""
    parts: dict[str, list[tuple[NDArray[np.float64], NDArray[np.float64]]]] = {}
    for number, card in enumerate(first.document.scorecards):
        for indicator in (part for dimension in card.dimensions for part in dimension.indicators):
            read = [indicator_slots(cohort, number, indicator)[2] for cohort in (first, last)]
            size = max((int(slots.max()) + 1 for slots in read if len(slots)), default=1)
            before, after = (np.bincount(slots, minlength=size).astype(np.float64) for slots in read)
            parts.setdefault(indicator.metric, []).append((before, after))
    for metric, counts in parts.items():
        before = np.concatenate([part for part, _ in counts])
        after = np.concatenate([part for _, part in counts])
        yield {"metric": metric, "index": stability_index(before, after)}


def migration_between(before: Cohort, after: Cohort, basis: Basis) -> Json:
    """Clients with a tier on both days; who came and who went is told apart."""
    _, at, then = np.intersect1d(before.clients, after.clients, assume_unique=True, return_indices=True)
    old, new = before.ranks(basis)[at], after.ranks(basis)[then]
    both = (old != NO_TIER) & (new != NO_TIER)
    matrix = migration(old[both], new[both], len(before.document.tiers))
    moved = bandwidth(matrix)
    return {
        "from": before.day.isoformat(),
        "to": after.day.isoformat(),
        "matrix": matrix.tolist(),
        "entered": int((after.ranks(basis) != NO_TIER).sum() - both.sum()),
        "left": int((before.ranks(basis) != NO_TIER).sum() - both.sum()),
        "down": moved.down,
        "up": moved.up,
    }


def concentration_of(cohorts: Sequence[Cohort], basis: Basis) -> Json:
    """How the clients of the last cohort and what they owe are spread over the tiers, and whether they are more
    concentrated than those of the first."""
    (before, owed_before), (after, owed) = (_spread(cohort, basis) for cohort in (cohorts[0], cohorts[-1]))
    several = len(cohorts) > 1
    return {
        "day": cohorts[-1].day.isoformat(),
        "from": cohorts[0].day.isoformat() if several else None,
        "even": 1 / len(after),
        "counts": after.astype(int).tolist(),
        "amounts": owed.tolist(),
        "clients": concentration(after),
        "exposure": concentration(owed),
        "clients_change": _change(before, after) if several else None,
        "exposure_change": _change(owed_before, owed) if several else None,
    }


def _change(before: Counts, after: Counts) -> Json | None:
    found = change_in_concentration(before, after)
    return asdict(found) if found else None


def _spread(cohort: Cohort, basis: Basis) -> tuple[Counts, Counts]:
    """How many clients each tier has, and what they owe."""
    ranks = cohort.ranks(basis)
    tiered, size = ranks != NO_TIER, len(cohort.document.tiers)
    counts = np.bincount(ranks[tiered], minlength=size)
    exposure = np.bincount(ranks[tiered], cohort.exposure[tiered], size)
    return counts.astype(np.float64), exposure.astype(np.float64)


def _tiered(cohort: Cohort, basis: Basis) -> NDArray[np.int64]:
    ranks = cohort.ranks(basis)
    return ranks[ranks != NO_TIER]


def _scored(cohort: Cohort, basis: Basis) -> NDArray[np.float64]:
    """The scores of those who have a tier: who has none has no score either."""
    return cohort.scores(basis)[cohort.ranks(basis) != NO_TIER]
