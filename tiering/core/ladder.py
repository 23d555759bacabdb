"""How a tier came about after its score: the placement, the overlays and the migration policy, as rows to show.

What a rule did is found by leaving it out and assessing again, so nothing here has a meaning of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tiering.core.conditions import holds
from tiering.core.document import Document, Gate, Migration, Movement, Overlay, OverlayEffect
from tiering.core.evaluate import Assessment, best_allowed, evaluate, scorecard_for
from tiering.core.metric import Fact, Facts
from tiering.core.placement import Axis, Matrix, RankCutoffs, ScoreCutoffs
from tiering.core.terms import Setting

RuleKind = Literal["buffer", "dwell", "step"]


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """One step of a scale: its rank, and the least value that it takes, None where nobody reaches it and for the rest.
    ``share`` is that of a rank in basis points. ``taken``: the subject stands on it by placement alone."""

    tier: int
    minimum: float | None
    share: int | None
    taken: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """Placement along one line: by score, by rank of the score (``top``), or by rank of ``metric`` (``cumulative``).

    ``value`` is what was placed: the score in score units, or the value of the metric.
    """

    by: Literal["score", "top", "cumulative"]
    metric: str | None
    value: Fact
    rows: tuple[ScaleRow, ...]


@dataclass(frozen=True, slots=True)
class AxisRow:
    """One axis of a matrix, the subject's score on it in score units, and the position of the level it fell into."""

    axis: Axis
    score: int
    level: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Placement by a matrix: the ranks by level of the first axis, then of the second. The subject stands in
    ``cells[axes[0].level][axes[1].level]``."""

    axes: tuple[AxisRow, AxisRow]
    cells: tuple[tuple[int, ...], ...]


PlacementRow = Scale | Grid


@dataclass(frozen=True, slots=True)
class OverlayRow:
    """One overlay of the document: whether it is switched on, whether it applies to the subject, and the tier after
    overlays that there would be without it. ``decisive``: that is another one."""

    key: str
    label: Mapping[str, str]
    effect: OverlayEffect
    shift: int
    gate: Gate | None
    is_on: bool
    applies: bool
    tier_without: int
    decisive: bool


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule of the migration policy, for the direction in which the tier wants to move.

    ``limit`` is in score units for a buffer, in days for a dwell, in tiers for a step. ``holds``: it alone would hold
    the tier back. ``tier_without``: the tier if the policy had every rule but this.
    """

    kind: RuleKind
    limit: int
    holds: bool
    tier_without: int


@dataclass(frozen=True, slots=True)
class MigrationRow:
    """What the migration policy made of the move from the tier in force (``held``, for ``held_days``) to ``wanted``,
    the tier after overlays. ``direction`` is None where nothing is in force or nothing moves.

    ``days_left``: until the dwell of that direction is over. ``red_flag``: a fall that it let through at once.
    ``hard_limit``: the best rank that a hard gate left, where it bound the policy.
    """

    held: int | None
    held_days: int
    wanted: int
    direction: Literal["up", "down"] | None
    rules: tuple[RuleRow, ...]
    days_left: int
    red_flag: bool
    hard_limit: int | None


def placement_row(document: Document, facts: Facts, setting: Setting, assessment: Assessment) -> PlacementRow:
    """Where the subject stands by placement alone."""
    card = scorecard_for(document, facts)
    ranks = document.ranks
    match document.placement_of(card):
        case ScoreCutoffs(steps):
            rows = [(ranks[step.tier], float(step.minimum), None) for step in steps]
            return Scale("score", None, assessment.score, _scale(rows, assessment))
        case Matrix(axes, cells):
            first, second = (
                AxisRow(axis, trace.score, trace.level)
                for axis, trace in zip(axes, assessment.axes, strict=True)
            )
            return Grid((first, second), tuple(tuple(ranks[tier] for tier in row) for row in cells))
        case RankCutoffs(by, metric, steps):
            least = (*setting.terms.thresholds[document.placement_key(card)], None)
            shares = [(ranks[s.tier], minimum, s.share) for s, minimum in zip(steps, least, strict=True)]
            value = facts.get(metric) if metric else assessment.score
            return Scale(by, metric, value, _scale(shares, assessment))


