"""Why one subject is in its tier and what changed: data for a page, no prose. What would lift it, see ``lifts``."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tiering.core.conditions import metrics_of
from tiering.core.document import Dimension, Document, Effect, Gate, Indicator
from tiering.core.evaluate import (
    Assessment,
    DimensionTrace,
    IndicatorTrace,
    evaluate,
    gated,
    is_fresh,
    scorecard_for,
)
from tiering.core.ladder import (
    MigrationRow,
    OverlayRow,
    PlacementRow,
    Scale,
    migration_row,
    overlay_rows,
    placement_row,
)
from tiering.core.metric import Fact, Facts, is_missing
from tiering.core.terms import NOWHERE, Setting


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator now and before.

    ``most`` is what its best value would contribute; ``change`` is the difference in contribution, None when the
    previous assessment did not read the metric; in score units. ``known`` is the value even when it does not count:
    because it is ``too_old`` (``age`` in days, None when not known, ``max_age`` accepted), or ``not_applicable``.
    """

    trace: IndicatorTrace
    most: int
    change: int | None
    known: Fact
    age: int | None
    max_age: int | None
    too_old: bool
    not_applicable: bool


@dataclass(frozen=True, slots=True)
class DimensionRow:
    """One dimension now and before, in score units; ``change`` is None when it was not scored before."""

    key: str
    label: Mapping[str, str]
    weight: int
    contribution: int
    most: int
    change: int | None
    indicators: tuple[IndicatorRow, ...]


@dataclass(frozen=True, slots=True)
class GateRow:
    """One gate: whether its condition holds, the values it read, and whether the tier would differ without it."""

    key: str
    label: Mapping[str, str]
    effect: Effect
    tier: int | None
    notches: int
    hard: bool
    fired: bool
    decisive: bool
    values: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The account of one assessment.

    ``next_tier`` is the rank of the next better tier that the placement can lead to, None at the top. ``shortfall`` is
    how many score units are missing to it, overlays and the buffer of the migration policy counted in: 0 when the
    score suffices and something else holds the tier down (``held_by``), None when no score alone leads there.
    ``score_change`` is the difference to the previous score, None without one. ``migration``: None for criteria
    without a migration policy.
    """

    assessment: Assessment
    next_tier: int | None
    shortfall: int | None
    score_change: int | None
    dimensions: tuple[DimensionRow, ...]
    gates: tuple[GateRow, ...]
    placement: PlacementRow
    overlays: tuple[OverlayRow, ...]
    migration: MigrationRow | None

    @property
    def held_by(self) -> Literal["gates", "migration"] | None:
        """What holds the tier down although the score suffices for a better one."""
        if self.shortfall != 0:
            return None
        return "migration" if self.assessment.overlay_tier < self.assessment.tier else "gates"


def explain(
    document: Document, facts: Facts, setting: Setting = NOWHERE, previous: Assessment | None = None
) -> Explanation:
    """Explain the assessment of ``facts`` by a checked document, against ``previous`` when there is one."""
    assessment = evaluate(document, facts, setting)
    placement = placement_row(document, facts, setting, assessment)
    next_tier = _next_tier(document, facts, assessment)
    return Explanation(
        assessment=assessment,
        next_tier=next_tier,
        shortfall=_shortfall(document, setting, assessment, placement, next_tier),
        score_change=assessment.score - previous.score if previous else None,
        dimensions=_dimensions(document, facts, setting, assessment, previous),
        gates=tuple(_gate(document, gate, facts, assessment) for gate in document.gates),
        placement=placement,
        overlays=overlay_rows(document, facts, setting, assessment),
        migration=migration_row(document, facts, setting, assessment),
    )


def _next_tier(document: Document, facts: Facts, assessment: Assessment) -> int | None:
    placement = document.placement_of(scorecard_for(document, facts))
    better = [rank for tier in placement.tiers if (rank := document.ranks[tier]) < assessment.tier]
    return max(better, default=None)


def _shortfall(
    document: Document, setting: Setting, assessment: Assessment, placement: PlacementRow, tier: int | None
) -> int | None:
    if tier is None or not isinstance(placement, Scale) or placement.by == "cumulative":
        return None
    minimum = next(row.minimum for row in placement.rows if row.tier == tier)
    if minimum is None:
        return None
    shift = sum(overlay.shift for overlay in document.overlays if overlay.key in assessment.overlays)
    return max(0, math.ceil(minimum) + _buffer(document, setting, tier) - shift - assessment.score)


def _buffer(document: Document, setting: Setting, tier: int) -> int:
    """By how many score units the score must pass the cut-off of a tier, less than none for one it may fall to."""
    migration = document.policy.migration
    if migration is None or setting.held is None:
        return 0
    return migration.up.buffer if tier < setting.held else -migration.down.buffer


def _dimensions(
    document: Document, facts: Facts, setting: Setting, assessment: Assessment, previous: Assessment | None
) -> tuple[DimensionRow, ...]:
    card = scorecard_for(document, facts)
    before = {trace.key: trace for trace in previous.dimensions} if previous else {}
    pairs = zip(card.dimensions, assessment.dimensions, strict=True)
    return tuple(_dimension(part, trace, before.get(trace.key), facts, setting) for part, trace in pairs)


def _dimension(
    dimension: Dimension, now: DimensionTrace, before: DimensionTrace | None, facts: Facts, setting: Setting
) -> DimensionRow:
    earlier = {trace.metric: trace.contribution for trace in before.indicators} if before else {}
    pairs = zip(dimension.indicators, now.indicators, strict=True)
    rows = tuple(_indicator(dimension, part, trace, earlier, facts, setting) for part, trace in pairs)
    return DimensionRow(
        key=dimension.key,
        label=dimension.label,
        weight=dimension.weight,
        contribution=now.contribution,
        most=sum(row.most for row in rows),
        change=now.contribution - before.contribution if before else None,
        indicators=rows,
    )


def _indicator(
    dimension: Dimension,
    indicator: Indicator,
    trace: IndicatorTrace,
    earlier: Mapping[str, int],
    facts: Facts,
    setting: Setting,
) -> IndicatorRow:
    value = facts.get(indicator.metric)
    known = None if is_missing(value) else value
    contributed = earlier.get(trace.metric)
    return IndicatorRow(
        trace=trace,
        most=dimension.weight * indicator.weight * max(indicator.scale),
        change=None if contributed is None else trace.contribution - contributed,
        known=known,
        age=setting.ages.get(indicator.metric),
        max_age=indicator.max_age_days,
        too_old=known is not None and not is_fresh(indicator, setting.ages),
        not_applicable=trace.missing is None and indicator.categories.get(str(trace.value), 0) is None,
    )


def _gate(document: Document, gate: Gate, facts: Facts, assessment: Assessment) -> GateRow:
    others = [other for other in document.gates if other.key in assessment.gates and other.key != gate.key]
    fired = gate.key in assessment.gates
    return GateRow(
        key=gate.key,
        label=gate.label,
        effect=gate.effect,
        tier=None if gate.tier is None else document.ranks[gate.tier],
        notches=gate.notches,
        hard=gate.hard,
        fired=fired,
        decisive=fired and gated(document, assessment.model_tier, others) != assessment.base_tier,
        values={key: facts.get(key) for key in sorted(metrics_of(gate.when))},
    )
