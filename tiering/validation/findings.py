"""What cohorts say about criteria: the figures of a validation, as plain JSON that is stored with it.

Shares, rates and intervals run from 0 to 1, scores are in points, exposure is in the book's currency, ranks count from
0, the best tier. What too few bad outcomes would make chance is None (``discrimination.LEAST_BAD``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tiering.core.columns import NO_TIER
from tiering.core.columns_readings import dimension_sums, slots_of
from tiering.core.columns_scores import segment
from tiering.core.document import SCORE_UNIT, Dimension, Document, Indicator
from tiering.validation.cohorts import Cohort
from tiering.validation.discrimination import LEAST_BAD, discrimination, gini, information_value
from tiering.validation.rates import inversions, rate_of
from tiering.validation.stability import bandwidth, concentration, migration, stability_index

Basis = Literal["held", "version"]
"""Tiers as they were in force, or as the version's criteria, gates and overlays would have placed."""

Json = dict[str, Any]
SCORE_BANDS: Final = 10
"""The stability of scores is told over so many equal bands of the 100 points."""


@dataclass(frozen=True)
class Sample:
    """The clients of all cohorts whose outcome counts and who have a tier."""

    rank: NDArray[np.int64]
    score: NDArray[np.float64]
    exposure: NDArray[np.float64]
    bad: NDArray[np.bool_]


def findings(cohorts: Sequence[Cohort], basis: Basis) -> Json:
    """Everything that a report lays out. Needs one cohort at least; stability and migration need two."""
    document = cohorts[0].document
    sample = sample_of(cohorts, basis)
    return {
        "basis": basis,
        "cohorts": [_cohort(cohort, basis) for cohort in cohorts],
        "least_bad": LEAST_BAD,
        **_rates(document, sample),
        "discrimination": _discrimination(sample),
        "dimensions": list(_dimensions(cohorts)),
        "indicators": list(_indicators(cohorts)),
        "stability": _stability(cohorts, basis),
        "migrations": [_migration(before, after, basis) for before, after in pairwise(cohorts)],
        "concentration": _concentration(cohorts[-1], basis),
    }


def ranks_of(cohort: Cohort, basis: Basis) -> NDArray[np.int64]:
    """The rank of each client; NO_TIER without one."""
    return (cohort.held if basis == "held" else cohort.assessed.overlay_tier).astype(np.int64)


def scores_of(cohort: Cohort, basis: Basis) -> NDArray[np.float64]:
    """The score of each client in points."""
    units = cohort.held_score if basis == "held" else cohort.assessed.score
    return units / SCORE_UNIT


def sample_of(cohorts: Sequence[Cohort], basis: Basis) -> Sample:
    """All cohorts together. A client that stands in several counts in each."""
    chosen = [cohort.in_scope & (ranks_of(cohort, basis) != NO_TIER) for cohort in cohorts]
    pairs = list(zip(cohorts, chosen, strict=True))
    return Sample(
        rank=np.concatenate([ranks_of(cohort, basis)[rows] for cohort, rows in pairs]),
        score=np.concatenate([scores_of(cohort, basis)[rows] for cohort, rows in pairs]),
        exposure=np.concatenate([cohort.exposure[rows] for cohort, rows in pairs]),
        bad=np.concatenate([cohort.outcome[rows] == 1 for cohort, rows in pairs]),
    )


def _cohort(cohort: Cohort, basis: Basis) -> Json:
    ranks = ranks_of(cohort, basis)
    return {
        "day": cohort.day.isoformat(),
        "clients": len(cohort.clients),
        "tiered": int((ranks != NO_TIER).sum()),
        "in_scope": int(cohort.in_scope.sum()),
        "bad": int((cohort.outcome == 1).sum()),
    }


def _rates(document: Document, sample: Sample) -> Json:
    size = len(document.tiers)
    subjects = np.bincount(sample.rank, minlength=size)
    bads = np.bincount(sample.rank[sample.bad], minlength=size)
    exposure = np.bincount(sample.rank, sample.exposure, size)
    rates = [rate_of(int(count), int(bad)) for count, bad in zip(subjects, bads, strict=True)]
    return {
        "tiers": [
            {"key": tier.key, "exposure": float(amount), **asdict(rate), "rate": rate.rate}
            for tier, rate, amount in zip(document.tiers, rates, exposure, strict=True)
        ],
        "inversions": [{**asdict(one), "is_significant": one.is_significant} for one in inversions(rates)],
    }


def _discrimination(sample: Sample) -> Json | None:
    found = discrimination(sample.score, sample.bad)
    return None if found is None else asdict(found)


