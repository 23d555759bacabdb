"""The tiers of a draft in the studio: their badges everywhere, and the section that names, colours and orders them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from crm.formats import reads_chinese
from tiering import display
from tiering.core.document import COLOUR_STEPS, Document
from tiering.core.placement import Label
from tiering.pages.studio import Draft, path_to


@dataclass(frozen=True)
class ScaleTier:
    """A tier as the draft has it, to be shown as a badge. `rank` 0 is the best, -1 is that of a tier that it does not
    have."""

    key: str
    names: Label
    rank: int
    colour_step: int

    @property
    def label(self) -> str:
        return display.label(self.names)

    @property
    def option(self) -> str:
        """The tier as one choice of a list."""
        return self.label if self.label.startswith(self.key) else f"{self.key} · {self.label}"


@dataclass(frozen=True)
class TierRow:
    path: str
    tier: ScaleTier
    is_first: bool
    is_last: bool


class Scale:
    """The tiers of a draft, best first, each with the colour that it would have."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def tiers(self) -> list[ScaleTier]:
        named = zip(self._document.tiers, self._document.colours, strict=True)
        return [ScaleTier(tier.key, tier.label, rank, colour) for rank, (tier, colour) in enumerate(named)]

    @cached_property
    def by_key(self) -> Mapping[str, ScaleTier]:
        return {tier.key: tier for tier in self.tiers}

    def named(self, key: str) -> ScaleTier:
        """The tier of a key; without a colour where the document does not have it."""
        return self.by_key.get(key) or ScaleTier(key, {"en": key, "zh": key}, -1, 0)


def is_settled(draft: Draft) -> bool:
    """Whether versions of the scheme were published: clients hold its tiers, and these stay the same then."""
    return draft.version.criteria.scheme.tiers.exists()


def tiers_section(draft: Draft) -> dict[str, Any]:
    """What the template of the tiers is given."""
    tiers = Scale(draft.document).tiers
    rows = [
        TierRow(path_to("tiers", tier.key), tier, tier.rank == 0, tier.rank == len(tiers) - 1)
        for tier in tiers
    ]
    return {"rows": rows, "colours": range(1, COLOUR_STEPS + 1), "is_settled": is_settled(draft)}


def reading() -> str:
    """The language of the document's names that the reader sees."""
    return "zh" if reads_chinese() else "en"
