"""How much each dimension and each indicator of a scorecard alone tells of an outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiering.core.columns_readings import dimension_sums, slots_of
from tiering.core.columns_scores import segment
from tiering.core.document import Dimension, Indicator
from tiering.core.placement import Label
from tiering.validation.cohorts import Cohort
from tiering.validation.discrimination import LEAST_BAD, gini, information_value

Json = dict[str, Any]
Part = tuple[NDArray[np.float64], NDArray[np.int8]]
"""Points of the clients of one scorecard in one cohort, and their outcomes."""


def dimensions(cohorts: Sequence[Cohort]) -> Iterator[Json]:
    """Each dimension by key, wherever it stands: a segment alone seldom has enough bad outcomes."""
    parts: dict[str, list[Part]] = {}
    labels: dict[str, Label] = {}
    for number, card in enumerate(cohorts[0].document.scorecards):
        for dimension in card.dimensions:
            read = [_dimension_points(cohort, number, dimension) for cohort in cohorts]
            parts.setdefault(dimension.key, []).extend(read)
            labels.setdefault(dimension.key, dimension.label)
    for key, read in parts.items():
        values, bad = _pooled(read)
        yield {
            "key": key,
            "label": dict(labels[key]),
            **_power(values, bad, _counts((values // 10).clip(0, 9), bad)),
        }


def _dimension_points(cohort: Cohort, number: int, dimension: Dimension) -> Part:
    """Points of a dimension, 0 to 100, of the clients of a scorecard; NaN where nothing of it counts."""
    subjects = segment(cohort.document, number, cohort.columns, cohort.memo)
    sums = dimension_sums(dimension, subjects, cohort.columns, cohort.memo)
    present = sums.whole - (0 if sums.left_out is None else sums.left_out)
    with np.errstate(divide="ignore", invalid="ignore"):
        points = np.where(present > 0, sums.points / present, np.nan)
    return points, subjects.of(cohort.outcome)


def indicators(cohorts: Sequence[Cohort]) -> Iterator[Json]:
    """How well each metric alone tells the outcome, by the points that it gives; who has no value is a bin."""
    parts: dict[str, list[Part]] = {}
    for number, card in enumerate(cohorts[0].document.scorecards):
        for indicator in (part for dimension in card.dimensions for part in dimension.indicators):
            read = [indicator_slots(cohort, number, indicator)[:2] for cohort in cohorts]
            parts.setdefault(indicator.metric, []).extend(read)
    for metric, read in parts.items():
        values, bad = _pooled(read)
        known = float((~np.isnan(values)).mean()) if len(values) else None
        yield {"metric": metric, "known": known, **_power(values, bad, _counts(values, bad))}


def indicator_slots(
    cohort: Cohort, number: int, indicator: Indicator
) -> tuple[NDArray[np.float64], NDArray[np.int8], NDArray[Any]]:
    """Of the clients of a scorecard: the points that an indicator gives (NaN where it has no value or does not count),
    the outcome, and the number of the band."""
    subjects = segment(cohort.document, number, cohort.columns, cohort.memo)
    slots, gives = slots_of(indicator, subjects, cohort.columns, cohort.memo)
    worth = np.array([np.nan if one.missing or not one.counts else one.points for one in gives])
    return worth.take(slots), subjects.of(cohort.outcome), slots


def _pooled(parts: Sequence[Part]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
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
