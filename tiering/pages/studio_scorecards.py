"""The scorecards of a draft as the studio shows them: dimensions with their weights, and indicators."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm.formats import reads_chinese
from tiering import display
from tiering.core.document import WHOLE, Dimension, Scorecard
from tiering.pages.studio import Draft, path_to
from tiering.pages.studio_indicators import IndicatorPanel, indicator_panel, lying_over
from tiering.selectors.distribution import Distribution


@dataclass(frozen=True)
class DimensionPanel:
    """`total`: what the weights of its indicators come to, in basis points; `is_even`: they are 100 %, and none is 0."""

    path: str
    key: str
    label: str
    percent: int
    indicators: list[IndicatorPanel]
    total: int
    is_even: bool
    is_only: bool

    @property
    def indicators_path(self) -> str:
        return f"{self.path}/indicators"

    @property
    def total_text(self) -> str:
        return display.weight(self.total)

    @property
    def is_whole(self) -> bool:
        return self.total == WHOLE


@dataclass(frozen=True)
class CardPanel:
    """`applies`: whom it scores, in words; empty for the only one. `read`: the metrics that it reads, as JSON."""

    path: str
    key: str
    label: str
    applies: str
    read: str
    dimensions: list[DimensionPanel]
    total: int
    is_even: bool

    @property
    def dimensions_path(self) -> str:
        return f"{self.path}/dimensions"

    @property
    def total_text(self) -> str:
        return display.weight(self.total)

    @property
    def is_whole(self) -> bool:
        return self.total == WHOLE


def scorecards_section(draft: Draft) -> dict[str, Any]:
    """Every scorecard of the draft."""
    language = "zh" if reads_chinese() else "en"
    return {"cards": [_card(draft, card) for card in draft.document.scorecards], "language": language}


def indicator_part(draft: Draft, path: str) -> dict[str, Any] | None:
    """One indicator by its path; None where the draft has no such."""
    for card in draft.document.scorecards:
        for dimension in card.dimensions:
            for indicator in dimension.indicators:
                if path == path_to(
                    "scorecards", card.key, "dimensions", dimension.key, "indicators", indicator.metric
                ):
                    lying = lying_over(draft, card, [indicator])
                    return {
                        "indicator": indicator_panel(
                            draft, path, indicator, lying, len(dimension.indicators) == 1
                        )
                    }
    return None


def _card(draft: Draft, card: Scorecard) -> CardPanel:
    path = path_to("scorecards", card.key)
    lying = lying_over(draft, card, [i for dimension in card.dimensions for i in dimension.indicators])
    weights = [dimension.weight for dimension in card.dimensions]
    return CardPanel(
        path=path,
        key=card.key,
        label=display.label(card.label),
        applies=_applies(draft, card),
        read=json.dumps([i.metric for dimension in card.dimensions for i in dimension.indicators]),
        dimensions=[
            _dimension(draft, path, dimension, lying, len(weights) == 1) for dimension in card.dimensions
        ],
        total=sum(weights),
        is_even=_even(weights),
    )


def _applies(draft: Draft, card: Scorecard) -> str:
    if card.when is not None:
        return display.condition_text(card.when, (), draft.catalogue)
    return _("everyone whom no other scorecard covers") if len(draft.document.scorecards) > 1 else ""


def _dimension(
    draft: Draft, card: str, dimension: Dimension, lying: Mapping[str, Distribution], is_only: bool
) -> DimensionPanel:
    path = f"{card}/{path_to('dimensions', dimension.key)}"
    weights = [indicator.weight for indicator in dimension.indicators]
    return DimensionPanel(
        path=path,
        key=dimension.key,
        label=display.label(dimension.label),
        percent=round(dimension.weight / (WHOLE // 100)),
        indicators=[
            indicator_panel(
                draft,
                f"{path}/{path_to('indicators', indicator.metric)}",
                indicator,
                lying,
                len(weights) == 1,
            )
            for indicator in dimension.indicators
        ],
        total=sum(weights),
        is_even=_even(weights),
        is_only=is_only,
    )


def _even(weights: Sequence[int]) -> bool:
    return sum(weights) == WHOLE and all(weights)
