"""The flow between stages as SVG: a bar for each stage, as high as cases came there, and ribbons from bar to bar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from funnel.models import Stage
from funnel.selectors.figures.standing import Flow

WIDTH, HEIGHT, BAR, TOP, FOOT = 760.0, 240.0, 14.0, 30.0, 8.0
LEAST = 1.0


@dataclass
class Node:
    """A stage in the drawing; `out` and `into` are how much of its bar ribbons have taken up so far."""

    stage: Stage
    x: float
    y: float
    height: float
    moves: int
    out: float = 0.0
    into: float = 0.0

    @property
    def css(self) -> str:
        return f"flow-{self.stage.outcome}"


def flow_chart(stages: Sequence[Stage], told: Sequence[Flow]) -> SafeString:
    """Moves onwards as ribbons; those back are told in the table alone. Empty where nothing moved."""
    came: dict[int, int] = defaultdict(int)
    for flow in told:
        if flow.target:
            came[flow.target.pk] += flow.moves
    shown = [stage for stage in stages if came[stage.pk]]
    if not shown:
        return SafeString()
    nodes = _placed(shown, came)
    ribbons = [
        _ribbon(nodes[flow.origin.pk], nodes[flow.target.pk], flow, max(came.values()))
        for flow in told
        if flow.origin and flow.target and nodes[flow.target.pk].x > nodes[flow.origin.pk].x
    ]
    return format_html(
        '<svg class="chart chart-wide flow" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        int(WIDTH),
        int(HEIGHT),
        _("Cases from stage to stage"),
        format_html_join("", "{}", ((ribbon,) for ribbon in ribbons)),
        format_html_join("", "{}", ((_bar(node),) for node in nodes.values())),
    )


def _placed(shown: Sequence[Stage], came: dict[int, int]) -> dict[int, Node]:
    """The way from left to right; lost stages at the right end below the won one."""
    way = [stage for stage in shown if stage.outcome != Stage.Outcome.LOST] or list(shown)
    ends = [stage for stage in shown if stage not in way]
    most, room = max(came.values()), HEIGHT - TOP - FOOT
    share = 0.62 if ends else 1.0
    gap = (WIDTH - BAR - 90) / max(len(way) - 1 + bool(ends) * 0.5, 1)
    nodes = {}
    for place, stage in enumerate(way):
        height = max(room * share * came[stage.pk] / most, LEAST)
        nodes[stage.pk] = Node(stage, round(place * gap, 1), TOP, round(height, 1), came[stage.pk])
    y = TOP + room * share + 26
    for stage in ends:
        height = max(room * share * came[stage.pk] / most, LEAST)
        nodes[stage.pk] = Node(
            stage,
            round((len(way) - 0.5) * gap, 1),
            round(min(y, HEIGHT - FOOT - height), 1),
            round(height, 1),
            came[stage.pk],
        )
        y += height + 20
    return nodes


def _ribbon(origin: Node, target: Node, flow: Flow, most: int) -> SafeString:
    high = max(origin.height * flow.moves / origin.moves, LEAST)
    low = max(target.height * flow.moves / target.moves, LEAST)
    left, right = origin.x + BAR, target.x
    bend = (left + right) / 2
    top, end = origin.y + origin.out, target.y + target.into
    origin.out += high
    target.into += low
    path = (
        f"M{left:.1f} {top:.1f}C{bend:.1f} {top:.1f} {bend:.1f} {end:.1f} {right:.1f} {end:.1f}V{end + low:.1f}"
        f"C{bend:.1f} {end + low:.1f} {bend:.1f} {top + high:.1f} {left:.1f} {top + high:.1f}Z"
    )
    text = f"{flow.origin} → {flow.target}: {_number(flow.moves)}"
    return format_html(
        '<path class="flow-ribbon {}" d="{}" data-tip="{}"><title>{}</title></path>',
        target.css,
        path,
        text,
        text,
    )


def _bar(node: Node) -> SafeString:
    return format_html(
        '<rect class="flow-bar {}" x="{}" y="{}" width="{}" height="{}" rx="2"/>'
        '<text x="{}" y="{}"><tspan class="plot-label">{}</tspan> {}</text>',
        node.css,
        node.x,
        node.y,
        BAR,
        node.height,
        node.x,
        round(node.y - 8, 1),
        str(node.stage),
        _number(node.moves),
    )


def _number(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)
