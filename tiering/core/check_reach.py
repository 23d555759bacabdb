"""Which tiers a document can lead to at all, and gates that cannot change any.

What is said to be unreachable is so for certain; what is said to be reachable may still need facts that no client has.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import floor

from tiering.core.check_scales import BEST_POINTS
from tiering.core.document import MAX_SCORE, SCORE_UNIT, Document, Gate, Indicator, Scorecard
from tiering.core.placement import Matrix, RankCutoffs, ScoreCutoffs
from tiering.core.refusals import Refusal
from tiering.core.texts import N_

Ranks = frozenset[int]


def check_reach(document: Document) -> Iterator[Refusal]:
    """Refuses gates that never change a tier and tiers that nothing leads to. The tiers that the document names must
    exist."""
    tiers = _Tiers.of(document)
    for path, gate in _gates(document):
        if tiers.is_idle(document, gate):
            yield Refusal(
                "gate_without_effect", f"{path}.tier",
                N_("“%(key)s” can never change a tier."),
                N_("Cap below the best tier that can be reached, or set a floor above the worst."),
                {"key": gate.key},
            )  # fmt: skip
    for rank, tier in enumerate(document.tiers):
        if rank not in tiers.final:
            yield Refusal(
                "tier_unreachable", f"$.tiers[{rank}]",
                N_("No score and no gate leads to the tier “%(tier)s”."),
                N_("Give it a cut-off that a score can reach, or let a gate name it."),
                {"tier": tier.key},
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Tiers:
    """The ranks that a tier can have once it is moved by notches, once it is lifted or fixed, and in the end."""

    moved: Ranks
    settled: Ranks
    final: Ranks

    @classmethod
    def of(cls, document: Document) -> "_Tiers":
        gates = [gate for _, gate in _gates(document)]
        worst = len(document.tiers) - 1
        sums = _sums(gate.notches for gate in gates if gate.tier is None)
        moved = frozenset(min(max(rank - by, 0), worst) for rank in _placed(document) for by in sums)
        floors, fixed, caps = (
            frozenset(
                document.ranks[gate.tier] for gate in gates if gate.tier is not None and gate.effect == effect
            )
            for effect in ("floor", "fixed", "cap")
        )
        settled = moved | fixed | {rank for rank in floors if rank < max(moved)}
        final = settled | {rank for rank in caps if rank > min(settled)}
        migration = document.policy.migration
        if migration and (migration.up.max_step or migration.down.max_step):
            final |= frozenset(range(min(final), max(final)))
        return cls(moved, settled, final)

    def is_idle(self, document: Document, gate: Gate) -> bool:
        rank = 0 if gate.tier is None else document.ranks[gate.tier]
        match gate.effect:
            case "cap":
                return rank <= min(self.settled)
            case "floor":
                return rank >= max(self.moved)
            case _:
                return False


def score_span(indicators: Iterable[tuple[int, Indicator]]) -> tuple[int, int]:
    """The least and the greatest score, in score units, that (weight, indicator) can lead to."""
    parts = [(weight, indicator) for weight, indicator in indicators if weight]
    greatest = _greatest((w, max(_earned(i)), _can_be_left_out(i)) for w, i in parts)
    if all(_can_be_left_out(indicator) for _, indicator in parts):
        return 0, floor(greatest * SCORE_UNIT)
    least = BEST_POINTS - _greatest((w, BEST_POINTS - min(_earned(i)), _can_be_left_out(i)) for w, i in parts)
    return floor(least * SCORE_UNIT), floor(greatest * SCORE_UNIT)


def _greatest(parts: Iterable[tuple[int, int, bool]]) -> Fraction:
    """The greatest weighted mean of (weight, points, can be left out), taking of those that can be left out the ones
    that raise it."""
    weight = raw = 0
    for share, points, optional in sorted(parts, key=lambda part: (part[2], -part[1])):
        if not optional or points * weight >= raw:
            weight, raw = weight + share, raw + share * points
    return Fraction(raw, weight) if weight else Fraction()


def _earned(indicator: Indicator) -> list[int]:
    """The points that the indicator can earn when it counts."""
    if indicator.missing.kind == "reweight":
        return list(indicator.scale)
    return [*indicator.scale, indicator.points_when_missing]


def _can_be_left_out(indicator: Indicator) -> bool:
    return indicator.missing.kind == "reweight" or None in indicator.categories.values()


def _placed(document: Document) -> Ranks:
    """The ranks that placement alone can lead to."""
    return frozenset(
        document.ranks[tier] for card in document.scorecards for tier in _tiers_of(card, document)
    )


def _tiers_of(card: Scorecard, document: Document) -> Iterable[str]:
    placement = document.placement_of(card)
    match placement:
        case RankCutoffs():
            return placement.tiers
        case ScoreCutoffs(steps):
            least, greatest = _shifted(score_span(_weighted(card)), document)
            reached = _reached([step.minimum for step in steps], least, greatest)
            return [steps[position].tier for position in reached]
        case Matrix(axes, cells):
            levels = [
                _reached(
                    [level.minimum for level in axis.levels], *score_span(_weighted(card, axis.dimensions))
                )
                for axis in axes
            ]
            return [cells[row][column] for row, column in product(*levels)]


def _weighted(card: Scorecard, keys: Collection[str] | None = None) -> Iterator[tuple[int, Indicator]]:
    for dimension in card.dimensions:
        if keys is None or dimension.key in keys:
            yield from (
                (dimension.weight * indicator.weight, indicator) for indicator in dimension.indicators
            )


def _shifted(span: tuple[int, int], document: Document) -> tuple[int, int]:
    """The span with every overlay that lowers a score, and with every one that raises it."""
    down = sum(overlay.shift for overlay in document.overlays if overlay.shift < 0)
    up = sum(overlay.shift for overlay in document.overlays if overlay.shift > 0)
    return max(span[0] + down, 0), min(span[1] + up, MAX_SCORE)


def _reached(minimums: list[int], least: int, greatest: int) -> list[int]:
    """The positions of the steps, each from its minimum up to the one before, that scores of the span fall into."""
    ends = [MAX_SCORE + 1, *minimums]
    return [
        position
        for position, minimum in enumerate(minimums)
        if minimum <= greatest and ends[position] > least
    ]


def _gates(document: Document) -> Iterator[tuple[str, Gate]]:
    """The gates of the document and of its overlays, with their places."""
    yield from ((f"$.gates[{number}]", gate) for number, gate in enumerate(document.gates))
    for number, overlay in enumerate(document.overlays):
        if overlay.gate:
            yield f"$.overlays[{number}]", overlay.gate


def _sums(notches: Iterable[int]) -> frozenset[int]:
    """What any of the moves come to together."""
    sums = frozenset([0])
    for by in notches:
        sums |= {total + by for total in sums}
    return sums
