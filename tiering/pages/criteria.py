"""A criteria version in words: what is measured, how it earns points, where tiers begin, and what moves them then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.formats import listed
from tiering import display
from tiering.core.document import (
    Dimension,
    Document,
    Gate,
    Indicator,
    Migration,
    Overlay,
    Scorecard,
    WeightLimits,
)
from tiering.core.metric import Catalogue
from tiering.core.placement import Axis, Cutoff, Level, Matrix, Placement, RankCutoffs, ScoreCutoffs
from tiering.models import Tier
from tiering.pages.rules import (
    gate_effect,
    movement_texts,
    overlay_effect,
    ranking_text,
    roll_up_text,
    share_text,
)
from tiering.selectors.catalogue import catalogue_of


@dataclass(frozen=True)
class BandLine:
    """A range or category, and the points it earns; None where the indicator then does not apply."""

    text: str
    points: int | None


@dataclass(frozen=True)
class IndicatorText:
    """`age`: how old a value may be, empty for any."""

    label: str
    help: str
    weight: str
    bands: list[BandLine]
    missing: str
    age: str


@dataclass(frozen=True)
class DimensionText:
    label: str
    weight: str
    indicators: list[IndicatorText]


@dataclass(frozen=True)
class StepLine:
    """A tier and where it begins; `tier` is None in a first draft, before the scheme has any."""

    tier: Tier | None
    key: str
    begins: str


@dataclass(frozen=True)
class AxisText:
    label: str
    dimensions: str


@dataclass(frozen=True)
class LevelRow:
    """A level of the first axis and where it begins; the tiers by level of the second axis."""

    label: str
    begins: str
    cells: list[StepLine]


@dataclass(frozen=True)
class PlacementText:
    """How a score becomes a tier: by `steps`, ranked as `ranking` says when it is not empty, or by a matrix: its two
    `axes`, the levels of the second as `columns`, those of the first as `rows`."""

    ranking: str
    steps: list[StepLine]
    axes: list[AxisText]
    columns: list[tuple[str, str]]
    rows: list[LevelRow]


@dataclass(frozen=True)
class ScorecardText:
    label: str
    applies: str
    dimensions: list[DimensionText]
    placement: PlacementText


@dataclass(frozen=True)
class GateText:
    label: str
    condition: str
    effect: str
    hard: bool


@dataclass(frozen=True)
class OverlayText:
    label: str
    condition: str
    effect: str


@dataclass(frozen=True)
class MigrationText:
    """The rules for a tier that rises and for one that falls; `red_flags`: what lets it fall at once."""

    up: list[str]
    down: list[str]
    red_flags: list[str]


@dataclass(frozen=True)
class CriteriaText:
    """Everything the page says about the content of a version; `subject`: who is placed, a sentence each; `review`: the
    cases that need a decision."""

    label: str
    subject: list[str]
    weights: str
    scorecards: list[ScorecardText]
    gates: list[GateText]
    overlays: list[OverlayText]
    migration: MigrationText | None
    review: list[str]


def criteria_text(document: Document, tiers: Mapping[str, Tier]) -> CriteriaText:
    """The document in the reader's language; `tiers` are those of the scheme by key, none yet for a first draft."""
    review, migration, names = document.policy.review_when, document.policy.migration, catalogue_of(document)
    ranked = [tier.key for tier in document.tiers]
    return CriteriaText(
        label=display.label(document.label),
        subject=_subject(document, names),
        weights=_weights(document.weight_limits) if document.weight_limits else "",
        scorecards=[_scorecard(card, document, tiers, names) for card in document.scorecards],
        gates=[_gate(gate, names) for gate in document.gates],
        overlays=[overlay_text(overlay, names) for overlay in document.overlays],
        migration=_migration(migration, names) if migration else None,
        review=display.cases_text(review, ranked, names) if review else [],
    )


def _subject(document: Document, names: Catalogue) -> list[str]:
    if document.subject == "client":
        return [_("Each client is placed as a whole.")]
    within = _("Each client is placed within each of its projects.")
    return [within, *([roll_up_text(document.roll_up, names)] if document.roll_up else [])]


