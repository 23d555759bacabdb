"""The scale beside a placement: a zone for each tier over the scores of the book, and where zones meet a handle to drag.

Drawn in shares of the width, so that a script can move what is dragged (placement.js). Numbers in SVG are never
localised.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tiering.pages.studio_tiers import ScaleTier
from tiering.selectors.described import Scores

BAR: Final = 20
"""Tenths of a point that a bar stands for."""
TENTHS_IN_ALL: Final = 1000
HEIGHTS: Final = {"score": 92, "share": 44}
"""Of the zones, in pixels; the ticks stand below."""
TICKS: Final = range(0, 101, 20)
LETTER: Final = 1.3
"""Per cent of the width that a letter takes: a zone too narrow for the key of its tier does not name it."""


@dataclass(frozen=True)
class Cut:
    """Where the zone of a tier begins, or for shares ends: `at` from 0 to 100, typed in the field `path`."""

    tier: ScaleTier
    number: int
    path: str
    at: float


def score_scale(path: str, cuts: Sequence[Cut], scores: Scores) -> SafeString:
    """From 0 to 100 points, the best tier at the right, before the scores in force."""
    ends = [100.0, *(cut.at for cut in cuts[:-1])]
    zones = [(cut, cut.at, end) for cut, end in zip(cuts, ends, strict=True)]
    return _scale(path, "score", zones, cuts[:-1], scores)


def share_scale(path: str, cuts: Sequence[Cut]) -> SafeString:
    """From the first to the last of all, the best tier at the left."""
    starts = [0.0, *(cut.at for cut in cuts[:-1])]
    zones = [(cut, start, cut.at) for cut, start in zip(cuts, starts, strict=True)]
    return _scale(path, "share", zones, cuts[:-1], Scores({}))


def _scale(
    path: str, kind: str, zones: Sequence[tuple[Cut, float, float]], handles: Sequence[Cut], scores: Scores
) -> SafeString:
    height = HEIGHTS[kind]
    return format_html(
        '<svg class="scale scale-{1}" data-scale-of="{0}" data-scale-kind="{1}" data-scores="{2}" role="group"'
        ' aria-label="{3}"><svg class="scale-area" height="{4}">{5}{6}</svg>{7}{8}{9}</svg>',
        path,
        kind,
        json.dumps(scores.tenths),
        _("Where tiers begin"),
        height,
        format_html_join("", ZONE, map(_zone, zones)),
        format_html_join("", BAR_DRAWN, _bars(scores)),
        format_html_join("", TICK, _ticks(kind)),
        format_html_join("", NAME, map(_name, zones)),
        format_html_join("", "{}", ((_handle(cut, height),) for cut in handles)),
    )


ZONE: Final = '<rect class="scale-zone tier-step-{}" data-zone="{}" x="{}%" width="{}%" height="100%"/>'
BAR_DRAWN: Final = '<rect class="scale-bar" x="{}%" y="{}%" width="{}%" height="{}%"/>'
TICK: Final = '<text class="scale-tick" x="{}%" y="100%" dy="-3" text-anchor="{}">{}</text>'
NAME: Final = '<text class="scale-name{}" data-zone-name="{}" x="{}%" y="15" text-anchor="middle">{}</text>'


def _zone(zone: tuple[Cut, float, float]) -> tuple[int, int, float, float]:
    cut, start, end = zone
    return cut.tier.colour_step, cut.number, _part(start), _part(end - start)


def _name(zone: tuple[Cut, float, float]) -> tuple[str, int, float, str]:
    cut, start, end = zone
    return (
        " is-narrow" if end - start < LETTER * (len(cut.tier.key) + 2) else "",
        cut.number,
        _part((start + end) / 2),
        cut.tier.key,
    )


def _bars(scores: Scores) -> Iterator[tuple[float, float, float, float]]:
    counts = [0] * (TENTHS_IN_ALL // BAR)
    for tenth, number in scores.tenths.items():
        counts[min(tenth, TENTHS_IN_ALL - 1) // BAR] += number
    # One score that many share would press all others flat.
    ordered = sorted(count for count in counts if count)
    top = min(ordered[-1], 2.2 * ordered[-2]) if len(ordered) > 1 else max(counts)
    width = 100 / len(counts)
    for place, count in enumerate(counts):
        if count:
            height = max(1.5, 78 * min(1.0, count / top))
            yield _part(place * width + 0.15), _part(100 - height), _part(width - 0.3), _part(height)


def _ticks(kind: str) -> Iterator[tuple[int, str, str]]:
    unit = "%" if kind == "share" else ""
    for tick in TICKS:
        yield tick, {0: "start", 100: "end"}.get(tick, "middle"), f"{tick}{unit}"


def _handle(cut: Cut, height: int) -> SafeString:
    name = _("Where {tier} begins or ends").format(tier=cut.tier.label)
    return format_html(
        '<svg class="plot-handle" x="{1}%" id="handle-{3}" data-handle-of="at-{3}" role="slider" tabindex="0"'
        ' aria-label="{4}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{5}">'
        '<line class="plot-line" y1="0" y2="{0}"/>'
        '<rect class="plot-grip" x="-5" y="{2}" width="10" height="22" rx="4"/>'
        '<rect class="plot-reach" x="-12" width="24" height="{0}"/></svg>',
        height,
        _part(cut.at),
        height // 2 - 8,
        cut.path,
        name,
        f"{cut.at:.12g}",
    )


def _part(share: float) -> float:
    return round(max(0.0, share), 2)
