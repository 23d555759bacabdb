"""Charts as SVG text: no JavaScript, coloured by CSS class, printable. Numbers in SVG are never localised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from crm.formats import month_short

# A change of less than this many points from end to end is drawn as level.
LEVEL_POINTS = 1.5


@dataclass(frozen=True)
class Zone:
    """A horizontal band of a chart, `[low, high)` in the chart's unit, with the CSS class that colours it."""

    label: str
    low: float
    high: float
    css: str


@dataclass(frozen=True)
class Frame:
    """Maps values to pixels inside the margins of a drawing."""

    width: float
    height: float
    low: float
    high: float
    count: int
    left: float = 2
    right: float = 4
    top: float = 3
    bottom: float = 3

    def x(self, index: int) -> float:
        usable = self.width - self.left - self.right
        return round(self.left + (usable * index / (self.count - 1) if self.count > 1 else usable), 1)

    def y(self, value: float) -> float:
        usable = self.height - self.top - self.bottom
        return round(self.top + usable * (1 - (value - self.low) / (self.high - self.low)), 1)

    def path(self, values: Sequence[float]) -> str:
        return "M" + "L".join(f"{self.x(i)} {self.y(value)}" for i, value in enumerate(values))


def trend_of(values: Sequence[float]) -> str:
    """`up`, `down` or `level` from the first value to the last: the colour agrees with the line that one sees."""
    change = values[-1] - values[0]
    return "up" if change > LEVEL_POINTS else "down" if change < -LEVEL_POINTS else "level"


def sparkline(values: Sequence[float], width: int = 72, height: int = 20) -> SafeString:
    """A small line of monthly values, oldest first; empty for fewer than two. Decorative beside a number."""
    if len(values) < 2:
        return SafeString()
    middle, span = (max(values) + min(values)) / 2, max(max(values) - min(values), 8)
    frame = Frame(width, height, middle - span / 2, middle + span / 2, len(values))
    return format_html(
        '<svg class="spark spark-{}" width="{}" height="{}" viewBox="0 0 {} {}" aria-hidden="true">'
        '<path d="{}"/><circle cx="{}" cy="{}" r="2"/></svg>',
        trend_of(values),
        width,
        height,
        width,
        height,
        frame.path(values),
        frame.x(len(values) - 1),
        frame.y(values[-1]),
    )


def meter(value: float, maximum: float = 100, kind: str = "", tick: float | None = None) -> SafeString:
    """A bar of `value` out of `maximum`; `tick` marks an earlier value. Kinds: accent, warn, bad, and wide."""
    classes = " ".join(f"meter-{name}" for name in kind.split())
    return format_html(
        '<svg class="meter {}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="meter-track" width="100" height="8" rx="1"/>'
        '<rect class="meter-fill" width="{}" height="8" rx="1"/>{}</svg>',
        classes,
        _share(value, maximum),
        ""
        if tick is None
        else format_html(
            '<line class="meter-tick" x1="{0}" x2="{0}" y1="-2" y2="10" vector-effect="non-scaling-stroke"/>',
            _share(tick, maximum),
        ),
    )


def _share(value: float, maximum: float) -> float:
    return round(max(0.0, min(100.0, 100 * float(value) / float(maximum))), 1) if maximum else 0


def line_over_zones(
    points: Sequence[tuple[date, float]],
    zones: Sequence[Zone],
    title: str,
    width: int = 760,
    height: int = 150,
    floor: float = 0,
    ceiling: float = 100,
) -> SafeString:
    """A line of dated values over labelled bands, each point with its value as a tooltip and in `<title>`."""
    if not points:
        return SafeString()
    values = [value for _, value in points]
    low, high = max(floor, min(values) - 8), min(ceiling, max(values) + 8)
    frame = Frame(width, height, low, high, len(points), left=26, right=30, top=8, bottom=20)
    visible = [zone for zone in zones if zone.high > low and zone.low < high]
    return format_html(
        '<svg class="chart chart-wide" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}'
        '<path class="chart-line" d="{}"/>{}</svg>',
        width,
        height,
        title,
        format_html_join("", "{}", ((_zone(frame, zone),) for zone in visible)),
        format_html_join("", "{}", ((_cut(frame, zone.low),) for zone in visible if zone.low > low)),
        frame.path(values),
        format_html_join("", "{}", ((_point(frame, i, *point),) for i, point in enumerate(points))),
    )


