"""Plots with two axes, as SVG text beside `charts`: rates with their intervals, curves of shares, shares over days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from crm.formats import day, percent

Curve = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Dot:
    """A rate with its interval, as shares; `value` None: there is none. `css` colours it, `text` says it in words."""

    label: str
    value: float | None
    low: float
    high: float
    css: str
    text: str


@dataclass(frozen=True)
class Box:
    """Where a plot draws: `left` to `right` and `top` to `bottom` in pixels, for `low` to `high` of the axis."""

    left: float
    right: float
    top: float
    bottom: float
    low: float = 0.0
    high: float = 1.0

    def x(self, share: float) -> float:
        return self._at(share, self.left, self.right)

    def y(self, share: float) -> float:
        return self._at(share, self.bottom, self.top)

    def _at(self, share: float, begin: float, end: float) -> float:
        inside = min(max(share, self.low), self.high)
        return round(begin + (end - begin) * (inside - self.low) / (self.high - self.low), 1)


def nice_ceiling(value: float) -> float:
    """The next of 1, 2 or 5 times a power of ten, as the end of an axis of shares; 1 at most."""
    if value <= 0:
        return 0.01
    power = 10.0 ** floor(log10(value))
    step = next(step for step in (1, 2, 5, 10) if value <= step * power * (1 + 1e-9))
    return min(1.0, step * power)


def ticks(low: float, high: float, parts: int) -> list[float]:
    """The ends and what divides the axis in equal parts."""
    return [low + (high - low) * part / parts for part in range(parts + 1)]


def decimals(shares: Sequence[float]) -> int:
    """How many decimals tell all of the shares exactly as percentages; 2 at most."""
    return next((n for n in (0, 1) if all(abs(round(100 * one, n) - 100 * one) < 1e-6 for one in shares)), 2)


def dots_and_whiskers(dots: Sequence[Dot], title: str, width: int = 480, row: int = 28) -> SafeString:
    """A row for each rate: a dot with its interval, over an axis from nothing to the end of the widest interval that
    has a value."""
    highest = max((dot.high for dot in dots if dot.value is not None), default=0.0)
    height = row * len(dots) + 30
    box = Box(64, width - 20, 6, height - 24, 0.0, nice_ceiling(highest))
    return format_html(
        '<svg class="chart plot plot-rates" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        width,
        height,
        title,
        _upright_ticks(box),
        format_html_join("", "{}", ((_dot(dot, box, 6 + row * (at + 0.5)),) for at, dot in enumerate(dots))),
    )


def unit_square(
    lines: Sequence[tuple[Curve, str]], title: str, across: str, upwards: str, size: int = 264
) -> SafeString:
    """Curves of shares from (0, 0) to (1, 1), each with its CSS class, over the diagonal of what chance gives."""
    box = Box(40, size - 18, 8, size - 40)
    return format_html(
        '<svg class="chart plot" viewBox="0 0 {0} {0}" role="img" aria-label="{1}">{2}{3}'
        '<path class="plot-chance" d="{4}"/>{5}'
        '<text x="{6}" y="{7}" text-anchor="middle">{8}</text>'
        '<text x="{9}" y="{10}" text-anchor="middle" transform="rotate(-90 {9} {10})">{11}</text></svg>',
        size,
        title,
        _upright_ticks(box),
        level_ticks(box),
        _path([(0, 0), (1, 1)], box),
        format_html_join(
            "", '<path class="plot-curve {}" d="{}"/>', ((css, _path(points, box)) for points, css in lines)
        ),
        (box.left + box.right) / 2,
        size - 6,
        across,
        10,
        (box.top + box.bottom) / 2,
        upwards,
    )


def shares_over_days(
    points: Sequence[tuple[date, float]], title: str, width: int = 760, height: int = 150
) -> SafeString:
    """A line of dated shares, each with its value in a tooltip; empty for none. The axis ends at the whole."""
    if not points:
        return SafeString()
    lowest = min(share for _, share in points)
    box = Box(44, width - 18, 10, height - 24, max(0.0, floor(lowest * 10 - 0.5) / 10), 1.0)
    first, last = points[0][0], points[-1][0]
    span = max((last - first).days, 1)
    spots = [
        (box.left + (box.right - box.left) * (on - first).days / span, on, share) for on, share in points
    ]
    line = "M" + "L".join(f"{x:.1f} {box.y(share)}" for x, _, share in spots)
    return format_html(
        '<svg class="chart chart-wide" viewBox="0 0 {} {}" role="img" aria-label="{}">{}'
        '<path class="chart-line" d="{}"/>{}{}</svg>',
        width,
        height,
        title,
        level_ticks(box, 2),
        line,
        format_html_join("", "{}", ((_spot(x, on, share, box),) for x, on, share in spots)),
        format_html_join("", "{}", _ends(spots, height)),
    )


def _ends(spots: Sequence[tuple[float, date, float]], height: int) -> Iterator[tuple[SafeString]]:
    """The first and the last day below the line."""
    anchors = {0: "start", len(spots) - 1: "end"}
    for at, anchor in anchors.items():
        x, on, _ = spots[at]
        yield (
            format_html(
                '<text x="{}" y="{}" text-anchor="{}">{}</text>', round(x, 1), height - 6, anchor, day(on)
            ),
        )


def _spot(x: float, on: date, share: float, box: Box) -> SafeString:
    text = f"{day(on)}: {percent(share, 1)}"
    return format_html(
        '<g class="chart-column" data-tip="{0}"><title>{0}</title>'
        '<circle class="chart-point" cx="{1}" cy="{2}" r="2.5"/>'
        '<rect class="chart-hit" x="{3}" y="{4}" width="12" height="{5}"/></g>',
        text,
        round(x, 1),
        box.y(share),
        round(x - 6, 1),
        box.top,
        box.bottom - box.top,
    )


def _dot(dot: Dot, box: Box, y: float) -> SafeString:
    whisker = format_html(
        '<path class="plot-whisker" d="M{0} {2}H{1}M{0} {3}V{4}M{1} {3}V{4}"/>',
        box.x(dot.low),
        box.x(dot.high),
        y,
        y - 4,
        y + 4,
    )
    mark = (
        ""
        if dot.value is None
        else format_html('<circle class="plot-dot" cx="{}" cy="{}" r="4.5"/>', box.x(dot.value), y)
    )
    return format_html(
        '<g class="chart-column {}" data-tip="{}"><title>{}</title>'
        '<text class="plot-label" x="{}" y="{}" text-anchor="end">{}</text>'
        '{}{}<rect class="chart-hit" x="0" y="{}" width="{}" height="26"/></g>',
        dot.css,
        dot.text,
        dot.text,
        box.left - 10,
        y + 4,
        dot.label,
        "" if dot.value is None else whisker,
        mark,
        y - 13,
        box.right,
    )


def _upright_ticks(box: Box) -> SafeString:
    return format_html_join(
        "",
        '<path class="plot-grid" d="M{0} {1}V{2}"/><text x="{0}" y="{3}" text-anchor="middle">{4}</text>',
        ((box.x(at), box.top, box.bottom, box.bottom + 14, text) for at, text in _told_ticks(box, 4)),
    )


def level_ticks(box: Box, parts: int = 4) -> SafeString:
    """Lines across at what divides the axis of shares in equal parts, each with its percentage."""
    return format_html_join(
        "",
        '<path class="plot-grid" d="M{0} {1}H{2}"/><text x="{3}" y="{4}" text-anchor="end">{5}</text>',
        (
            (box.left, box.y(at), box.right, box.left - 6, box.y(at) + 4, text)
            for at, text in _told_ticks(box, parts)
        ),
    )


def _told_ticks(box: Box, parts: int) -> list[tuple[float, str]]:
    shares = ticks(box.low, box.high, parts)
    return [(share, percent(share, decimals(shares))) for share in shares]


def _path(points: Curve, box: Box) -> str:
    return "M" + "L".join(f"{box.x(x)} {box.y(y)}" for x, y in points)
