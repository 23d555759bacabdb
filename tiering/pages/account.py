"""The account of a tier as a page lays it out: `tiering.selectors.evidence` in words and formatted numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.formats import listed
from tiering import display
from tiering.core.document import SCORE_UNIT, Gate
from tiering.core.evaluate import Assessment as Result
from tiering.core.evaluate import IndicatorTrace
from tiering.core.explain import DimensionRow, GateRow, IndicatorRow, Lift
from tiering.core.lifts import Step
from tiering.core.metric import is_missing
from tiering.models import Tier
from tiering.selectors.evidence import Evidence, Reason

WHOLE_SHARE = 100


@dataclass(frozen=True)
class IndicatorLine:
    """One metric: its value now and before, and what it earns. `moved`: it earns other points than before."""

    label: str
    help: str
    value: str
    before: str
    band: str
    points: int
    contribution: str
    change: float | None
    moved: bool
    missing: str
    is_known: bool


@dataclass(frozen=True)
class DimensionLine:
    """One dimension; `share` and `share_before` are its contribution in percent of the most it could be."""

    label: str
    weight: str
    share: float
    share_before: float | None
    contribution: str
    change: float | None
    lead: IndicatorLine
    indicators: list[IndicatorLine]

    @property
    def kind(self) -> str:
        """How the bar is coloured: weak dimensions stand out."""
        return "wide bad" if self.share < 20 else "wide warn" if self.share < 40 else "wide accent"

    @property
    def points(self) -> int:
        return int(self.share)

    @property
    def lead_text(self) -> str:
        """The indicator that says most about the dimension, and its value; from → to where it earns other points."""
        lead = self.lead
        value = lead.value if lead.is_known else _("not known")
        return f"{lead.label} {lead.before} → {value}" if lead.moved else f"{lead.label} {value}"

    @property
    def moved(self) -> list[IndicatorLine]:
        return [line for line in self.indicators if line.moved]


@dataclass(frozen=True)
class GateLine:
    """One gate: fired or passed, the values it read, and what it does to the tier."""

    label: str
    condition: str
    values: str
    effect: str
    tier: Tier
    fired: bool
    decisive: bool
    hard: bool


@dataclass(frozen=True)
class LiftLine:
    """Improvements that together lead to a better tier."""

    steps: list[str]
    score: str
    tier: Tier


@dataclass(frozen=True)
class Account:
    """Everything a page says about one assessment."""

    tier: Tier
    model_tier: Tier
    next_tier: Tier | None
    score: str
    score_before: str
    change: float | None
    shortfall: str
    held_by_gates: bool
    dimensions: list[DimensionLine]
    gates: list[GateLine]
    lifts: list[LiftLine]
    not_known: list[IndicatorLine]
    has_previous: bool

    @property
    def gates_fired(self) -> list[GateLine]:
        return [gate for gate in self.gates if gate.fired]


def account_of(evidence: Evidence, tiers: Mapping[int, Tier], most_lifts: int = 3) -> Account:
    """What a page says; `tiers` are those of the scheme by rank."""
    told = evidence.explanation
    dimensions = [_dimension(row, evidence.before) for row in told.dimensions]
    gates = {gate.key: gate for gate in evidence.document.gates}
    return Account(
        tier=tiers[told.assessment.tier],
        model_tier=tiers[told.assessment.model_tier],
        next_tier=None if told.next_tier is None else tiers[told.next_tier],
        score=display.score(told.assessment.score),
        score_before=display.score(evidence.before.score if evidence.before else None),
        change=_points(told.score_change),
        shortfall=display.shortfall(told.shortfall) if told.shortfall else "",
        held_by_gates=told.shortfall == 0,
        dimensions=dimensions,
        gates=[_gate(row, gates[row.key], tiers) for row in told.gates],
        lifts=[_lift(lift, tiers) for lift in told.lifts[:most_lifts]],
        not_known=[line for row in dimensions for line in row.indicators if line.missing],
        has_previous=evidence.before is not None,
    )


def reason_text(reason: Reason | None) -> str:
    """Why the tier moves, in a line of the queue."""
    if reason is None:
        return ""
    name = display.label(reason.name)
    if reason.points is None:
        return name
    size = max(1, round(abs(reason.points)))
    text = (
        ngettext("%(name)s up %(points)s point", "%(name)s up %(points)s points", size)
        if reason.points > 0
        else ngettext("%(name)s down %(points)s point", "%(name)s down %(points)s points", size)
    )
    return text % {"name": name, "points": size}


def _points(units: int | None) -> float | None:
    return None if units is None else units / SCORE_UNIT


def _dimension(row: DimensionRow, before: Result | None) -> DimensionLine:
    earlier = dict(_earlier(before))
    lines = [_indicator(indicator, earlier) for indicator in row.indicators]
    heaviest = max(
        range(len(lines)), key=lambda i: (abs(row.indicators[i].change or 0), row.indicators[i].most)
    )
    return DimensionLine(
        label=display.label(row.label),
        weight=display.weight(row.weight),
        share=_share(row.contribution, row.most),
        share_before=None if row.change is None else _share(row.contribution - row.change, row.most),
        contribution=display.score(row.contribution),
        change=_points(row.change),
        lead=lines[heaviest],
        indicators=lines,
    )


def _earlier(before: Result | None) -> Iterator[tuple[str, IndicatorTrace]]:
    for dimension in before.dimensions if before else ():
        for trace in dimension.indicators:
            yield trace.metric, trace


def _share(units: int, most: int) -> float:
    return min(WHOLE_SHARE, WHOLE_SHARE * units / most) if most else 0


def _indicator(row: IndicatorRow, earlier: Mapping[str, IndicatorTrace]) -> IndicatorLine:
    trace, before = row.trace, earlier.get(row.trace.metric)
    return IndicatorLine(
        label=display.metric_label(trace.metric),
        help=display.metric_help(trace.metric),
        value=display.metric_value(trace.metric, trace.value),
        before=display.metric_value(trace.metric, before.value) if before else "",
        band=display.band_text(trace.metric, trace.band) if trace.band else "",
        points=trace.points,
        contribution=display.score(trace.contribution),
        change=_points(row.change),
        moved=before is not None and before.points != trace.points,
        missing=display.missing_text(trace.missing, trace.points) if trace.missing else "",
        is_known=not is_missing(trace.value),
    )


def _gate(row: GateRow, gate: Gate, tiers: Mapping[int, Tier]) -> GateLine:
    return GateLine(
        label=display.label(row.label),
        condition=display.condition_text(gate.when),
        values=listed(display.metric_value(key, value) for key, value in row.values.items()),
        effect=gate_effect(gate),
        tier=tiers[row.tier],
        fired=row.fired,
        decisive=row.decisive,
        hard=row.hard,
    )


def gate_effect(gate: Gate) -> str:
    """What a gate does to the tier."""
    texts = {
        "cap": _("no better than {tier}"),
        "floor": _("no worse than {tier}"),
        "fixed": _("always {tier}"),
    }
    return texts[gate.effect].format(tier=gate.tier)


def _lift(lift: Lift, tiers: Mapping[int, Tier]) -> LiftLine:
    return LiftLine([_step(step) for step in lift.steps], display.score(lift.score), tiers[lift.tier])


def _step(step: Step) -> str:
    """What would have to become of one metric."""
    label = display.metric_label(step.metric)
    now = display.metric_value(step.metric, step.value)
    if is_missing(step.value):
        target = display.band_text(step.metric, step.band) if step.band else _value(step)
        return _("{metric}: {target} (not known now)").format(metric=label, target=target)
    if step.band and isinstance(step.value, float) and step.band.lo > step.value:
        return _("{metric}: at least {target} (now {now})").format(
            metric=label, target=display.metric_value(step.metric, step.band.lo), now=now
        )
    if step.band:
        return _("{metric}: below {target} (now {now})").format(
            metric=label, target=display.metric_value(step.metric, step.band.hi), now=now
        )
    return _("{metric}: {target} (now {now})").format(metric=label, target=_value(step), now=now)


def _value(step: Step) -> str:
    return display.metric_value(step.metric, step.target)
