"""Which improvements would lift a subject to a better tier: one indicator if one suffices, else two together."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from tiering.core.catalogue import METRICS
from tiering.core.document import Band, Document, Indicator, Scorecard
from tiering.core.evaluate import Assessment, IndicatorTrace, evaluate, scorecard_for
from tiering.core.metric import Catalogue, Fact, Facts


@dataclass(frozen=True, slots=True)
class Step:
    """One metric moving from its value to a better band (a number) or category.

    ``target`` is the value in that band nearest to the present one, ``gain`` the points of the indicator that the move
    adds, before weighting.
    """

    metric: str
    value: Fact
    target: float | str
    band: Band | None
    gain: int


@dataclass(frozen=True, slots=True)
class Lift:
    """Steps that together raise the tier, and the score and rank that they lead to."""

    steps: tuple[Step, ...]
    score: int
    tier: int


def lifts(
    document: Document, facts: Facts, assessment: Assessment, catalogue: Catalogue = METRICS
) -> tuple[Lift, ...]:
    """The smallest improvements that raise the tier after gates, least effort in points first; empty at the top.

    Only metrics that can be better or worse are moved, so nobody is told to move to another city. When no single
    indicator suffices, pairs are tried; when no pair does either, the result is empty. A lift never ends in a
    provisional tier. Supplying a value that is missing counts as a move from None.
    """
    if assessment.tier == 0:
        return ()
    card = scorecard_for(document, facts)
    ladders = [ladder for ladder in _ladders(card, assessment, catalogue) if ladder]
    found = [lift for ladder in ladders if (lift := _smallest(document, facts, assessment, [ladder]))]
    if not found:
        pairs = combinations(ladders, 2)
        found = [lift for pair in pairs if (lift := _smallest(document, facts, assessment, pair))]
    return tuple(sorted(found, key=lambda lift: sum(step.gain for step in lift.steps)))


def _ladders(card: Scorecard, assessment: Assessment, catalogue: Catalogue) -> Iterator[list[Step]]:
    """For each indicator its possible steps, the smallest gain first."""
    for dimension, trace in zip(card.dimensions, assessment.dimensions, strict=True):
        for indicator, reading in zip(dimension.indicators, trace.indicators, strict=True):
            if catalogue[indicator.metric].direction != "neutral":
                yield sorted(_steps(indicator, reading), key=lambda step: step.gain)


def _steps(indicator: Indicator, reading: IndicatorTrace) -> Iterator[Step]:
    for band in indicator.bands:
        if band.points > reading.points:
            target = _nearest(band, reading.value)
            yield Step(indicator.metric, reading.value, target, band, band.points - reading.points)
    for category, points in indicator.categories.items():
        if points > reading.points:
            yield Step(indicator.metric, reading.value, category, None, points - reading.points)


def _nearest(band: Band, value: Fact) -> float:
    """The value of the band that is nearest to the present one; near zero when there is none."""
    start = value if isinstance(value, int | float) else 0.0
    return float(min(max(start, band.lo), math.nextafter(band.hi, -math.inf)))


def _smallest(
    document: Document, facts: Facts, assessment: Assessment, ladders: Sequence[list[Step]]
) -> Lift | None:
    """The least gain in points that raises the tier by one step on each ladder, if any does."""
    if _attempt(document, facts, assessment, [ladder[-1] for ladder in ladders]) is None:
        return None
    for steps in sorted(product(*ladders), key=lambda steps: sum(step.gain for step in steps)):
        lift = _attempt(document, facts, assessment, steps)
        if lift:
            return lift
    return None


def _attempt(document: Document, facts: Facts, assessment: Assessment, steps: Sequence[Step]) -> Lift | None:
    """The lift that the steps lead to: a better tier under the same scorecard."""
    changed = {**facts, **{step.metric: step.target for step in steps}}
    result = evaluate(document, changed)
    if result.tier >= assessment.tier or result.scorecard != assessment.scorecard or result.provisional:
        return None
    return Lift(tuple(steps), result.score, result.tier)
