"""The picture behind the bands of an indicator: how the book lies, the points it earns there, and edges to drag.

All of it is drawn in shares of the width, so that one drawing serves the narrow row and the wide editor, and a script
can move an edge without asking the server. Numbers in SVG are never localised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asinh, sinh
from statistics import median
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tiering.selectors.distribution import Distribution

WIDTH: Final = 1000
HEIGHT: Final = 100
BARS: Final = 56
GAP: Final = 0.08
"""The part of the room of a bar that is left free at either side."""
TALLEST_BAR: Final = 92
LEAST_BAR: Final = 1.5
"""One client in thousands is still seen."""
LONG_TAIL: Final = 4
MARGIN: Final = 0.04
POINT_STEPS: Final = 5
ROOM: Final = 0.07
WIDE: Final = 0.14
"""The share of the width that the value of an edge takes, of a wide and of a narrow drawing: closer ones are told only
while they have the focus."""


@dataclass(frozen=True)
class Axis:
    """From values to shares of the width, 0 to 1. With a `bend` above 0 the ends are drawn together (asinh): amounts of
    money and the like would all lie at the left otherwise."""

    low: float
    high: float
    bend: float = 0.0

    def share(self, value: float) -> float:
        low, high = self._bent(self.low), self._bent(self.high)
        return min(1.0, max(0.0, (self._bent(value) - low) / (high - low)))

    def value(self, share: float) -> float:
        low, high = self._bent(self.low), self._bent(self.high)
        bent = low + share * (high - low)
        return sinh(bent) * self.bend if self.bend else bent

    def _bent(self, value: float) -> float:
        return asinh(value / self.bend) if self.bend else value


@dataclass(frozen=True)
class Edge:
    """Where one band ends and the next begins: `position` counts the bands; the value in short, and with its unit."""

    position: int
    value: float
    shown: str
    spoken: str


def axis_for(distribution: Distribution, edges: Sequence[float]) -> Axis:
    """An axis on which the middle of the book and every edge can be seen."""
    seen = [*(distribution.middle if distribution.values else ()), *edges]
    low, high = (min(seen), max(seen)) if seen else (0.0, 1.0)
    if low == high:
        low, high = low - (abs(low) or 1.0), high + (abs(high) or 1.0)
    bend = _bend(distribution)
    if bend:
        return Axis(low, high, bend)
    margin = (high - low) * MARGIN
    return Axis(low if low == 0 else low - margin, high + margin)


def _bend(distribution: Distribution) -> float:
    """0 for a distribution that a plain axis shows well, else the size from which on values are drawn together."""
    sizes = [abs(value) for value in distribution.values if value]
    if not sizes:
        return 0.0
    usual = median(sizes)
    reach = max(abs(end) for end in distribution.middle)
    return usual if reach > LONG_TAIL * usual else 0.0


def plot(
    key: str, axis: Axis, distribution: Distribution, edges: Sequence[Edge], points: Sequence[int]
) -> SafeString:
    """The bands and the book behind them as a symbol to be used in drawings of any size."""
    return format_html(
        '<svg class="plot-source" aria-hidden="true" width="0" height="0"><symbol id="{}" viewBox="0 0 {} {}"'
        ' preserveAspectRatio="none">{}<path class="plot-bars" d="{}"/></symbol></svg>',
        key, WIDTH, HEIGHT,
        format_html_join("", '<rect class="plot-band plot-points-{}" x="{}" width="{}" height="100%"/>',
                         _bands(axis, edges, points)),
        "".join(_bars(axis, distribution)),
    )  # fmt: skip


def _bands(axis: Axis, edges: Sequence[Edge], points: Sequence[int]) -> Iterable[tuple[int, float, float]]:
    stops = [0.0, *(axis.share(edge.value) for edge in edges), 1.0]
    for number, earned in enumerate(points):
        left, right = stops[number], max(stops[number], stops[number + 1])
        yield point_step(earned), round(left * WIDTH, 1), round((right - left) * WIDTH, 1)


def _bars(axis: Axis, distribution: Distribution) -> Iterable[str]:
    if not distribution.values:
        return
    stops = [axis.value(number / BARS) for number in range(BARS + 1)]
    shares = [distribution.share(low, high) for low, high in pairwise(stops)]
    shares[-1] += distribution.share(stops[-1], None)
    shares[0] += distribution.share(None, stops[0])
    # One value that many clients share (0 days overdue) would press all others flat.
    ordered = sorted(share for share in shares if share)
    top = min(ordered[-1], 2.2 * ordered[-2]) if len(ordered) > 1 else ordered[-1]
    for number, share in enumerate(shares):
        if share:
            height = max(LEAST_BAR, TALLEST_BAR * min(1.0, share / top))
            left, width = (number + GAP) * WIDTH / BARS, (1 - 2 * GAP) * WIDTH / BARS
            yield f"M{left:.4g} {HEIGHT}v{-height:.3g}h{width:.4g}v{height:.3g}z"


def point_step(points: int) -> int:
    """Which of the five colours so many points have: 0 for the fewest."""
    return min(POINT_STEPS - 1, points * POINT_STEPS // 100)


def band_editor(
    path: str,
    key: str,
    axis: Axis,
    edges: Sequence[Edge],
    points: Sequence[int],
    shown: Callable[[float], str],
) -> SafeString:
    """The large drawing: the points stand in the bands, and each edge is a handle for pointer and arrow keys."""
    ends = _ends(axis, edges, shown)
    handles = ((_handle(path, axis, edge, edges, css),) for edge, css in _told(axis, edges))
    return format_html(
        '<svg class="plot-editor" data-plot="{}" data-low="{}" data-high="{}" data-bend="{}" role="group"'
        ' aria-label="{}"><svg class="plot-area"><use href="#{}" width="100%" height="100%"/></svg>{}{}{}</svg>',
        path, axis.low, axis.high, axis.bend, _("Bands"), key,
        format_html_join("", '<text class="plot-end" x="{}%" y="100%" dy="15" text-anchor="{}">{}</text>', ends),
        format_html_join("", '<text class="plot-earned {}" data-band="{}" x="{}%" y="17" text-anchor="middle">{}</text>',
                         _earned(axis, edges, points)),
        format_html_join("", "{}", handles),
    )  # fmt: skip


def _ends(axis: Axis, edges: Sequence[Edge], shown: Callable[[float], str]) -> Iterable[tuple[int, str, str]]:
    """Where the axis begins and ends, as far as no edge is told there."""
    taken = [axis.share(edge.value) for edge in edges]
    if all(share > 2 * ROOM for share in taken):
        yield 0, "start", shown(axis.low)
    if all(share < 1 - 2 * ROOM for share in taken):
        yield 100, "end", shown(axis.high)


def _earned(
    axis: Axis, edges: Sequence[Edge], points: Sequence[int]
) -> Iterable[tuple[str, int, float, int]]:
    stops = [0.0, *(axis.share(edge.value) for edge in edges), 1.0]
    for number, earned in enumerate(points):
        left, right = stops[number], stops[number + 1]
        if right - left > ROOM / 2:
            yield "plot-tight" if right - left < ROOM else "", number, _percent((left + right) / 2), earned


def _told(axis: Axis, edges: Sequence[Edge]) -> Iterable[tuple[Edge, str]]:
    """Each edge with a class that says where its value has no room beside the one that was told last."""
    last = {"plot-crowded": -1.0, "plot-close": -1.0}
    for edge in edges:
        share, css = axis.share(edge.value), ""
        for name, room in (("plot-close", WIDE), ("plot-crowded", ROOM)):
            if share - last[name] < room:
                css = name
            else:
                last[name] = share
        yield edge, css


def _handle(path: str, axis: Axis, edge: Edge, edges: Sequence[Edge], css: str) -> SafeString:
    below = edges[edge.position - 2].value if edge.position > 1 else axis.low
    above = edges[edge.position].value if edge.position < len(edges) else axis.high
    return format_html(
        '<svg class="plot-handle {}" x="{}%" id="edge-{}-{}" data-edge-of="{}" data-position="{}" role="slider"'
        ' tabindex="0" aria-label="{}" aria-valuemin="{}" aria-valuemax="{}" aria-valuenow="{}" aria-valuetext="{}">'
        '<line class="plot-line" y1="0" y2="100%"/><rect class="plot-grip" x="-4" y="50%" width="8" height="24" rx="4"/>'
        '<text class="plot-value" y="100%" dy="15" text-anchor="middle">{}</text>'
        '<rect class="plot-reach" x="-12" width="24" height="100%"/></svg>',
        css, _percent(axis.share(edge.value)), path, edge.position, path, edge.position,
        _("Edge between band {below} and band {above}").format(below=edge.position, above=edge.position + 1),
        below, above, edge.value, edge.spoken, edge.shown,
    )  # fmt: skip


def category_strip(shares: Sequence[tuple[float, int | None]]) -> SafeString:
    """Categories by their shares of the book and the points that they earn, None where they do not count."""
    if not shares:
        return SafeString()
    rest = 0.0 if any(share for share, _points in shares) else 1 / len(shares)
    left, rects = 0.0, []
    for share, earned in shares:
        width = share or rest
        step = "none" if earned is None else point_step(earned)
        rects.append((step, _percent(left), _percent(max(width - 0.004, 0))))
        left += width
    drawn = format_html_join(
        "", '<rect class="plot-block plot-points-{}" x="{}%" width="{}%" height="100%"/>', rects
    )
    return format_html('<svg class="plot-small">{}</svg>', drawn)


def _percent(share: float) -> float:
    return round(100 * share, 2)