def _zone(frame: Frame, zone: Zone) -> SafeString:
    top, bottom = frame.y(min(zone.high, frame.high)), frame.y(max(zone.low, frame.low))
    right = frame.width - frame.right
    label = (
        format_html(
            '<text class="chart-zone-label" x="{}" y="{}">{}</text>',
            right + 8,
            (top + bottom) / 2 + 4,
            zone.label,
        )
        if bottom - top > 12
        else ""
    )
    return format_html(
        '<rect class="chart-zone {}" x="{}" y="{}" width="{}" height="{}"/>{}',
        zone.css,
        frame.left,
        top,
        right - frame.left,
        round(bottom - top, 1),
        label,
    )


def _cut(frame: Frame, value: float) -> SafeString:
    return format_html(
        '<line class="chart-cut" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        frame.left,
        frame.width - frame.right,
        frame.y(value),
        frame.y(value),
        frame.left - 5,
        frame.y(value) + 4,
        f"{value:g}",
    )


def _point(frame: Frame, index: int, on: date, value: float) -> SafeString:
    is_last = index == frame.count - 1
    # Every second label, counted from the newest, leaves room for the words.
    label = month_short(on) if (frame.count - 1 - index) % 2 == 0 else ""
    text = f"{month_short(on)}: {value:g}"
    return format_html(
        '<g class="chart-column" data-tip="{}"><title>{}</title><circle class="chart-point{}" cx="{}" cy="{}" r="{}"/>'
        '<rect class="chart-hit" x="{}" y="{}" width="28" height="{}"/></g>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        text,
        text,
        " chart-point-last" if is_last else "",
        frame.x(index),
        frame.y(value),
        3.5 if is_last else 2,
        frame.x(index) - 14,
        frame.top,
        frame.height - frame.top - frame.bottom,
        frame.x(index),
        frame.height - 5,
        label,
    )


def monthly_columns(
    points: Sequence[tuple[date, float]],
    title: str,
    shown: Callable[[float], str],
    width: int = 760,
    height: int = 120,
) -> SafeString:
    """A column for each month from a common line at nothing, its value as `shown` in a tooltip and in `<title>`."""
    if not points:
        return SafeString()
    values = [value for _, value in points]
    low, high = min(0.0, *values), max(0.0, *values)
    frame = Frame(width, height, low, high if high > low else 1.0, len(points) + 1, bottom=20, top=4)
    step = frame.x(1) - frame.x(0)
    columns = ((_column(frame, i, step, point, shown),) for i, point in enumerate(points))
    return format_html(
        '<svg class="chart chart-wide" viewBox="0 0 {} {}" role="img" aria-label="{}">{}'
        '<line class="chart-base" x1="{}" x2="{}" y1="{}" y2="{}"/></svg>',
        width,
        height,
        title,
        format_html_join("", "{}", columns),
        frame.left,
        frame.width - frame.right,
        frame.y(0),
        frame.y(0),
    )


def _column(
    frame: Frame, index: int, step: float, point: tuple[date, float], shown: Callable[[float], str]
) -> SafeString:
    on, value = point
    left, text = frame.x(index), f"{month_short(on)}: {shown(value)}"
    top, bottom = frame.y(max(value, 0)), frame.y(min(value, 0))
    return format_html(
        '<g class="chart-column" data-tip="{}"><title>{}</title>'
        '<rect class="chart-bar" x="{}" y="{}" width="{}" height="{}" rx="2"/>'
        '<rect class="chart-hit" x="{}" y="{}" width="{}" height="{}"/></g>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        text,
        text,
        round(left + step * 0.2, 1),
        top,
        round(step * 0.6, 1),
        round(bottom - top, 1),
        left,
        frame.top,
        round(step, 1),
        round(frame.height - frame.top - frame.bottom, 1),
        round(left + step / 2, 1),
        frame.height - 5,
        month_short(on),
    )
