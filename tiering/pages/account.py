"""The account of a tier as a page lays it out: `tiering.selectors.evidence` in words and formatted numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.formats import listed, localized
from tiering import display
from tiering.core.document import SCORE_UNIT, Gate
from tiering.core.evaluate import Assessment as Result
from tiering.core.evaluate import IndicatorTrace
from tiering.core.explain import DimensionRow, GateRow, IndicatorRow
from tiering.core.lifts import Lift, Step
from tiering.core.metric import Catalogue, is_missing
from tiering.facts import local_day
from tiering.models import Tier
from tiering.pages.ladder import (
    GridText,
    MigrationText,
    OverlayLine,
    ScaleText,
    migration_text,
    overlay_line,
    placement_text,
)
from tiering.pages.rules import gate_effect
from tiering.selectors.evidence import Evidence, Reason

WHOLE_SHARE = 100
MOST_LIFTS = 3


@dataclass(frozen=True)
class IndicatorLine:
    """One metric: its value now and before, and what it earns. `moved`: it earns other points than before.

    `missing` is what was done because the value is not known or too old (`age` says so), empty when it counts.
    """

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
    age: str
    source: str
    not_applicable: bool
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
    tier: Tier | None
    fired: bool
    decisive: bool
    hard: bool


@dataclass(frozen=True)
class LiftLine:
    """Improvements that together lead to a better tier; `cost`: the points that their indicators gain."""

    steps: list[str]
    score: str
    cost: int
    tier: Tier


@dataclass(frozen=True)
class Stage:
    """The tier after one step of the way."""

    label: str
    tier: Tier


@dataclass(frozen=True)
class PartLine:
    """The tier within one project, of those that a tier was rolled up from."""

    label: str
    tier: Tier


@dataclass(frozen=True)
class Account:
    """Everything a page says about one assessment.

    `held_by` is what holds the tier down though the score suffices. `path`: the tier after each step, empty when they
    all left it as it was. `rolled_up`: the projects behind the tier, the one that it is of first.
    """

    evidence: Evidence
    tiers: Mapping[int, Tier]
    tier: Tier
    model_tier: Tier
    next_tier: Tier | None
    score: str
    score_before: str
    change: float | None
    shortfall: str
    held_by: str
    dimensions: list[DimensionLine]
    gates: list[GateLine]
    placement: ScaleText | GridText
    overlays: list[OverlayLine]
    migration: MigrationText | None
    not_known: list[IndicatorLine]
    path: list[Stage]
    rolled_up: list[PartLine]
    has_previous: bool

    @property
    def gates_fired(self) -> list[GateLine]:
        return [gate for gate in self.gates if gate.fired]

    @property
    def overlays_applied(self) -> list[OverlayLine]:
        return [overlay for overlay in self.overlays if overlay.applies]

    @property
    def grid(self) -> GridText | None:
        """The placement, where it is a matrix."""
        return self.placement if isinstance(self.placement, GridText) else None

    @property
    def ranking(self) -> ScaleText | None:
        """The placement, where it is a rank."""
        scale = self.placement
        return scale if isinstance(scale, ScaleText) and scale.ranking else None

    @cached_property
    def lifts(self) -> list[LiftLine]:
        """The cheapest ways up a tier, searched for only where they are shown."""
        found = self.evidence.lifts[:MOST_LIFTS]
        return [_lift(lift, self.tiers, self.evidence.catalogue) for lift in found]


def account_of(evidence: Evidence, tiers: Mapping[int, Tier]) -> Account:
    """What a page says; `tiers` are those of the scheme by rank."""
    told, names = evidence.explanation, evidence.catalogue
    result, document = told.assessment, evidence.document
    dimensions = [_dimension(row, evidence) for row in told.dimensions]
    gates = {gate.key: gate for gate in document.gates}
    day = local_day(evidence.basis.valid_from)
    return Account(
        evidence=evidence,
        tiers=tiers,
        tier=tiers[result.tier],
        model_tier=tiers[result.model_tier],
        next_tier=None if told.next_tier is None else tiers[told.next_tier],
        score=display.score(result.score),
        score_before=display.score(evidence.before.score if evidence.before else None),
        change=_points(told.score_change),
        shortfall=display.shortfall(told.shortfall) if told.shortfall else "",
        held_by=told.held_by or "",
        dimensions=dimensions,
        gates=[_gate(row, gates[row.key], tiers, names) for row in told.gates],
        placement=placement_text(told.placement, document, result, tiers, names),
        overlays=[overlay_line(row, document, tiers, names) for row in told.overlays],
        migration=migration_text(told.migration, result, tiers, day) if told.migration else None,
        not_known=[line for row in dimensions for line in row.indicators if line.missing],
        path=_path(result, tiers),
        rolled_up=[PartLine(localized(part.project), part.tier) for part in evidence.parts],
        has_previous=evidence.before is not None,
    )


def _path(result: Result, tiers: Mapping[int, Tier]) -> list[Stage]:
    steps = {
        _("by placement alone"): result.model_tier,
        _("after gates"): result.base_tier,
        _("after overlays"): result.overlay_tier,
        _("after the migration policy"): result.tier,
    }
    moved = len(set(steps.values())) > 1
    return [Stage(label, tiers[rank]) for label, rank in steps.items()] if moved else []


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


def _dimension(row: DimensionRow, evidence: Evidence) -> DimensionLine:
    earlier = dict(_earlier(evidence.before))
    lines = [_indicator(indicator, earlier, evidence) for indicator in row.indicators]
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


def _indicator(row: IndicatorRow, earlier: Mapping[str, IndicatorTrace], evidence: Evidence) -> IndicatorLine:
    trace, before, names = row.trace, earlier.get(row.trace.metric), evidence.catalogue
    return IndicatorLine(
        label=display.metric_label(trace.metric, names),
        help=display.metric_help(trace.metric, names),
        value=display.metric_value(trace.metric, row.known, names),
        before=display.metric_value(trace.metric, before.value, names) if before else "",
        band=display.band_text(trace.metric, trace.band, names) if trace.band else "",
        points=trace.points,
        contribution=display.score(trace.contribution),
        change=_points(row.change),
        moved=before is not None and before.points != trace.points,
        missing=display.missing_text(trace.missing, trace.points) if trace.missing else "",
        age=_age(row),
        source=display.source_text(evidence.source(trace.metric).source),
        not_applicable=row.not_applicable,
        is_known=not is_missing(row.known),
    )


def _age(row: IndicatorRow) -> str:
    """How old the value is, and that it is too old; empty where neither is known nor matters."""
    if not row.too_old:
        return "" if row.age is None or is_missing(row.known) else display.age_text(row.age)
    if row.age is None:
        return _("of unknown age")
    limit = display.count_of_days(row.max_age or 0)
    return _("too old: {age}, accepted up to {limit}").format(age=display.age_text(row.age), limit=limit)


def _gate(row: GateRow, gate: Gate, tiers: Mapping[int, Tier], names: Catalogue) -> GateLine:
    return GateLine(
        label=display.label(row.label),
        condition=display.condition_text(gate.when, (), names),
        values=listed(display.metric_value(key, value, names) for key, value in row.values.items()),
        effect=gate_effect(gate),
        tier=None if row.tier is None else tiers[row.tier],
        fired=row.fired,
        decisive=row.decisive,
        hard=row.hard,
    )


def _lift(lift: Lift, tiers: Mapping[int, Tier], names: Catalogue) -> LiftLine:
    steps = [_step(step, names) for step in lift.steps]
    return LiftLine(steps, display.score(lift.score), lift.cost, tiers[lift.tier])


def _step(step: Step, names: Catalogue) -> str:
    """What would have to become of one metric."""
    label = display.metric_label(step.metric, names)
    target = _target(step, names)
    if is_missing(step.value):
        return _("{metric}: {target} (not known now)").format(metric=label, target=target)
    now = display.metric_value(step.metric, step.value, names)
    if step.too_old:
        return _("{metric}: {target} (now {now}, too old)").format(metric=label, target=target, now=now)
    return _("{metric}: {target} (now {now})").format(metric=label, target=target, now=now)


def _target(step: Step, names: Catalogue) -> str:
    """The side of the band that is reached first; the whole band where the value is not known, or lies in it."""
    value, band = step.value, step.band
    if isinstance(step.target, str):
        return display.metric_value(step.metric, step.target, names)
    if band is None or (isinstance(value, int | float) and band.lo > value):
        least = step.target if band is None else band.lo
        return _("at least {value}").format(value=display.metric_value(step.metric, least, names))
    if isinstance(value, int | float) and not band.covers(value):
        return _("below {high}").format(high=display.metric_value(step.metric, band.hi, names))
    return display.band_text(step.metric, band, names)
