"""From scores to tiers for every subject at once; ``evaluate`` says what each step means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiering.core.columns import Columns, Integers, Ranks, Truth
from tiering.core.columns_holds import holds
from tiering.core.columns_memo import Memo
from tiering.core.columns_scores import Scored
from tiering.core.document import MAX_SCORE, Document, Gate, Movement, Overlay
from tiering.core.placement import Matrix, RankCutoffs, ScoreCutoffs
from tiering.core.terms import Terms

_NONE = np.int8(127)
Fired = Sequence[tuple[Gate, Truth]]


@dataclass(frozen=True, slots=True)
class _Limits:
    """What gates do to a rank: notches up, then the worst that is allowed, the tier that is fixed, the best allowed."""

    notches: NDArray[np.int16] | None
    floor: Ranks | None
    fixed: Ranks | None
    cap: Ranks | None
    last: int

    def applied(self, rank: Ranks) -> Ranks:
        """The ranks that are left."""
        if self.notches is not None:
            rank = np.clip(rank - self.notches, 0, self.last).astype(np.int8)
        if self.floor is not None:
            rank = np.minimum(rank, self.floor)
        if self.fixed is not None:
            rank = np.where(self.fixed >= 0, self.fixed, rank)
        return rank if self.cap is None else np.maximum(rank, self.cap)


@dataclass(frozen=True)
class Tiers:
    """The ways from scores to tiers under some terms. Raises KeyError when the document places by rank and the terms
    hold no thresholds for it."""

    document: Document
    columns: Columns
    terms: Terms
    scores: Sequence[Scored]
    memo: Memo

    @cached_property
    def gates(self) -> Fired:
        """The gates of the document with where they fire."""
        return [(gate, holds(gate.when, self.columns, self.memo)) for gate in self.document.gates]

    @cached_property
    def overlays(self) -> Sequence[tuple[Overlay, Truth]]:
        """The overlays that are switched on with where they apply."""
        on = (overlay for overlay in self.document.overlays if overlay.key in self.terms.overlays)
        return [(overlay, self._describes(overlay)) for overlay in on]

    @cached_property
    def model_tier(self) -> Ranks:
        """By placement alone."""
        return self._placed(None)

    @cached_property
    def base_tier(self) -> Ranks:
        """After gates."""
        return self._limits(self.gates).applied(self.model_tier)

    @cached_property
    def overlay_tier(self) -> Ranks:
        """After gates and overlays."""
        return self._after_overlays(0)

    @cached_property
    def tier(self) -> Ranks:
        """After the migration policy."""
        migration, rank, held = self.document.policy.migration, self.overlay_tier, self.columns.held
        if migration is None:
            return rank
        moved = (held >= 0) & (rank != held)
        up = rank < held
        if migration.red_flags is not None:
            moved &= up | ~holds(migration.red_flags, self.columns, self.memo)
        settled = np.where(
            up,
            self._settled(migration.up, np.minimum, np.maximum, -1),
            self._settled(migration.down, np.maximum, np.minimum, 1),
        )
        return np.where(moved, np.maximum(settled, self._binding), rank)

    def _settled(self, rules: Movement, nearer: np.ufunc, farther: np.ufunc, sign: int) -> Ranks:
        """How far the tier moves in one direction; ``sign`` is that of the ranks, -1 on the way up."""
        held = self.columns.held
        settled = nearer(self._after_overlays(sign * rules.buffer), held)
        if rules.max_step is not None:
            farthest = np.int8(min(rules.max_step, len(self.document.tiers)))
            settled = farther(settled, held + np.int8(sign) * farthest)
        return np.where(self.columns.held_days < rules.dwell_days, held, settled)

    @cached_property
    def _binding(self) -> Ranks:
        """The best rank that a hard cap or fixed tier leaves."""
        best = np.zeros(self.columns.count, np.int8)
        for gate, fired in self._all_gates:
            if gate.hard and gate.effect in ("cap", "fixed") and gate.tier is not None:
                np.maximum(best, np.int8(self.document.ranks[gate.tier]), out=best, where=fired)
        return best

    @cached_property
    def _all_gates(self) -> Fired:
        return [*self.gates, *((one.gate, where) for one, where in self.overlays if one.gate is not None)]

    def _describes(self, overlay: Overlay) -> Truth:
        if overlay.when is None:
            return np.ones(self.columns.count, np.bool_)
        return holds(overlay.when, self.columns, self.memo)

    def _after_overlays(self, shift: int) -> Ranks:
        """The ranks after gates and overlays, if the scores were higher by ``shift``."""
        shifts = self._shifts
        if shifts is None and not shift:
            return self._all_limits.applied(self.model_tier)
        whole = np.full(self.columns.count, shift, np.int64) if shifts is None else shifts + shift
        return self._all_limits.applied(self._placed(whole))

    @cached_property
    def _shifts(self) -> Integers | None:
        """By how much overlays raise each score; None where none does."""
        total: Integers | None = None
        for overlay, where in self.overlays:
            if overlay.shift:
                shift = np.where(where, np.int64(overlay.shift), np.int64(0))
                total = shift if total is None else total + shift
        return total

    @cached_property
    def _all_limits(self) -> _Limits:
        return self._limits(self._all_gates)

    def _limits(self, gates: Fired) -> _Limits:
        notches = [(where, gate.notches) for gate, where in gates if gate.tier is None]
        raised: NDArray[np.int16] | None = None
        for where, by in notches:
            step = np.where(where, np.int16(by), np.int16(0))
            raised = step if raised is None else raised + step
        return _Limits(
            notches=raised,
            floor=self._limit(gates, "floor", np.minimum, _NONE),
            fixed=self._limit(gates, "fixed", np.maximum, np.int8(-1)),
            cap=self._limit(gates, "cap", np.maximum, np.int8(0)),
            last=len(self.document.tiers) - 1,
        )

    def _limit(self, gates: Fired, effect: str, tighter: np.ufunc, none: np.int8) -> Ranks | None:
        limit: Ranks | None = None
        for gate, where in gates:
            if gate.effect == effect and gate.tier is not None:
                if limit is None:
                    limit = np.full(self.columns.count, none, np.int8)
                tighter(limit, np.int8(self.document.ranks[gate.tier]), out=limit, where=where)
        return limit

    def _placed(self, shifts: Integers | None) -> Ranks:
        """The ranks by placement alone, if the scores were higher by ``shifts``."""
        if len(self.scores) == 1:
            return self._placed_by(self.scores[0], shifts)
        placed = np.empty(self.columns.count, np.int8)
        for one in self.scores:
            placed[one.segment.rows] = self._placed_by(one, shifts)
        return placed

    def _placed_by(self, one: Scored, shifts: Integers | None) -> Ranks:
        ranks, placement = self.document.ranks, self.document.placement_of(one.card)
        score = one.score if shifts is None else _within(one.score + one.segment.of(shifts))
        match placement:
            case ScoreCutoffs(steps):
                return _first_reached(score, [(cut.minimum, ranks[cut.tier]) for cut in steps])
            case Matrix(axes, cells):
                first, second = (
                    _first_reached(found, [(level.minimum, at) for at, level in enumerate(axis.levels)])
                    for axis, found in zip(axes, one.axes, strict=True)
                )
                table = np.array([[ranks[tier] for tier in row] for row in cells], dtype=np.int8)
                return table[first, second]
            case RankCutoffs(by, metric, steps):
                least = self.terms.thresholds[self.document.placement_key(one.card)]
                reached = [
                    (minimum, ranks[step.tier])
                    for step, minimum in zip(steps, least, strict=False)
                    if minimum is not None
                ]
                rest = ranks[steps[-1].tier]
                if by == "top":
                    return _first_reached(score, reached, rest)
                return _first_reached(self._ranked(one, metric or ""), reached, rest)

    def _ranked(self, one: Scored, metric: str) -> NDArray[Any]:
        """What subjects are ranked by; NaN, which reaches nothing, where it is not known."""
        column = self.columns.values[metric]
        if not isinstance(column, np.ndarray):
            return np.full(one.segment.count, np.nan)
        values = one.segment.of(column)
        return np.where(np.isfinite(values), values, np.nan)


def _within(score: Integers) -> Integers:
    return np.clip(score, 0, MAX_SCORE)


def _first_reached(
    values: NDArray[Any], steps: Iterable[tuple[float, int]], rest: int | None = None
) -> Ranks:
    """For each value the result of the first step whose minimum it reaches; ``rest`` (None: that of the last step)
    where it reaches none."""
    steps = list(steps)
    otherwise = steps[-1][1] if rest is None else rest
    minimums = sorted({minimum for minimum, _ in steps})
    passed = np.zeros(len(values), np.min_scalar_type(len(minimums)))
    for minimum in minimums:
        np.add(passed, values >= minimum, out=passed, casting="unsafe")
    results = [otherwise] + [
        next(result for minimum, result in steps if reached >= minimum) for reached in minimums
    ]
    return np.array(results, dtype=np.int8).take(passed)
