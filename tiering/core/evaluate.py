"""What a criteria document means: the assessment of one subject, in exact integers, with its trace.

``compile.py`` says the same in SQL for any number of subjects; a property test holds the two equal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tiering.core.conditions import holds
from tiering.core.document import (
    MAX_SCORE,
    SCORE_UNIT,
    Band,
    Dimension,
    Document,
    Effect,
    Gate,
    Indicator,
    MissingKind,
    Overlay,
    Scorecard,
)
from tiering.core.metric import Fact, Facts, is_missing
from tiering.core.placement import Matrix, RankCutoffs, ScoreCutoffs
from tiering.core.terms import NOWHERE, Ages, Setting


@dataclass(frozen=True, slots=True)
class IndicatorTrace:
    """How one indicator counted.

    ``value`` is the known value, None when it was missing or older than accepted, and then ``missing`` names the
    policy that was applied. ``band`` is the band a number fell into, ``position`` its index. ``weight`` is the share
    of the whole scorecard in units of 1e-8, 0 when left out (missing, or not applicable); ``contribution`` is what it
    adds to the score, in score units, rounded down.
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
class AxisTrace:
    """How one axis of a matrix counted: its score in score units, and the position of the level it fell into."""

    key: str
    score: int
    level: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result for one subject.

    ``score`` is in score units (see ``document.points``). The tier comes about in steps, each a rank, 0 the best:
    ``model_tier`` by placement alone, ``base_tier`` after gates, ``overlay_tier`` after overlays, ``tier`` after the
    migration policy. ``provisional``: an indicator that blocks was missing, nothing was known at all, or what the
    subject is ranked by is not known. ``gates`` are the keys of the gates whose condition held, in document order,
    whether or not they changed the tier; ``overlays`` those of the overlays that are on and describe the subject.
    """

    scorecard: str
    score: int
    axes: tuple[AxisTrace, ...]
    model_tier: int
    base_tier: int
    overlay_tier: int
    tier: int
    provisional: bool
    gates: tuple[str, ...]
    overlays: tuple[str, ...]
    dimensions: tuple[DimensionTrace, ...]


def evaluate(document: Document, facts: Facts, setting: Setting = NOWHERE) -> Assessment:
    """Assess one subject by a checked document. NaN, infinities and unknown categories count as missing.

    Raises KeyError when the document places by rank and the terms hold no thresholds for it.
    """
    card = scorecard_for(document, facts)
    readings = [
        [_read(part, dimension, facts, setting.ages) for part in dimension.indicators]
        for dimension in card.dimensions
    ]
    whole = [reading for group in readings for reading in group]
    present = sum(reading.weight for reading in whole)
    score = _score(whole)
    axes = _axes(document, card, readings)
    fired = tuple(gate for gate in document.gates if holds(gate.when, facts))
    overlays = overlays_on(document, facts, setting.terms.overlays)
    ladder = _Ladder(document, card, score, axes, facts, setting, fired, overlays)
    overlay_tier = ladder.overlay_tier()
    return Assessment(
        scorecard=card.key,
        score=score,
        axes=axes,
        model_tier=ladder.placed(),
        base_tier=gated(document, ladder.placed(), fired),
        overlay_tier=overlay_tier,
        tier=_migrated(ladder, overlay_tier),
        provisional=_is_provisional(whole) or not ladder.is_ranked(),
        gates=tuple(gate.key for gate in fired),
        overlays=tuple(overlay.key for overlay in overlays),
        dimensions=tuple(
            _traced(dimension, group, present)
            for dimension, group in zip(card.dimensions, readings, strict=True)
        ),
    )


def scorecard_for(document: Document, facts: Facts) -> Scorecard:
    """The first scorecard whose condition holds, else the default one."""
    for card in document.scorecards:
        if card.when is not None and holds(card.when, facts):
            return card
    return next(card for card in document.scorecards if card.is_default)


def score_of(card: Scorecard, facts: Facts, ages: Ages) -> int:
    """The score of a subject by one scorecard, in score units."""
    return _score(_read(part, group, facts, ages) for group in card.dimensions for part in group.indicators)


def overlays_on(document: Document, facts: Facts, switched_on: frozenset[str]) -> tuple[Overlay, ...]:
    """The overlays that are switched on and describe the subject, in document order."""
    return tuple(
        overlay
        for overlay in document.overlays
        if overlay.key in switched_on and (overlay.when is None or holds(overlay.when, facts))
    )


def gated(document: Document, rank: int, fired: Iterable[Gate]) -> int:
    """The rank that is left of ``rank`` when the gates in ``fired`` apply: notches, floors, fixed tiers, then caps."""
    limits: dict[Effect, list[int]] = {"floor": [], "fixed": [], "cap": []}
    for gate in fired:
        if gate.tier is None:
            rank -= gate.notches
        else:
            limits[gate.effect].append(document.ranks[gate.tier])
    moved = min(max(rank, 0), len(document.tiers) - 1)
    lifted = min([moved, *limits["floor"]])
    return max([max(limits["fixed"], default=lifted), *limits["cap"]])


def best_allowed(document: Document, gates: Iterable[str], overlays: Iterable[str] = ()) -> int:
    """The best rank that the migration policy, a reviewer or an override may grant, given the keys of the gates that
    fired and of the overlays that applied."""
    keys, on = frozenset(gates), frozenset(overlays)
    known = [gate for gate in document.gates if gate.key in keys]
    known += [overlay.gate for overlay in document.overlays if overlay.gate and overlay.key in on]
    limits = (gate.tier for gate in known if gate.hard and gate.effect in ("cap", "fixed"))
    return max((document.ranks[tier] for tier in limits if tier is not None), default=0)


@dataclass(frozen=True, slots=True)
class _Ladder:
    """One subject on its way to a tier, with everything that a step of the way reads."""

    document: Document
    card: Scorecard
    score: int
    axes: Sequence[AxisTrace]
    facts: Facts
    setting: Setting
    fired: Sequence[Gate]
    overlays: Sequence[Overlay]

    def placed(self, shift: int = 0) -> int:
        """The rank by placement alone, if the score were higher by ``shift``."""
        ranks, placement = self.document.ranks, self.document.placement_of(self.card)
        score = min(max(self.score + shift, 0), MAX_SCORE)
        match placement:
            case ScoreCutoffs(steps):
                return next(ranks[step.tier] for step in steps if score >= step.minimum)
            case Matrix(_, cells):
                first, second = self.axes
                return ranks[cells[first.level][second.level]]
            case RankCutoffs(by, metric, steps):
                ranked = score if by == "top" else self.facts.get(metric or "")
                least = self.setting.terms.thresholds[self.document.placement_key(self.card)]
                reached = (
                    step for step, minimum in zip(steps, least, strict=False) if _reaches(ranked, minimum)
                )
                return ranks[next(reached, steps[-1]).tier]

    def overlay_tier(self, shift: int = 0) -> int:
        """The rank after gates and overlays, if the score were higher by ``shift``."""
        shift += sum(overlay.shift for overlay in self.overlays)
        added = [overlay.gate for overlay in self.overlays if overlay.gate]
        return gated(self.document, self.placed(shift), [*self.fired, *added])

    def is_ranked(self) -> bool:
        """False when the subject is ranked by a metric that is not known."""
        placement = self.document.placement_of(self.card)
        metric = placement.metric if isinstance(placement, RankCutoffs) else None
        return metric is None or not is_missing(self.facts.get(metric))


def _reaches(value: Fact, minimum: float | None) -> bool:
    if isinstance(value, str) or value is None or minimum is None:
        return False
    return not is_missing(value) and value >= minimum


def _migrated(ladder: _Ladder, rank: int) -> int:
    """What the migration policy makes of the move from the tier in force to ``rank``."""
    migration, held = ladder.document.policy.migration, ladder.setting.held
    if migration is None or held is None or rank == held:
        return rank
    up = rank < held
    if not up and migration.red_flags is not None and holds(migration.red_flags, ladder.facts):
        return rank
    rules = migration.up if up else migration.down
    farthest = len(ladder.document.tiers) if rules.max_step is None else rules.max_step
    if ladder.setting.held_days < rules.dwell_days:
        settled = held
    elif up:
        settled = max(min(ladder.overlay_tier(-rules.buffer), held), held - farthest)
    else:
        settled = min(max(ladder.overlay_tier(rules.buffer), held), held + farthest)
    keys = (gate.key for gate in ladder.fired)
    binding = best_allowed(ladder.document, keys, (overlay.key for overlay in ladder.overlays))
    return max(settled, binding)


def needs_review(document: Document, facts: Facts, old_tier: int | None, new_tier: int) -> bool:
    """Whether a person must decide the move between two ranks. A first assignment and no move never need it."""
    when = document.policy.review_when
    if when is None or old_tier is None or old_tier == new_tier:
        return False
    move = {"notches": float(old_tier - new_tier), "old_rank": float(old_tier), "new_rank": float(new_tier)}
    return holds(when, {**facts, **move})


def in_force_after(found: int, held: int | None, overridden: bool) -> int:
    """The rank in force once a result is carried out: one that an override holds stays, whatever was found."""
    return held if overridden and held is not None else found


class _Reading(NamedTuple):
    """What an indicator earns before the weight that is present is known; the fields of its trace in between."""

    value: Fact
    band: Band | None
    position: int | None
    missing: MissingKind | None
    points: int
    weight: int


def _read(indicator: Indicator, dimension: Dimension, facts: Facts, ages: Ages) -> _Reading:
    weight = dimension.weight * indicator.weight
    value = facts.get(indicator.metric)
    if not is_fresh(indicator, ages):
        value = None
    if isinstance(value, str):
        if value in indicator.categories:
            points = indicator.categories[value]
            return _Reading(value, None, None, None, points or 0, 0 if points is None else weight)
    elif value is not None and not is_missing(value):
        for position, band in enumerate(indicator.bands):
            if band.covers(value):
                return _Reading(value, band, position, None, band.points, weight)
    kind = indicator.missing.kind
    counted = 0 if kind == "reweight" else weight
    return _Reading(None, None, None, kind, indicator.points_when_missing, counted)


def weighed(indicator: Indicator, dimension: Dimension, facts: Facts, ages: Ages) -> tuple[int, int]:
    """The weighted points that an indicator of a dimension earns, and its weight as far as that is present."""
    reading = _read(indicator, dimension, facts, ages)
    return reading.weight * reading.points, reading.weight


def is_fresh(indicator: Indicator, ages: Ages) -> bool:
    """Whether the indicator accepts a value of that age; one of unknown age is too old where the age is limited."""
    limit = indicator.max_age_days
    return limit is None or (indicator.metric in ages and ages[indicator.metric] <= limit)


def _score(readings: Iterable[_Reading]) -> int:
    """The weighted points of what is present, as if it were the whole; 0 when nothing is."""
    counted = list(readings)
    present = sum(reading.weight for reading in counted)
    raw = sum(reading.weight * reading.points for reading in counted)
    return raw * SCORE_UNIT // present if present else 0


def _axes(
    document: Document, card: Scorecard, readings: Sequence[Sequence[_Reading]]
) -> tuple[AxisTrace, ...]:
    placement = document.placement_of(card)
    if not isinstance(placement, Matrix):
        return ()
    groups = dict(zip((dimension.key for dimension in card.dimensions), readings, strict=True))
    scores = [
        (axis, _score(reading for key in axis.dimensions for reading in groups[key]))
        for axis in placement.axes
    ]
    return tuple(AxisTrace(axis.key, score, axis.level(score)) for axis, score in scores)


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


def _is_provisional(readings: Sequence[_Reading]) -> bool:
    blocked = any(reading.missing == "block" for reading in readings)
    return blocked or not any(reading.missing is None and reading.weight for reading in readings)