def _scale(
    rows: Sequence[tuple[int, float | None, int | None]], assessment: Assessment
) -> tuple[ScaleRow, ...]:
    return tuple(ScaleRow(tier, least, share, tier == assessment.model_tier) for tier, least, share in rows)


def overlay_rows(
    document: Document, facts: Facts, setting: Setting, assessment: Assessment
) -> tuple[OverlayRow, ...]:
    """Every overlay of the document, on or off."""
    return tuple(_overlay(document, overlay, facts, setting, assessment) for overlay in document.overlays)


def _overlay(
    document: Document, overlay: Overlay, facts: Facts, setting: Setting, assessment: Assessment
) -> OverlayRow:
    others = replace(setting.terms, overlays=setting.terms.overlays - {overlay.key})
    without = evaluate(document, facts, replace(setting, terms=others)).overlay_tier
    return OverlayRow(
        key=overlay.key,
        label=overlay.label,
        effect=overlay.effect,
        shift=overlay.shift,
        gate=overlay.gate,
        is_on=overlay.key in setting.terms.overlays,
        applies=overlay.key in assessment.overlays,
        tier_without=without,
        decisive=without != assessment.overlay_tier,
    )


def migration_row(
    document: Document, facts: Facts, setting: Setting, assessment: Assessment
) -> MigrationRow | None:
    """What the migration policy did; None for criteria without one."""
    migration, held, wanted = document.policy.migration, setting.held, assessment.overlay_tier
    if migration is None:
        return None
    direction = _direction(held, wanted)
    rules = migration.up if direction == "up" else migration.down
    flags = migration.red_flags
    red_flag = direction == "down" and flags is not None and holds(flags, facts)
    is_ruled = direction is not None and not red_flag
    limit = best_allowed(document, assessment.gates, assessment.overlays)
    is_bound = evaluate(_softened(document), facts, setting).tier != assessment.tier
    return MigrationRow(
        held=held,
        held_days=setting.held_days,
        wanted=wanted,
        direction=direction,
        rules=tuple(_rules(document, migration, rules, facts, setting)) if is_ruled else (),
        days_left=max(0, rules.dwell_days - setting.held_days) if is_ruled else 0,
        red_flag=red_flag,
        hard_limit=limit if is_bound else None,
    )


def _direction(held: int | None, wanted: int) -> Literal["up", "down"] | None:
    if held is None or held == wanted:
        return None
    return "up" if wanted < held else "down"


def _rules(
    document: Document, migration: Migration, rules: Movement, facts: Facts, setting: Setting
) -> Iterator[RuleRow]:
    """The rules that are set. The other direction never matters: the tier moves in one only."""

    def tier(ruled: Movement) -> int:
        bound = replace(document.policy, migration=replace(migration, up=ruled, down=ruled))
        return evaluate(replace(document, policy=bound), facts, setting).tier

    free = tier(Movement())
    limits: tuple[tuple[RuleKind, str], ...] = (
        ("buffer", "buffer"), ("dwell", "dwell_days"), ("step", "max_step"),
    )  # fmt: skip
    for kind, name in limits:
        limit, none = getattr(rules, name), getattr(Movement(), name)
        if limit != none:
            alone, others = replace(Movement(), **{name: limit}), replace(rules, **{name: none})
            yield RuleRow(kind, limit, tier(alone) != free, tier(others))


def _softened(document: Document) -> Document:
    """The document with no gate that binds the migration policy."""
    overlays = (
        replace(item, gate=item.gate and replace(item.gate, hard=False)) for item in document.overlays
    )
    gates = (replace(gate, hard=False) for gate in document.gates)
    return replace(document, gates=tuple(gates), overlays=tuple(overlays))
