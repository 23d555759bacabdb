"""Where a metric is cut so that the share of bad outcomes rises or falls from band to band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeClassifier

from tiering.core.metric import Direction
from tiering.validation.discrimination import information_value

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_BANDS: Final = 5
LEAST_SHARE: Final = 0.05
"""A band holds at least this share of those whose value is known."""
DIGITS: Final = 3
"""Edges are rounded to so many significant digits: people have to read and defend them."""


@dataclass(frozen=True, slots=True)
class Bin:
    """How many good and bad outcomes a band or a category had. ``evidence`` is its weight of evidence,
    ln (share of the good ÷ share of the bad): above 0 it is better than the whole."""

    good: int
    bad: int
    evidence: float


@dataclass(frozen=True, slots=True)
class Cut:
    """A metric in bands: one bin more than there are ``edges``, from low to high, and that of who has no value."""

    edges: tuple[float, ...]
    bins: tuple[Bin, ...]
    missing: Bin
    information_value: float

    def points(self) -> tuple[int, ...]:
        """0 for the worst band, 100 for the best, the others by their weight of evidence."""
        return scaled([one.evidence for one in self.bins])


def cut(values: Floats, bad: Flags, direction: Direction, most: int = MOST_BANDS) -> Cut:
    """The bands of a metric by a decision tree that is bound to go one way; NaN is not known.

    The way is the metric's; one without a direction goes the way that the outcomes show. The tree is scikit-learn's: it
    takes the split that gains most, again and again, so the bands are good ones and not proved to be the best.
    """
    known = np.isfinite(values)
    edges = _edges(values[known], bad[known], direction, most)
    at = np.searchsorted(edges, values, side="right")
    bins = [(~bad & known & (at == place), bad & known & (at == place)) for place in range(len(edges) + 1)]
    return _counted(edges, [(int(good.sum()), int(poor.sum())) for good, poor in bins], bad, known)


def grouped(codes: NDArray[Any], bad: Flags, categories: int) -> tuple[tuple[Bin, ...], Bin, float]:
    """The bins of each category from code 1 on, that of who has none (code 0), and the information value."""
    goods = np.bincount(codes[~bad], minlength=categories + 1)
    bads = np.bincount(codes[bad], minlength=categories + 1)
    counts = list(zip(goods.tolist(), bads.tolist(), strict=True))[: categories + 1]
    bins = _bins(counts, goods.sum(), bads.sum())
    return bins[1:], bins[0], information_value(goods.astype(float), bads.astype(float))


def scaled(evidence: Sequence[float]) -> tuple[int, ...]:
    """Weights of evidence as points from 0 to 100; all 50 where they are the same."""
    low, high = min(evidence), max(evidence)
    if low == high:
        return (50,) * len(evidence)
    return tuple(round(100 * (value - low) / (high - low)) for value in evidence)


def rounded(value: float) -> float:
    """To three significant digits."""
    if value == 0:
        return 0.0
    return round(value, DIGITS - 1 - floor(log10(abs(value))))


def _edges(values: Floats, bad: Flags, direction: Direction, most: int) -> tuple[float, ...]:
    least = max(1, round(LEAST_SHARE * len(values)))
    if len(values) < 2 * least or bad.all() or not bad.any():
        return ()
    tree = DecisionTreeClassifier(
        criterion="entropy",
        max_leaf_nodes=most,
        min_samples_leaf=least,
        random_state=0,
    )
    way = _way(values, bad, direction)
    tree.set_params(monotonic_cst=[way]).fit(values.reshape(-1, 1), bad)
    splits = tree.tree_.threshold[tree.tree_.feature == 0]
    return _one_way(sorted({rounded(float(split)) for split in splits}), values, bad, way)


def _one_way(edges: list[float], values: Floats, bad: Flags, way: int) -> tuple[float, ...]:
    """Without the edges at which the share of bad outcomes turns back, the sharpest turn first. The tree binds what it
    predicts, and the outcomes within its leaves may differ from that; so may those of rounded edges."""
    while edges:
        at = np.searchsorted(edges, values, side="right")
        sizes = np.bincount(at, minlength=len(edges) + 1)
        shares = np.bincount(at[bad], minlength=len(edges) + 1) / np.maximum(sizes, 1)
        steps = np.where((sizes[:-1] > 0) & (sizes[1:] > 0), way * np.diff(shares), -np.inf)
        if steps.min() > 0:
            break
        edges.pop(int(steps.argmin()))
    return tuple(edges)


def _way(values: Floats, bad: Flags, direction: Direction) -> int:
    """Which way the bad outcomes go as the value rises: 1 more of them, −1 fewer."""
    if direction != "neutral":
        return -1 if direction == "higher" else 1
    order = values.argsort().argsort()
    return 1 if order[bad].mean() > order[~bad].mean() else -1


def _counted(edges: tuple[float, ...], counts: list[tuple[int, int]], bad: Flags, known: Flags) -> Cut:
    missing = (int((~bad & ~known).sum()), int((bad & ~known).sum()))
    bins = _bins([*counts, missing], int((~bad).sum()), int(bad.sum()))
    filled = np.array([pair for pair in [*counts, missing] if sum(pair)], dtype=np.float64)
    return Cut(edges, bins[:-1], bins[-1], information_value(filled[:, 0], filled[:, 1]))


def _bins(counts: Sequence[tuple[int, int]], goods: int, bads: int) -> tuple[Bin, ...]:
    """An empty cell counts as half a subject, so that the evidence stays finite."""
    return tuple(
        Bin(good, bad, float(np.log((max(good, 0.5) / max(goods, 1)) / (max(bad, 0.5) / max(bads, 1)))))
        if good or bad
        else Bin(0, 0, 0.0)
        for good, bad in counts
    )
