"""The forecast of months as SVG: what was to be expected, what came true in front of it, and the target as a line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.formats import money, month, month_short
from funnel.selectors.figures.forecasts import Month

WIDTH, HEIGHT, LEFT, TOP, FOOT = 760, 220, 54, 28, 22
BAR, INNER = 0.62, 0.34
"""Of a month's width: the bar of the forecast, and that of what came true in it."""
LINES = 4


def forecast_chart(told: Sequence[Month]) -> SafeString:
    """Empty where there is nothing to draw."""
    most = max((value for one in told for value in _values(one)), default=Decimal(0))
    if not most:
        return SafeString()
    most = _even(most)
    step = (WIDTH - LEFT) / len(told)
    columns = [_column(one, LEFT + at * step, step, most) for at, one in enumerate(told)]
    levels = [most * at / LINES for at in range(LINES + 1)]
    return format_html(
        '<svg class="chart chart-wide forecast" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        _("Weighted forecast, target and what came true, by month"),
        format_html_join(
            "",
            '<line class="plot-grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>'
            '<text x="{3}" y="{4}" text-anchor="end">{5}</text>',
            ((LEFT, WIDTH, _y(value, most), LEFT - 6, _y(value, most) + 4, money(value)) for value in levels),
        ),
        format_html_join("", "{}", ((column,) for column in columns)),
        _legend(),
    )


def _even(most: Decimal) -> Decimal:
    """The end of an axis that `LINES` even lines divide, at or above what is drawn."""
    power = Decimal(10) ** most.adjusted()
    return next(step * power for step in map(Decimal, (1, 2, 4, 6, 8, 10)) if most <= step * power)


def _values(one: Month) -> list[Decimal]:
    aim = one.aim.amount if one.aim else None
    return [value for value in (one.weighted, one.won_amount, aim) if value is not None]


def _y(value: Decimal, most: Decimal) -> float:
    return round(TOP + (HEIGHT - TOP - FOOT) * (1 - float(value / most)), 1)


def _bar(css: str, middle: float, width: float, value: Decimal | None, most: Decimal) -> SafeString:
    if not value:
        return SafeString()
    top = _y(value, most)
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="1.5"/>',
        css,
        round(middle - width / 2, 1),
        top,
        round(width, 1),
        round(HEIGHT - FOOT - top, 1),
    )


def _column(one: Month, left: float, step: float, most: Decimal) -> SafeString:
    middle, aim = left + step / 2, one.aim.amount if one.aim else None
    line = (
        format_html(
            '<line class="forecast-target" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>',
            round(middle - step * 0.42, 1),
            round(middle + step * 0.42, 1),
            _y(aim, most),
        )
        if aim is not None
        else ""
    )
    return format_html(
        '<g class="chart-column" data-tip="{}"><rect class="chart-hit" x="{}" y="{}" width="{}" height="{}"/>{}{}{}'
        '<text x="{}" y="{}" text-anchor="middle">{}</text></g>',
        _said(one),
        round(left, 1),
        TOP,
        round(step, 1),
        HEIGHT - TOP,
        _bar("forecast-weighted", middle, step * BAR, one.weighted, most),
        _bar("forecast-true", middle, step * INNER, one.won_amount, most),
        line,
        round(middle, 1),
        HEIGHT - 6,
        month_short(one.begins),
    )


def _said(one: Month) -> str:
    parts = [f"{month(one.begins)}: {_('Weighted')} {money(one.weighted)}"]
    if one.aim and one.aim.amount is not None:
        parts.append(f"{_('Target')} {money(one.aim.amount)}")
    if one.won_amount is not None:
        parts.append(f"{_('Came true')} {money(one.won_amount)}")
    return " · ".join(parts)


def _legend() -> SafeString:
    """What the two bars and the line are, above the drawing."""
    told = [
        ("forecast-weighted", _("Weighted")),
        ("forecast-true", _("Came true")),
        ("forecast-target", _("Target")),
    ]
    return format_html_join(
        "",
        '<rect class="{0} forecast-key" x="{1}" y="6" width="10" height="{3}" rx="1.5"/><text x="{2}" y="15">{4}</text>',
        (
            (css, LEFT + at * 120, LEFT + at * 120 + 15, 2.5 if css == "forecast-target" else 10, label)
            for at, (css, label) in enumerate(told)
        ),
    )
