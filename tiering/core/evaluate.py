"""What a criteria document means: the assessment of one subject, in exact integers, with its trace.

``compile.py`` says the same in SQL for any number of subjects; a property test holds the two equal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tiering.core.conditions import holds
from tiering.core.document import (
    SCORE_UNIT,
    Band,
    Dimension,
    Document,
    Effect,
    Gate,
    Indicator,
    MissingKind,
    Scorecard,
)
from tiering.core.metric import Fact, Facts, is_missing


@dataclass(frozen=True, slots=True)
class IndicatorTrace:
    """How one indicator counted.

    ``value`` is the known value, None when it was missing, and then ``missing`` names the policy that was applied.
    ``band`` is the band a number fell into, ``position`` its index. ``weight`` is the share of the whole scorecard in
    units of 1e-8, 0 when left out; ``contribution`` is what it adds to the score, in score units, rounded down.
    """

    metric: str
    value: Fact
    band: Band | None
    position: int | None
    missing: MissingKind | None
    points: int
    weight: int
    contribution: int


@dataclass(frozen=True, slots=True)
class DimensionTrace:
    """How one dimension counted: the sums over its indicators, in the same units."""

    key: str
    weight: int
    contribution: int
    indicators: tuple[IndicatorTrace, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result for one subject.

    ``score`` is in score units (see ``document.points``). ``model_tier`` is the rank by score alone, ``tier`` the rank
    after gates; 0 is the best. ``provisional``: an indicator that blocks was missing, or nothing was known at all.
    ``gates`` are the keys of the gates whose condition held, in document order, whether or not they changed the tier.
    """

    scorecard: str
    score: int
    model_tier: int
    tier: int
    provisional: bool
    gates: tuple[str, ...]
    dimensions: tuple[DimensionTrace, ...]


def evaluate(document: Document, facts: Facts) -> Assessment:
    """Assess one subject by a checked document. NaN, infinities and unknown categories count as missing."""
    card = scorecard_for(document, facts)
    readings = [
        [_read(part, dimension, facts) for part in dimension.indicators] for dimension in card.dimensions
    ]
    present = sum(reading.weight for group in readings for reading in group)
    dimensions = tuple(
        _traced(dimension, group, present) for dimension, group in zip(card.dimensions, readings, strict=True)
    )
    raw = sum(reading.weight * reading.points for group in readings for reading in group)
    score = raw * SCORE_UNIT // present if present else 0
    model_tier = tier_by_score(document, card, score)
    fired = tuple(gate for gate in document.gates if holds(gate.when, facts))
    return Assessment(
        scorecard=card.key,
        score=score,
        model_tier=model_tier,
        tier=gated(document, model_tier, fired),
        provisional=_is_provisional(readings),
        gates=tuple(gate.key for gate in fired),
        dimensions=dimensions,
    )


def scorecard_for(document: Document, facts: Facts) -> Scorecard:
    """The first scorecard whose condition holds, else the default one."""
    for card in document.scorecards:
        if card.when is not None and holds(card.when, facts):
            return card
    return next(card for card in document.scorecards if card.is_default)


def tier_by_score(document: Document, card: Scorecard, score: int) -> int:
    """The rank of the best tier whose cut-off the score reaches; the last cut-off is 0."""
    return next(document.ranks[cut.tier] for cut in document.cutoffs_of(card) if score >= cut.minimum)


def gated(document: Document, rank: int, fired: Iterable[Gate]) -> int:
    """The rank that is left of ``rank`` when the gates in ``fired`` apply: floors, then fixed tiers, then caps."""
    limits: dict[Effect, list[int]] = {"floor": [], "fixed": [], "cap": []}
    for gate in fired:
        limits[gate.effect].append(document.ranks[gate.tier])
    lifted = min([rank, *limits["floor"]])
    return max([max(limits["fixed"], default=lifted), *limits["cap"]])


def best_allowed(document: Document, fired: Iterable[str]) -> int:
    """The best rank that a reviewer or an override may grant, given the keys of the gates that fired."""
    keys = frozenset(fired)
    binding = (gate for gate in document.gates if gate.hard and gate.effect != "floor" and gate.key in keys)
    return max((document.ranks[gate.tier] for gate in binding), default=0)


def needs_review(document: Document, facts: Facts, old_tier: int | None, new_tier: int) -> bool:
    """Whether a person must decide the move between two ranks. A first assignment and no move never need it."""
    when = document.policy.review_when
    if when is None or old_tier is None or old_tier == new_tier:
        return False
    move = {"notches": float(old_tier - new_tier), "old_rank": float(old_tier), "new_rank": float(new_tier)}
    return holds(when, {**facts, **move})


class _Reading(NamedTuple):
    """What an indicator earns before the weight that is present is known; the fields of its trace in between."""

    value: Fact
    band: Band | None
    position: int | None
    missing: MissingKind | None
    points: int
    weight: int


def _read(indicator: Indicator, dimension: Dimension, facts: Facts) -> _Reading:
    weight = dimension.weight * indicator.weight
    value = facts.get(indicator.metric)
    if isinstance(value, str):
        points = indicator.categories.get(value)
        if points is not None:
            return _Reading(value, None, None, None, points, weight)
    elif value is not None and not is_missing(value):
        for position, band in enumerate(indicator.bands):
            if band.covers(value):
                return _Reading(value, band, position, None, band.points, weight)
    kind = indicator.missing.kind
    counted = 0 if kind == "reweight" else weight
    return _Reading(None, None, None, kind, indicator.points_when_missing, counted)


def _traced(dimension: Dimension, readings: list[_Reading], present: int) -> DimensionTrace:
    indicators = tuple(
        IndicatorTrace(
            indicator.metric,
            *reading,
            contribution=reading.weight * reading.points * SCORE_UNIT // present if present else 0,
        )
        for indicator, reading in zip(dimension.indicators, readings, strict=True)
    )
    contribution = sum(trace.contribution for trace in indicators)
    return DimensionTrace(dimension.key, sum(trace.weight for trace in indicators), contribution, indicators)


def _is_provisional(readings: Iterable[Iterable[_Reading]]) -> bool:
    applied = [reading.missing for group in readings for reading in group]
    return "block" in applied or None not in applied
