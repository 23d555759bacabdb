"""Why one subject is in its tier, what changed, and what would lift it: data for a page, no prose."""

from collections.abc import Mapping
from dataclasses import dataclass

from tiering.core.conditions import metrics_of
from tiering.core.document import Dimension, Document, Effect, Gate
from tiering.core.evaluate import (
    Assessment,
    DimensionTrace,
    IndicatorTrace,
    evaluate,
    gated,
    scorecard_for,
)
from tiering.core.lifts import Lift, lifts
from tiering.core.metric import Fact, Facts
from tiering.core.placement import Cutoff, ScoreCutoffs

__all__ = ["DimensionRow", "Explanation", "GateRow", "IndicatorRow", "Lift", "explain"]


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator now and before. ``most`` is what its best value would contribute; ``change`` is the difference in
    contribution, None when the previous assessment did not read the metric. In score units."""

    trace: IndicatorTrace
    most: int
    change: int | None


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

    ``next_tier`` is the rank of the next better tier that a score can reach, and ``shortfall`` how many score units
    are missing to its cut-off, 0 when the score suffices and gates hold the tier down; both are None at the top.
    ``lifts`` are the smallest improvements that would raise the tier. ``score_change`` is the difference to the
    previous score, None without one.
    """

    assessment: Assessment
    next_tier: int | None
    shortfall: int | None
    score_change: int | None
    dimensions: tuple[DimensionRow, ...]
    gates: tuple[GateRow, ...]
    lifts: tuple[Lift, ...]


def explain(document: Document, facts: Facts, previous: Assessment | None = None) -> Explanation:
    """Explain the assessment of ``facts`` by a checked document, against ``previous`` when there is one."""
    assessment = evaluate(document, facts)
    ahead = _next_cutoff(document, facts, assessment)
    return Explanation(
        assessment=assessment,
        next_tier=document.ranks[ahead.tier] if ahead else None,
        shortfall=max(0, ahead.minimum - assessment.score) if ahead else None,
        score_change=assessment.score - previous.score if previous else None,
        dimensions=_dimensions(document, facts, assessment, previous),
        gates=tuple(_gate(document, gate, facts, assessment) for gate in document.gates),
        lifts=lifts(document, facts, assessment),
    )


def _next_cutoff(document: Document, facts: Facts, assessment: Assessment) -> Cutoff | None:
    placement = document.placement_of(scorecard_for(document, facts))
    cutoffs = placement.steps if isinstance(placement, ScoreCutoffs) else ()
    better = [cut for cut in cutoffs if document.ranks[cut.tier] < assessment.tier]
    return better[-1] if better else None


def _dimensions(
    document: Document, facts: Facts, assessment: Assessment, previous: Assessment | None
) -> tuple[DimensionRow, ...]:
    card = scorecard_for(document, facts)
    before = {trace.key: trace for trace in previous.dimensions} if previous else {}
    pairs = zip(card.dimensions, assessment.dimensions, strict=True)
    return tuple(_dimension(dimension, trace, before.get(trace.key)) for dimension, trace in pairs)


def _dimension(dimension: Dimension, now: DimensionTrace, before: DimensionTrace | None) -> DimensionRow:
    earlier = {trace.metric: trace for trace in before.indicators} if before else {}
    rows = []
    for indicator, trace in zip(dimension.indicators, now.indicators, strict=True):
        known = earlier.get(trace.metric)
        change = trace.contribution - known.contribution if known else None
        rows.append(IndicatorRow(trace, dimension.weight * indicator.weight * max(indicator.scale), change))
    return DimensionRow(
        key=dimension.key,
        label=dimension.label,
        weight=dimension.weight,
        contribution=now.contribution,
        most=sum(row.most for row in rows),
        change=now.contribution - before.contribution if before else None,
        indicators=tuple(rows),
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
        decisive=fired and gated(document, assessment.model_tier, others) != assessment.tier,
        values={key: facts.get(key) for key in sorted(metrics_of(gate.when))},
    )
