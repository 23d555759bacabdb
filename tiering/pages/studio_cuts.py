"""Bands cut from the book: edges at equal shares, rounded to numbers that one would choose, and the points to begin
with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import floor, log10
from typing import Any, Final

from tiering.core.metric import Metric, Unit
from tiering.selectors.distribution import Distribution

Band = dict[str, Any]

BEST: Final = 100
WHOLE_UNITS: Final = frozenset({"days", "count", "grade"})
NICE: Final = (5, 2.5, 2, 1)
DECADES: Final = 7
MOVED: Final = 0.015
"""The share of the known values that may lie on the other side of an edge once it is rounded."""
NOT_APPLICABLE: Final = "not_applicable"

USUAL: Final[Mapping[Unit, tuple[float, float]]] = {
    "fraction": (0.3, 0.6),
    "multiple": (1, 2),
    "money": (10_000_000, 100_000_000),
    "days": (30, 90),
    "years": (1, 3),
    "count": (1, 3),
    "points": (40, 70),
    "grade": (3, 4),
    "notches": (-1, 1),
    "rank": (1, 2),
    "none": (1, 2),
}
"""Where a number is first cut while nothing is known of it."""


def edges_at_quantiles(distribution: Distribution, count: int, unit: Unit) -> list[float]:
    """The edges of up to `count` bands with equal shares of the known values; fewer where many have the same value."""
    if not distribution.values:
        return []
    exact = [distribution.edge(number / count) for number in range(1, count)]
    # Below the least value lies nobody: such an edge would make an empty band.
    least = distribution.values[0]
    return sorted({_rounded(edge, distribution, unit) for edge in exact if edge > least})


def _rounded(edge: float, distribution: Distribution, unit: Unit) -> float:
    """The roundest number by which hardly anybody changes sides."""
    low, high = distribution.values[0], distribution.values[-1]
    below = distribution.share(None, edge)
    for step in _steps(high - low, unit):
        rounded = float(f"{round(edge / step) * step:.10g}")
        if low < rounded <= high and abs(distribution.share(None, rounded) - below) <= MOVED:
            return rounded
    return edge


def _steps(span: float, unit: Unit) -> Iterator[float]:
    """What a number may be a multiple of, the coarsest first."""
    power = floor(log10(span)) if span > 0 else 0
    for exponent in range(power, power - DECADES, -1):
        for nice in NICE:
            step = float(f"{nice}e{exponent}")
            if step % 1 == 0 or unit not in WHOLE_UNITS:
                yield step


def bands(edges: Sequence[float], points: Sequence[int]) -> list[Band]:
    """Bands from edge to edge, open at both ends."""
    stops = [None, *edges, None]
    pairs = zip(stops[:-1], stops[1:], points, strict=True)
    return [{"lo": low, "hi": high, "points": earned} for low, high, earned in pairs]


def points_for(count: int, rising: bool = True) -> list[int]:
    """Points in equal steps from nothing to everything, or the other way round."""
    steps = [round(BEST * number / (count - 1)) for number in range(count)] if count > 1 else [BEST]
    return steps if rising else steps[::-1]


def first_bands(metric: Metric, distribution: Distribution) -> list[Band]:
    """What a number earns to begin with: nothing, half or everything by thirds of the book."""
    edges = edges_at_quantiles(distribution, 3, metric.unit) or list(USUAL[metric.unit])
    return bands(edges, points_for(len(edges) + 1, metric.direction != "lower"))


def first_categories(metric: Metric) -> dict[str, int | None]:
    """What a category earns to begin with: less from each to the next. What says that a metric does not apply, leaves it
    out."""
    asked = [key for key in metric.categories if key != NOT_APPLICABLE]
    points = dict(zip(asked, points_for(len(asked), rising=False), strict=True))
    return {key: points.get(key) for key in metric.categories}
