"""The ranks of a whole population of columns, as the thresholds that ``ranks.thresholds`` gives."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from tiering.core.columns import Columns, Floats, Integers
from tiering.core.columns_memo import Memo
from tiering.core.columns_scores import Scored, scored
from tiering.core.document import WHOLE, Document
from tiering.core.placement import RankCutoffs
from tiering.core.ranks import least_values, weight_of
from tiering.core.terms import Thresholds

_SURE = 1e-9
"""How near a share may come to a step's before sums in floating point cannot tell on which side it lies: more than a
million of them are off by, and more than the sixteenth digits of the values come to."""
_TINY, _HUGE = 1e-280, 1e280

Least = tuple[float | None, ...]


def thresholds(document: Document, columns: Columns, memo: Memo) -> Thresholds:
    """The thresholds of every rank placement over all subjects placed by it."""
    placements = dict(document.rank_placements)
    if not placements:
        return {}
    members: dict[str, list[Scored]] = {key: [] for key in placements}
    for one in scored(document, columns, memo):
        key = document.placement_key(one.card)
        if key in members:
            members[key].append(one)
    return {key: _least(placement, members[key], columns, memo) for key, placement in placements.items()}


def _least(placement: RankCutoffs, members: Sequence[Scored], columns: Columns, memo: Memo) -> Least:
    if placement.metric is None:
        return _by_score(placement, np.concatenate([one.score for one in members]))
    metric = placement.metric
    key = ("ranked", metric, placement.steps, tuple(one.segment.key for one in members))
    return memo.of(key, lambda: _by_metric(placement, _ranked(metric, members, columns)))


def _by_score(placement: RankCutoffs, scores: Integers) -> Least:
    """Everybody counts alike, so a step ends at a place in the order of the scores."""
    total = len(scores)
    found: list[float | None] = []
    for step in placement.steps[:-1]:
        ahead = (
            step.share * total - 1
        ) // WHOLE  # so many may be strictly ahead of those whom the step takes
        if not total or ahead < 0:
            found.append(None)
        else:
            place = total - 1 - min(ahead, total - 1)
            found.append(float(np.partition(scores, place)[place]))
    return tuple(found)


def _ranked(metric: str, members: Sequence[Scored], columns: Columns) -> Floats:
    column = columns.values[metric]
    if not isinstance(column, np.ndarray):
        return np.empty(0)
    values: Floats = np.concatenate([one.segment.of(column) for one in members])
    return values[np.isfinite(values)]


def _by_metric(placement: RankCutoffs, values: Floats) -> Least:
    """In floating point, and exactly only where that cannot tell on which side of a step somebody lies."""
    counted = np.sort(values[values > 0])[::-1]
    if not len(counted):  # nobody weighs anything, so nobody reaches a step
        return tuple(None for _ in placement.steps[:-1])
    if counted[-1] < _TINY or counted[0] > _HUGE / len(counted):
        return _exactly(placement, counted)
    total = counted.sum()
    starts = np.flatnonzero(np.concatenate(([True], counted[1:] != counted[:-1])))
    ahead = np.concatenate(([0.0], np.cumsum(counted)))[starts] / total
    shares = np.array([step.share for step in placement.steps[:-1]]) / WHOLE
    if np.any(np.abs(ahead[np.newaxis] - shares[:, np.newaxis]) < _SURE):
        return _exactly(placement, counted)
    return tuple(float(counted[starts[last - 1]]) for last in np.searchsorted(ahead, shares))


def _exactly(placement: RankCutoffs, values: Floats) -> Least:
    unique, counts = np.unique(values, return_counts=True)
    weighed = [
        (value, weight_of(value) * Fraction(count))
        for value, count in zip(unique.tolist(), counts.tolist(), strict=True)
    ]
    return least_values(placement, weighed)