def _weights(limits: WeightLimits) -> str:
    return _("Dimensions weigh from {lowest} to {highest}.").format(
        lowest=display.weight(limits.lowest), highest=display.weight(limits.highest)
    )


def _scorecard(
    card: Scorecard, document: Document, tiers: Mapping[str, Tier], names: Catalogue
) -> ScorecardText:
    return ScorecardText(
        label=display.label(card.label),
        applies=display.condition_text(card.when, (), names)
        if card.when
        else _("everyone whom no other scorecard covers"),
        dimensions=[_dimension(dimension, names) for dimension in card.dimensions],
        placement=_placement(document.placement_of(card), card, tiers, names),
    )


def _dimension(dimension: Dimension, names: Catalogue) -> DimensionText:
    return DimensionText(
        label=display.label(dimension.label),
        weight=display.weight(dimension.weight),
        indicators=[_indicator(indicator, names) for indicator in dimension.indicators],
    )


def _indicator(indicator: Indicator, names: Catalogue) -> IndicatorText:
    key, limit = indicator.metric, indicator.max_age_days
    bands = [BandLine(display.band_text(key, band, names), band.points) for band in indicator.bands]
    categories = [
        BandLine(display.metric_value(key, category, names), points)
        for category, points in indicator.categories.items()
    ]
    return IndicatorText(
        label=display.metric_label(key, names),
        help=display.metric_help(key, names),
        weight=display.weight(indicator.weight),
        bands=bands + categories,
        missing=display.missing_text(indicator.missing.kind, indicator.points_when_missing),
        age="" if limit is None else display.count_of_days(limit),
    )


def _placement(
    placement: Placement, card: Scorecard, tiers: Mapping[str, Tier], names: Catalogue
) -> PlacementText:
    match placement:
        case ScoreCutoffs(steps):
            return PlacementText("", [_cutoff(cut, tiers) for cut in steps], [], [], [])
        case RankCutoffs(steps=steps):
            last = len(steps) - 1
            shares = [
                StepLine(
                    tiers.get(step.tier),
                    step.tier,
                    _("everyone else") if number == last else share_text(step.share),
                )
                for number, step in enumerate(steps)
            ]
            return PlacementText(ranking_text(placement, names), shares, [], [], [])
        case Matrix(axes=(first, second), cells=cells):
            rows = [
                LevelRow(*_level(level), [StepLine(tiers.get(tier), tier, "") for tier in row])
                for level, row in zip(first.levels, cells, strict=True)
            ]
            axes = [_axis(first, card), _axis(second, card)]
            return PlacementText("", [], axes, [_level(level) for level in second.levels], rows)


def _cutoff(cut: Cutoff, tiers: Mapping[str, Tier]) -> StepLine:
    return StepLine(tiers.get(cut.tier), cut.tier, display.score(cut.minimum))


def _axis(axis: Axis, card: Scorecard) -> AxisText:
    labels = {dimension.key: display.label(dimension.label) for dimension in card.dimensions}
    return AxisText(display.label(axis.label), listed(labels[key] for key in axis.dimensions))


def _level(level: Level) -> tuple[str, str]:
    return display.label(level.label), display.score(level.minimum)


def _gate(gate: Gate, names: Catalogue) -> GateText:
    condition = display.condition_text(gate.when, (), names)
    return GateText(display.label(gate.label), condition, gate_effect(gate), gate.hard)


def overlay_text(overlay: Overlay, names: Catalogue) -> OverlayText:
    """An overlay in words: whom it describes, and what it does while it is on."""
    condition = display.condition_text(overlay.when, (), names) if overlay.when else _("everybody")
    return OverlayText(display.label(overlay.label), condition, overlay_effect(overlay))


def _migration(migration: Migration, names: Catalogue) -> MigrationText:
    flags = migration.red_flags
    return MigrationText(
        up=movement_texts(migration.up),
        down=movement_texts(migration.down),
        red_flags=display.cases_text(flags, (), names) if flags else [],
    )
