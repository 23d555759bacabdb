"""How a tier came about after its score, in words: `core.ladder` as a page lays it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from crm import formats
from tiering import display
from tiering.core.document import Document
from tiering.core.evaluate import Assessment as Result
from tiering.core.ladder import (
    AxisRow,
    Grid,
    MigrationRow,
    OverlayRow,
    PlacementRow,
    RuleRow,
    Scale,
    ScaleRow,
)
from tiering.core.metric import Catalogue
from tiering.core.placement import RankCutoffs
from tiering.models import Tier
from tiering.pages.rules import overlay_effect, ranking_text, rule_text, share_text

Tiers = Mapping[int, Tier]


@dataclass(frozen=True)
class StepLine:
    """One step of a scale and where it begins (`is_open`: at no value); `taken`: the one that the subject stands on by
    placement alone."""

    tier: Tier
    begins: str
    is_open: bool
    share: str
    taken: bool


@dataclass(frozen=True)
class ScaleText:
    """Placement along one line; `ranking` says by what, empty for plain cut-offs."""

    ranking: str
    value: str
    steps: list[StepLine]


@dataclass(frozen=True)
class AxisText:
    label: str
    score: str
    level: str


@dataclass(frozen=True)
class CellText:
    tier: Tier
    taken: bool


@dataclass(frozen=True)
class LevelRow:
    """A level of the first axis, and the tiers by level of the second."""

    label: str
    begins: str
    cells: list[CellText]


@dataclass(frozen=True)
class GridText:
    """Placement by a matrix: rows are the levels of the first axis, columns those of the second."""

    axes: tuple[AxisText, AxisText]
    columns: list[tuple[str, str]]
    rows: list[LevelRow]


@dataclass(frozen=True)
class OverlayLine:
    """One overlay: what it does, whether it is on and applies, and what it changed."""

    label: str
    condition: str
    effect: str
    is_on: bool
    applies: bool
    consequence: str


@dataclass(frozen=True)
class RuleLine:
    """One rule of the migration policy, and what it did; `holds`: it alone would hold the tier back. `until`: the day
    on which a dwell is over."""

    text: str
    until: str
    consequence: str
    holds: bool


@dataclass(frozen=True)
class MigrationText:
    """What the migration policy did: in a sentence, and rule by rule. `moved`: the tier would be another without it."""

    summary: str
    moved: bool
    rules: list[RuleLine]


def placement_text(
    row: PlacementRow, document: Document, result: Result, tiers: Tiers, catalogue: Catalogue
) -> ScaleText | GridText:
    """Where the subject stands by placement alone."""
    if isinstance(row, Grid):
        return _grid(row, tiers)
    card = next(card for card in document.scorecards if card.key == result.scorecard)
    placement = document.placement_of(card)
    return ScaleText(
        ranking=ranking_text(placement, catalogue) if isinstance(placement, RankCutoffs) else "",
        value=_placed_value(row, catalogue),
        steps=[_step(row, step, tiers, catalogue) for step in row.rows],
    )


def _placed_value(row: Scale, catalogue: Catalogue) -> str:
    if row.metric is None:
        return display.score(int(row.value or 0))
    value = display.metric_value(row.metric, row.value, catalogue)
    return f"{display.metric_label(row.metric, catalogue)} {value}"


def _step(row: Scale, step: ScaleRow, tiers: Tiers, catalogue: Catalogue) -> StepLine:
    is_last = step is row.rows[-1]
    if step.minimum is None:
        begins = _("everyone else") if is_last else _("nobody")
    elif row.metric is None:
        begins = display.score(int(step.minimum))
    else:
        begins = display.metric_value(row.metric, step.minimum, catalogue)
    share = "" if step.share is None or is_last else share_text(step.share)
    return StepLine(tiers[step.tier], begins, step.minimum is None, share, step.taken)


def _grid(row: Grid, tiers: Tiers) -> GridText:
    first, second = row.axes
    return GridText(
        axes=(_axis(first), _axis(second)),
        columns=[(display.label(level.label), display.score(level.minimum)) for level in second.axis.levels],
        rows=[
            LevelRow(
                display.label(level.label),
                display.score(level.minimum),
                [
                    CellText(tiers[tier], (up, across) == (first.level, second.level))
                    for across, tier in enumerate(row.cells[up])
                ],
            )
            for up, level in enumerate(first.axis.levels)
        ],
    )


def _axis(row: AxisRow) -> AxisText:
    level = display.label(row.axis.levels[row.level].label)
    return AxisText(display.label(row.axis.label), display.score(row.score), level)


def overlay_line(row: OverlayRow, document: Document, tiers: Tiers, catalogue: Catalogue) -> OverlayLine:
    """One overlay of the document."""
    overlay = next(overlay for overlay in document.overlays if overlay.key == row.key)
    return OverlayLine(
        label=display.label(row.label),
        condition=display.condition_text(overlay.when, (), catalogue) if overlay.when else _("always"),
        effect=overlay_effect(overlay),
        is_on=row.is_on,
        applies=row.applies,
        consequence=_overlay_consequence(row, tiers),
    )


def _overlay_consequence(row: OverlayRow, tiers: Tiers) -> str:
    if not row.is_on:
        return _("switched off")
    if not row.applies:
        return _("does not apply here")
    if not row.decisive:
        return _("applies, and changes nothing")
    return _("applies; without it the tier would be {tier}").format(tier=tiers[row.tier_without].key)


def migration_text(row: MigrationRow, result: Result, tiers: Tiers, day: date) -> MigrationText:
    """What the migration policy did on the day of the assessment."""
    return MigrationText(
        summary=_summary(row, result, tiers),
        moved=result.tier != row.wanted,
        rules=[_rule(rule, row, result, tiers, day) for rule in row.rules],
    )


def _summary(row: MigrationRow, result: Result, tiers: Tiers) -> str:
    if row.held is None:
        return _("No tier was in force before, so none is held.")
    held, wanted, tier = (tiers[rank].key for rank in (row.held, row.wanted, result.tier))
    days = display.count_of_days(row.held_days)
    if row.red_flag:
        return _("A red flag lets the tier fall at once from {held} to {tier}.").format(held=held, tier=tier)
    if row.hard_limit is not None:
        limit = tiers[row.hard_limit].key
        return _("The tier in force is {held}, but a binding gate allows none better than {limit}.").format(
            held=held, limit=limit
        )
    if row.direction is None:
        return _("Held for {days}, and nothing moves it.").format(days=days)
    if result.tier == row.wanted:
        return _("Nothing in the policy holds back the move from {held} to {tier}.").format(
            held=held, tier=tier
        )
    return _("{tier} instead of {wanted}: {held} has been in force for {days}.").format(
        tier=tier, wanted=wanted, held=held, days=days
    )


def _rule(rule: RuleRow, row: MigrationRow, result: Result, tiers: Tiers, day: date) -> RuleLine:
    is_dwelling = rule.kind == "dwell" and row.days_left > 0
    return RuleLine(
        text=rule_text(rule.kind, rule.limit),
        until=formats.day(day + timedelta(days=row.days_left)) if is_dwelling else "",
        consequence=_rule_consequence(rule, result, tiers),
        holds=rule.holds,
    )


def _rule_consequence(rule: RuleRow, result: Result, tiers: Tiers) -> str:
    if not rule.holds:
        return _("met")
    if rule.tier_without == result.tier:
        return _("not met; another rule holds the tier too")
    return _("not met; without it the tier would be {tier}").format(tier=tiers[rule.tier_without].key)