def _dimensions(cohorts: Sequence[Cohort]) -> Iterator[Json]:
    """Each dimension by key, wherever it stands: a segment alone seldom has enough bad outcomes."""
    parts: dict[str, list[tuple[NDArray[np.float64], NDArray[np.int8]]]] = {}
    for number, card in enumerate(cohorts[0].document.scorecards):
        for dimension in card.dimensions:
            read = [_dimension_points(cohort, number, dimension) for cohort in cohorts]
            parts.setdefault(dimension.key, []).extend(read)
    for key, read in parts.items():
        values, bad = _pooled(read)
        yield {"key": key, **_power(values, bad, _counts((values // 10).clip(0, 9), bad))}


def _dimension_points(
    cohort: Cohort, number: int, dimension: Dimension
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Points of a dimension, 0 to 100, of the clients of a scorecard; NaN where nothing of it counts."""
    subjects = segment(cohort.document, number, cohort.columns, cohort.memo)
    sums = dimension_sums(dimension, subjects, cohort.columns, cohort.memo)
    present = sums.whole - (0 if sums.left_out is None else sums.left_out)
    with np.errstate(divide="ignore", invalid="ignore"):
        points = np.where(present > 0, sums.points / present, np.nan)
    return points, subjects.of(cohort.outcome)


def _indicators(cohorts: Sequence[Cohort]) -> Iterator[Json]:
    """How well each metric alone tells the outcome, by the points that it gives; who has no value is a bin."""
    parts: dict[str, list[tuple[NDArray[np.float64], NDArray[np.int8]]]] = {}
    for number, card in enumerate(cohorts[0].document.scorecards):
        for indicator in (part for dimension in card.dimensions for part in dimension.indicators):
            read = [_indicator_points(cohort, number, indicator)[:2] for cohort in cohorts]
            parts.setdefault(indicator.metric, []).extend(read)
    for metric, read in parts.items():
        values, bad = _pooled(read)
        known = float((~np.isnan(values)).mean()) if len(values) else None
        yield {"metric": metric, "known": known, **_power(values, bad, _counts(values, bad))}


def _indicator_points(
    cohort: Cohort, number: int, indicator: Indicator
) -> tuple[NDArray[np.float64], NDArray[np.int8], NDArray[Any]]:
    subjects = segment(cohort.document, number, cohort.columns, cohort.memo)
    slots, gives = slots_of(indicator, subjects, cohort.columns, cohort.memo)
    worth = np.array([np.nan if one.missing or not one.counts else one.points for one in gives])
    return worth.take(slots), subjects.of(cohort.outcome), slots


def _pooled(
    parts: Sequence[tuple[NDArray[np.float64], NDArray[np.int8]]],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The values of all cohorts of those whose outcome counts, and whether it was bad."""
    values = np.concatenate([values[outcome >= 0] for values, outcome in parts])
    outcomes = np.concatenate([outcome[outcome >= 0] for _, outcome in parts])
    return values, outcomes == 1


def _counts(bins: NDArray[np.float64], bad: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Good and bad of each bin, in two rows; what has no bin has one of its own."""
    known, at = np.unique(np.nan_to_num(bins, nan=-1), return_inverse=True)
    size = len(known)
    return np.array([np.bincount(at[which], minlength=size) for which in (~bad, bad)], dtype=np.float64)


def _power(values: NDArray[np.float64], bad: NDArray[np.bool_], bins: NDArray[np.float64]) -> Json:
    enough = min(int(bad.sum()), int((~bad).sum())) >= LEAST_BAD
    return {
        "subjects": len(values),
        "bad": int(bad.sum()),
        "gini": gini(values, bad),
        "information_value": information_value(bins[0], bins[1]) if enough else None,
    }


def _stability(cohorts: Sequence[Cohort], basis: Basis) -> Json | None:
    """The last cohort held against the first: all clients, whether or not their outcome counts."""
    if len(cohorts) < 2:
        return None
    first, last = cohorts[0], cohorts[-1]
    size = len(first.document.tiers)
    tiers = [np.bincount(_tiered(cohort, basis), minlength=size).astype(float) for cohort in (first, last)]
    bands = [
        np.histogram(scores_of(cohort, basis), SCORE_BANDS, (0, 100))[0].astype(float)
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
            read = [_indicator_points(cohort, number, indicator)[2] for cohort in (first, last)]
            size = max((int(slots.max()) + 1 for slots in read if len(slots)), default=1)
            before, after = (np.bincount(slots, minlength=size).astype(np.float64) for slots in read)
            parts.setdefault(indicator.metric, []).append((before, after))
    for metric, counts in parts.items():
        before = np.concatenate([part for part, _ in counts])
        after = np.concatenate([part for _, part in counts])
        yield {"metric": metric, "index": stability_index(before, after)}


def _migration(before: Cohort, after: Cohort, basis: Basis) -> Json:
    """Clients with a tier on both days; who came and who went is told apart."""
    _, at, then = np.intersect1d(before.clients, after.clients, assume_unique=True, return_indices=True)
    old, new = ranks_of(before, basis)[at], ranks_of(after, basis)[then]
    both = (old != NO_TIER) & (new != NO_TIER)
    matrix = migration(old[both], new[both], len(before.document.tiers))
    moved = bandwidth(matrix)
    return {
        "from": before.day.isoformat(),
        "to": after.day.isoformat(),
        "matrix": matrix.tolist(),
        "entered": int((ranks_of(after, basis) != NO_TIER).sum() - both.sum()),
        "left": int((ranks_of(before, basis) != NO_TIER).sum() - both.sum()),
        "down": moved.down,
        "up": moved.up,
    }


def _concentration(cohort: Cohort, basis: Basis) -> Json:
    ranks = ranks_of(cohort, basis)
    tiered, size = ranks != NO_TIER, len(cohort.document.tiers)
    counts = np.bincount(ranks[tiered], minlength=size).astype(float)
    exposure = np.bincount(ranks[tiered], cohort.exposure[tiered], size)
    return {
        "day": cohort.day.isoformat(),
        "clients": concentration(counts),
        "exposure": concentration(exposure),
        "counts": counts.astype(int).tolist(),
        "amounts": exposure.tolist(),
    }


def _tiered(cohort: Cohort, basis: Basis) -> NDArray[np.int64]:
    ranks = ranks_of(cohort, basis)
    return ranks[ranks != NO_TIER]
