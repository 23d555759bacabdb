"""The cheapest ways up a tier: which moves of one metric, or of two together, lead to a better tier.

A move takes a metric to the nearest value of a band that earns more points, to a category that earns more, or, where
subjects are ranked by the metric, to the least value that a better step takes. It costs the points that its indicator
gains, before weighting; a way costs what its moves cost together.

The tier that counts is the last one: after gates, overlays and the migration policy, by the ranks that the run froze,
with the dwell waited out. Time passes by itself, evidence does not; a way to what waiting brings anyway is none.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from tiering.core.catalogue import METRICS
from tiering.core.document import Band, Document, Indicator
from tiering.core.evaluate import Assessment, IndicatorTrace, evaluate, is_fresh
from tiering.core.metric import Catalogue, Fact, Facts, is_missing
from tiering.core.outlook import Move, Outlook
from tiering.core.placement import RankCutoffs
from tiering.core.terms import NOWHERE, Setting


@dataclass(frozen=True, slots=True)
class Step:
    """One metric moving from its value to a better one.

    ``value`` is None when it is not known; one that is ``too_old`` is known and does not count. ``target`` is the
    value to reach and ``band`` the one it lies in; None for a category, or where a rank is what counts. ``gain``: the
    points of the indicator that the move adds, before weighting.
    """

    metric: str
    value: Fact
    too_old: bool
    target: float | str
    band: Band | None
    gain: int

    @property
    def move(self) -> Move:
        """The metric and the value to reach."""
        return self.metric, self.target


@dataclass(frozen=True, slots=True)
class Lift:
    """Steps that together raise the tier, and the score and rank that they lead to."""

    steps: tuple[Step, ...]
    score: int
    tier: int

    @property
    def cost(self) -> int:
        """The points that its steps gain together, before weighting."""
        return sum(step.gain for step in self.steps)


def lifts(
    document: Document, facts: Facts, setting: Setting = NOWHERE, catalogue: Catalogue = METRICS
) -> tuple[Lift, ...]:
    """The cheapest ways to a better tier, the cheapest first and of equals the one with fewer moves.

    Of each metric the cheapest move that suffices; of two metrics the cheapest two, where they cost less than either
    metric would alone. Only metrics that can be better or worse are moved, so nobody is told to move to another city,
    and no move leads to another scorecard or ends in a provisional tier. Supplying a value that is missing, or a new
    one in place of one that is too old, is a move too. Empty at the top, and where no two moves suffice.
    """
    return _Search(Outlook(document, facts, waited_out(document, setting)), setting, catalogue).ways()


def waited_out(document: Document, setting: Setting) -> Setting:
    """The setting once the tier in force has been held for as long as the migration policy asks."""
    migration = document.policy.migration
    if migration is None:
        return setting
    days = max(setting.held_days, migration.up.dwell_days, migration.down.dwell_days)
    return replace(setting, held_days=days)


class _Search:
    """The ways of one subject."""

    def __init__(self, outlook: Outlook, setting: Setting, catalogue: Catalogue):
        self.outlook, self.catalogue = outlook, catalogue
        present = evaluate(outlook.document, outlook.facts, setting)
        self.to_beat = min(present.tier, outlook.now.tier)

    def ways(self) -> tuple[Lift, ...]:
        if self.to_beat == 0:
            return ()
        ladders = self.ladders()
        blocked = self.blocked()
        singles = {metric: self.cheapest([steps]) for metric, steps in ladders.items() if blocked <= {metric}}
        found = [lift for lift in singles.values() if lift]
        for pair in combinations(ladders, 2):
            if blocked <= set(pair):
                alone = [lift.cost for metric in pair if (lift := singles.get(metric))]
                lift = self.cheapest([ladders[metric] for metric in pair], min(alone, default=math.inf))
                found.extend([lift] if lift else [])
        return tuple(sorted(found, key=lambda lift: (lift.cost, len(lift.steps))))

    def cheapest(self, ladders: Sequence[list[Step]], below: float = math.inf) -> Lift | None:
        """The cheapest way that takes a step on each ladder and costs less than ``below``, if there is one."""
        for steps in sorted(product(*ladders), key=_cost):
            if _cost(steps) >= below:
                return None
            moves = [step.move for step in steps]
            tier = self.outlook.tier(moves)
            if tier is not None and tier < self.to_beat:
                result = self.outlook.assess(moves)
                if not result.provisional:
                    return Lift(steps, result.score, result.tier)
        return None

    def ladders(self) -> Mapping[str, list[Step]]:
        """By metric the steps that can be taken, in the order of the document."""
        found: dict[str, list[Step]] = {}
        for step in (*self.indicator_steps(), *self.rank_steps()):
            metric = self.catalogue.get(step.metric)
            is_judged = metric is not None and metric.direction != "neutral"
            if is_judged and self.outlook.keeps_scorecard(step.move):
                found.setdefault(step.metric, []).append(step)
        return found

    def indicator_steps(self) -> Iterator[Step]:
        for dimension, traced in zip(self.outlook.card.dimensions, self.outlook.now.dimensions, strict=True):
            for indicator, trace in zip(dimension.indicators, traced.indicators, strict=True):
                if trace.weight or trace.missing:
                    value = self.value(indicator.metric)
                    too_old = value is not None and not is_fresh(indicator, self.outlook.setting.ages)
                    yield from _steps(indicator, trace, value, too_old)

    def rank_steps(self) -> Iterator[Step]:
        """Of the metric that ranks the subject, the nearest first."""
        metric = self.ranked_by
        value = self.value(metric)
        for least in self.outlook.least_values if metric else ():
            if not isinstance(value, int | float) or value < least:
                reached = self.outlook.assess([(metric, least)])
                gain = points_of(reached, metric) - points_of(self.outlook.now, metric)
                yield Step(metric, value, False, least, None, max(0, gain))

    @property
    def ranked_by(self) -> str:
        placement = self.outlook.placement
        return placement.metric or "" if isinstance(placement, RankCutoffs) else ""

    def blocked(self) -> frozenset[str]:
        """The metrics without which the tier stays provisional."""
        traces = (trace for part in self.outlook.now.dimensions for trace in part.indicators)
        missing = {trace.metric for trace in traces if trace.missing == "block"}
        unranked = {self.ranked_by} if self.ranked_by and self.value(self.ranked_by) is None else set()
        return frozenset(missing | unranked)

    def value(self, metric: str) -> Fact:
        value = self.outlook.facts.get(metric)
        return None if is_missing(value) else value


def points_of(result: Assessment, metric: str) -> int:
    """The points that the metric earned, 0 where no indicator reads it."""
    traces = (trace for part in result.dimensions for trace in part.indicators)
    return next((trace.points for trace in traces if trace.metric == metric), 0)


def _steps(indicator: Indicator, trace: IndicatorTrace, value: Fact, too_old: bool) -> Iterator[Step]:
    """From the worst band or category that earns more on."""
    for band in indicator.bands:
        if band.points > trace.points:
            target = _nearest(band, value)
            yield Step(indicator.metric, value, too_old, target, band, band.points - trace.points)
    for category, points in indicator.categories.items():
        if points is not None and points > trace.points:
            yield Step(indicator.metric, value, too_old, category, None, points - trace.points)


def _nearest(band: Band, value: Fact) -> float:
    """The value of the band that is nearest to the present one; near zero when there is none."""
    start = value if isinstance(value, int | float) else 0.0
    return float(min(max(start, band.lo), math.nextafter(band.hi, -math.inf)))


def _cost(steps: Sequence[Step]) -> int:
    return sum(step.gain for step in steps)
