"""What would become of a subject if some of its metrics had other values, asked thousands of times.

What several moves do to the score follows from what each one does. The tier hangs on little more: on what conditions
say, and between which two thresholds the score lies. So moves that agree in these are assessed once.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tiering.core.conditions import Condition, holds, metrics_of
from tiering.core.document import SCORE_UNIT, Dimension, Document, Indicator, Scorecard
from tiering.core.evaluate import Assessment, DimensionTrace, evaluate, overlays_on, scorecard_for, weighed
from tiering.core.metric import Fact, Facts, is_missing
from tiering.core.placement import Matrix, Placement, RankCutoffs, ScoreCutoffs
from tiering.core.terms import Setting

Move = tuple[str, float | str]
"""A metric and the value that it takes on today."""

Sums = tuple[int, int]
"""The weighted points, and the weight that is present."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What the conditions of a document say of a subject."""

    scorecard: str
    gates: tuple[str, ...]
    overlays: tuple[str, ...]
    red_flag: bool
    shift: int


class Outlook:
    """One subject by a checked document in one setting, and what moves would do to its tier."""

    def __init__(self, document: Document, facts: Facts, setting: Setting):
        self.document, self.facts, self.setting = document, facts, setting
        self.now = evaluate(document, facts, setting)
        self._said: dict[tuple[Move, ...], _Said] = {}
        self._assessed: dict[tuple[Move, ...], Assessment] = {}
        self._changes: dict[Move, tuple[Sums, ...]] = {}
        self._tiers: dict[Hashable, int] = {}
        self._thresholds: dict[int, list[float]] = {}

    @cached_property
    def card(self) -> Scorecard:
        """The scorecard that applies now."""
        return scorecard_for(self.document, self.facts)

    @cached_property
    def placement(self) -> Placement:
        """How the subject is placed now."""
        return self.document.placement_of(self.card)

    @cached_property
    def least_values(self) -> list[float]:
        """What the steps of a rank placement take at least, as far as anybody reaches them; from low to high."""
        values = self.setting.terms.thresholds.get(self.document.placement_key(self.card), ())
        return sorted(value for value in values if value is not None)

    def assess(self, moves: Sequence[Move]) -> Assessment:
        """The assessment after the moves."""
        made = tuple(moves)
        if made not in self._assessed:
            ages = {**self.setting.ages, **{metric: 0 for metric, _ in moves}}
            setting = replace(self.setting, ages=ages)
            self._assessed[made] = evaluate(self.document, self._after(moves), setting)
        return self._assessed[made]

    def keeps_scorecard(self, move: Move) -> bool:
        """Whether the same scorecard applies after the move."""
        return self._say([move]).scorecard == self.card.key

    def tier(self, moves: Sequence[Move]) -> int | None:
        """The rank of the tier after the moves, None when another scorecard applies then.

        Each move alone must leave the scorecard as it is.
        """
        said = self._say(moves)
        if said.scorecard != self.card.key:
            return None
        agreed = (said, self._place(moves, said))
        if agreed not in self._tiers:
            self._tiers[agreed] = self.assess(moves).tier
        return self._tiers[agreed]

    def _after(self, moves: Sequence[Move]) -> dict[str, Fact]:
        return {**self.facts, **dict(moves)}

    def _say(self, moves: Sequence[Move]) -> _Said:
        heard = tuple(move for move in moves if move[0] in self._conditioned)
        if heard not in self._said:
            facts, migration = self._after(heard), self.document.policy.migration
            overlays = overlays_on(self.document, facts, self.setting.terms.overlays)
            self._said[heard] = _Said(
                scorecard=scorecard_for(self.document, facts).key,
                gates=tuple(gate.key for gate in self.document.gates if holds(gate.when, facts)),
                overlays=tuple(overlay.key for overlay in overlays),
                red_flag=bool(migration and migration.red_flags and holds(migration.red_flags, facts)),
                shift=sum(overlay.shift for overlay in overlays),
            )
        return self._said[heard]

    @cached_property
    def _conditioned(self) -> frozenset[str]:
        """The metrics that some condition reads."""
        document, migration = self.document, self.document.policy.migration
        conditions: list[Condition | None] = [migration.red_flags if migration else None]
        conditions += [card.when for card in document.scorecards]
        conditions += [gate.when for gate in document.gates]
        conditions += [overlay.when for overlay in document.overlays]
        return frozenset[str]().union(*(metrics_of(when) for when in conditions if when is not None))

    def _place(self, moves: Sequence[Move], said: _Said) -> tuple[int, ...]:
        """Between which thresholds lies what decides the tier."""
        match self.placement:
            case Matrix(axes=axes):
                scores = (self._score(moves, part) for part in (1, 2))
                return tuple(axis.level(score) for axis, score in zip(axes, scores, strict=True))
            case RankCutoffs(by="cumulative", metric=metric):
                value = self._after(moves).get(metric or "")
                is_ranked = isinstance(value, int | float) and not is_missing(value)
                return (bisect_right(self.least_values, float(value or 0)) if is_ranked else -1,)
            case _:
                return (bisect_right(self._breaks(said.shift), self._score(moves, 0)),)

    def _breaks(self, shift: int) -> list[float]:
        """The scores at which the tier can change: the minimums as overlays shift them, and as buffers do then."""
        if shift not in self._thresholds:
            placement, migration = self.placement, self.document.policy.migration
            buffers = (0, migration.up.buffer, -migration.down.buffer) if migration else (0,)
            steps = placement.steps if isinstance(placement, ScoreCutoffs) else ()
            minimums = [step.minimum for step in steps] or self.least_values
            found = sorted(minimum - shift + buffer for minimum in minimums for buffer in buffers)
            self._thresholds[shift] = found
        return self._thresholds[shift]

    def _score(self, moves: Sequence[Move], part: int) -> int:
        """The score after the moves exactly as an assessment would give it: the whole, or an axis from 1 on."""
        raw, present = self._sums[part]
        for move in moves:
            more_raw, more_present = self._change(move)[part]
            raw, present = raw + more_raw, present + more_present
        return raw * SCORE_UNIT // present if present else 0

    @cached_property
    def _sums(self) -> tuple[Sums, ...]:
        return self._summed(self.now)

    def _change(self, move: Move) -> tuple[Sums, ...]:
        """What a move adds to the sums: only of indicators that read its metric, all others stay as they are."""
        if move not in self._changes:
            metric, value = move
            added = [(0, 0)] * len(self._sums)
            for dimension, indicator in self._readers.get(metric, ()):
                raw, present = weighed(indicator, dimension, self.facts, self.setting.ages)
                new_raw, new_present = weighed(indicator, dimension, {metric: value}, {metric: 0})
                for part in self._parts[dimension.key]:
                    old = added[part]
                    added[part] = old[0] + new_raw - raw, old[1] + new_present - present
            self._changes[move] = tuple(added)
        return self._changes[move]

    @cached_property
    def _readers(self) -> dict[str, list[tuple[Dimension, Indicator]]]:
        """By metric, the indicators that read it."""
        found: dict[str, list[tuple[Dimension, Indicator]]] = {}
        for dimension in self.card.dimensions:
            for indicator in dimension.indicators:
                found.setdefault(indicator.metric, []).append((dimension, indicator))
        return found

    @cached_property
    def _parts(self) -> dict[str, tuple[int, ...]]:
        """By dimension, the sums that it counts in: the whole, and each axis that it is part of."""
        axes = self.placement.axes if isinstance(self.placement, Matrix) else ()
        return {
            dimension.key: (0, *(at for at, axis in enumerate(axes, 1) if dimension.key in axis.dimensions))
            for dimension in self.card.dimensions
        }

    def _summed(self, result: Assessment) -> tuple[Sums, ...]:
        """Of the whole, and of each axis of a matrix."""
        axes = self.placement.axes if isinstance(self.placement, Matrix) else ()
        parts = {trace.key: trace for trace in result.dimensions}
        return (_sum(parts.values()), *(_sum(parts[key] for key in axis.dimensions) for axis in axes))


def _sum(dimensions: Iterable[DimensionTrace]) -> Sums:
    traces = [trace for dimension in dimensions for trace in dimension.indicators]
    return sum(trace.weight * trace.points for trace in traces), sum(trace.weight for trace in traces)
