"""The probability of the outcome by score: the curve, and how often it came beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import exp
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.plots import Box, level_ticks, nice_ceiling, ticks
from tiering.pages.validation_words import number, rate_text

HIGHEST_SCORE = 100
STEP = 2
"""The curve is drawn through every second point of the score."""
PARTS = 4


def pd_chart(found: Mapping[str, Any], width: int = 300, height: int = 170) -> SafeString:
    """A curve over the score with a dot for each tenth of the clients; `found` holds `intercept`, `slope`, `tenths`."""
    scores = range(0, HIGHEST_SCORE + 1, STEP)
    curve = [(score, probability(found, score)) for score in scores]
    dots = [(one["score"], one["bad"] / one["subjects"], one) for one in found["tenths"]]
    seen = [share for _score, share, _one in dots] + [probability(found, score) for score, _, _ in dots]
    box = Box(44, width - 12, 8, height - 36, 0.0, nice_ceiling(max(seen, default=0.0) * 1.05))
    return format_html(
        '<svg class="chart plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}'
        '<path class="plot-curve" d="{}"/>{}<text x="{}" y="{}" text-anchor="middle">{}</text></svg>',
        width,
        height,
        _("Probability of the outcome by score"),
        level_ticks(box, PARTS),
        format_html_join("", '<text x="{}" y="{}" text-anchor="middle">{}</text>', _scores(box)),
        _path([(x, y) for x, y in curve if y <= box.high], box),
        format_html_join(
            "",
            '<g class="chart-column" data-tip="{0}"><title>{0}</title><circle class="plot-dot" cx="{1}" cy="{2}" r="4"/>'
            '<rect class="chart-hit" x="{3}" y="{4}" width="16" height="{5}"/></g>',
            (_dot(score, share, one, box) for score, share, one in dots),
        ),
        (box.left + box.right) / 2,
        height - 4,
        _("score"),
    )


def probability(found: Mapping[str, Any], score: float) -> float:
    return 1 / (1 + exp(-(found["intercept"] + found["slope"] * score)))


def _across(score: float, box: Box) -> float:
    return round(box.left + (box.right - box.left) * score / HIGHEST_SCORE, 1)


def _scores(box: Box) -> Iterator[tuple[Any, ...]]:
    for score in ticks(0, HIGHEST_SCORE, PARTS):
        yield _across(score, box), box.bottom + 14, int(score)


def _path(points: Sequence[tuple[float, float]], box: Box) -> str:
    return (
        "M" + "L".join(f"{_across(score, box)} {box.y(share)}" for score, share in points) if points else ""
    )


def _dot(score: float, share: float, one: Mapping[str, Any], box: Box) -> tuple[Any, ...]:
    text = _("score %(score)s: %(rate)s turned bad (%(bad)s of %(subjects)s)") % {
        "score": number(score, 1),
        "rate": rate_text(share),
        "bad": intcomma(one["bad"]),
        "subjects": intcomma(one["subjects"]),
    }
    x = _across(score, box)
    return text, x, box.y(share), x - 8, box.top, round(box.bottom - box.top, 1)
