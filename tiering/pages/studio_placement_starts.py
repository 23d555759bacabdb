"""What a placement begins with when its kind is chosen: content that is valid as it stands, near to how the book is
placed today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from math import ceil
from typing import Any, Final

from tiering.core.document import WHOLE
from tiering.selectors.described import Scores

Json = dict[str, Any]
POINT: Final = 10
"""Tenths in a point."""
MOST_LEVELS: Final = 10


def shares_of(held: Sequence[int]) -> list[int]:
    """The basis points up to which each tier reaches, best first, where so many subjects are in each; equal ones where
    none is in any. A tier that nobody is in is given a hundredth, so that each is a step further."""
    counts = [max(number, sum(held) / 100) for number in held] if sum(held) else [1] * len(held)
    return _rounded([passed / sum(counts) for passed in accumulate(counts)][:-1])


def _rounded(ends: Sequence[float]) -> list[int]:
    """Shares of 1 in basis points, and the whole behind them: in whole per cent where these keep them apart."""
    for step in (100, 10, 1):
        shares = [*(step * round(end * WHOLE / step) for end in ends), WHOLE]
        if all(one < other for one, other in pairwise([0, *shares])):
            break
    return shares


def cutoffs_at(shares: Sequence[int], scores: Scores) -> list[float]:
    """The points from which each tier begins, best first, so that its share of the scores reaches them, in whole points;
    evenly spread where no scores are known, or too many are alike."""
    count = len(shares)
    if scores.subjects:
        cuts = [_reached(share, scores) for share in shares[:-1]]
        if all(better > worse for better, worse in zip(cuts, [*cuts[1:], 0], strict=True)):
            return [*cuts, 0]
    return [round(100 * (count - 1 - rank) / count) for rank in range(count)]


def _reached(share: int, scores: Scores) -> int:
    """The whole points that about so large a share of the scores reaches."""
    wanted = scores.subjects * share / WHOLE
    return min(range(1, 101), key=lambda points: (abs(scores.at_least(points * POINT) - wanted), points))


def by_score(tiers: Sequence[str], shares: Sequence[int], scores: Scores) -> list[Json]:
    """Cut-offs by score."""
    return [{"tier": tier, "min": cut} for tier, cut in zip(tiers, cutoffs_at(shares, scores), strict=True)]


def by_rank(tiers: Sequence[str], shares: Sequence[int]) -> Json:
    """The first so many of all, by score."""
    return {"by": "top", "steps": _steps(tiers, shares)}


def by_cumulative_share(tiers: Sequence[str], metric: str) -> Json:
    """Who brings the first 80 % of a metric, and then ever smaller parts of the rest: of three tiers the next 15 %."""
    last = len(tiers) - 1
    shares = _rounded([1 - 0.2 * (1 - rank / last) ** 2 for rank in range(last)])
    return {"by": "cumulative", "metric": metric, "steps": _steps(tiers, shares)}


def _steps(tiers: Sequence[str], shares: Sequence[int]) -> list[Json]:
    return [{"tier": tier, "share": share} for tier, share in zip(tiers, shares, strict=True)]


def by_matrix(tiers: Sequence[str], dimensions: Mapping[str, Mapping[str, str]]) -> Json:
    """Half of the dimensions against the other half, with as many levels as lead to every tier.

    `dimensions` are at least two, by key with their names.
    """
    keys = list(dimensions)
    half = ceil(len(keys) / 2)
    count = min(MOST_LEVELS, max(2, ceil((len(tiers) + 1) / 2)))
    axes = [
        _axis(name, part, dimensions, count)
        for name, part in (("rows", keys[:half]), ("columns", keys[half:]))
    ]
    farthest = 2 * (count - 1)
    ranks = [
        [round((row + column) * (len(tiers) - 1) / farthest) for column in range(count)]
        for row in range(count)
    ]
    return {"by": "matrix", "axes": axes, "cells": [[tiers[rank] for rank in row] for row in ranks]}


def _axis(key: str, keys: Sequence[str], names: Mapping[str, Mapping[str, str]], count: int) -> Json:
    label = {
        "en": " + ".join(names[each]["en"] for each in keys)[:200],
        "zh": "＋".join(names[each]["zh"] for each in keys)[:200],
    }
    return {"key": key, "label": label, "dimensions": list(keys), "levels": levels(count)}


def levels(count: int) -> list[Json]:
    """So many levels of equal width, best first."""
    return [
        level(f"level_{number}", number, round(100 * (count - number) / count))
        for number in range(1, count + 1)
    ]


def level(key: str, number: int, minimum: float) -> Json:
    """A level that goes by its number."""
    return {"key": key, "label": {"en": f"Level {number}", "zh": f"第 {number} 档"}, "min": minimum}
