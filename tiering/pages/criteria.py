"""A criteria version in words: what is measured, how it earns points, where tiers begin, and which gates hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tiering import display
from tiering.core.document import Dimension, Document, Gate, Indicator, Scorecard
from tiering.core.placement import Cutoff, ScoreCutoffs
from tiering.models import Tier
from tiering.pages.account import gate_effect


@dataclass(frozen=True)
class BandLine:
    """A range or category, and the points it earns."""

    text: str
    points: int


@dataclass(frozen=True)
class IndicatorText:
    label: str
    help: str
    weight: str
    bands: list[BandLine]
    missing: str


@dataclass(frozen=True)
class DimensionText:
    label: str
    weight: str
    indicators: list[IndicatorText]


@dataclass(frozen=True)
class CutoffLine:
    tier: Tier | None
    key: str
    minimum: str


@dataclass(frozen=True)
class ScorecardText:
    label: str
    applies: str
    dimensions: list[DimensionText]
    cutoffs: list[CutoffLine]


@dataclass(frozen=True)
class GateText:
    label: str
    condition: str
    effect: str
    hard: bool


@dataclass(frozen=True)
class CriteriaText:
    """Everything the page says about the content of a version; `review`: the cases that need a decision."""

    label: str
    scorecards: list[ScorecardText]
    gates: list[GateText]
    review: list[str]


def criteria_text(document: Document, tiers: Mapping[str, Tier]) -> CriteriaText:
    """The document in the reader's language; `tiers` are those of the scheme by key, none yet for a first draft."""
    review = document.policy.review_when
    ranked = sorted(tiers, key=lambda key: tiers[key].rank)
    return CriteriaText(
        label=display.label(document.label),
        scorecards=[_scorecard(card, document, tiers) for card in document.scorecards],
        gates=[_gate(gate) for gate in document.gates],
        review=display.cases_text(review, ranked) if review else [],
    )


def _scorecard(card: Scorecard, document: Document, tiers: Mapping[str, Tier]) -> ScorecardText:
    placement = document.placement_of(card)
    return ScorecardText(
        label=display.label(card.label),
        applies=display.condition_text(card.when)
        if card.when
        else _("everyone whom no other scorecard covers"),
        dimensions=[_dimension(dimension) for dimension in card.dimensions],
        cutoffs=[_cutoff(cut, tiers) for cut in placement.steps]
        if isinstance(placement, ScoreCutoffs)
        else [],
    )


def _dimension(dimension: Dimension) -> DimensionText:
    return DimensionText(
        label=display.label(dimension.label),
        weight=display.weight(dimension.weight),
        indicators=[_indicator(indicator) for indicator in dimension.indicators],
    )


def _indicator(indicator: Indicator) -> IndicatorText:
    bands = [BandLine(display.band_text(indicator.metric, band), band.points) for band in indicator.bands]
    categories = [
        BandLine(display.metric_value(indicator.metric, key), points)
        for key, points in indicator.categories.items()
    ]
    return IndicatorText(
        label=display.metric_label(indicator.metric),
        help=display.metric_help(indicator.metric),
        weight=display.weight(indicator.weight),
        bands=bands + categories,
        missing=display.missing_text(indicator.missing.kind, indicator.points_when_missing),
    )


def _cutoff(cut: Cutoff, tiers: Mapping[str, Tier]) -> CutoffLine:
    return CutoffLine(tiers.get(cut.tier), cut.tier, display.score(cut.minimum))


def _gate(gate: Gate) -> GateText:
    return GateText(
        display.label(gate.label), display.condition_text(gate.when), gate_effect(gate), gate.hard
    )
