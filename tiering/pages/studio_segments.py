"""The segments of a draft in the studio: which scorecard is for whom, in the order in which they are tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm.formats import percent
from tiering import display
from tiering.core.check_scorecards import in_turn
from tiering.core.document import Scorecard
from tiering.core.placement import Label
from tiering.pages.conditions import Builder
from tiering.pages.studio import Draft, path_to
from tiering.pages.studio_conditions import builder, new_builder
from tiering.pages.studio_tiers import reading
from tiering.selectors.described import segments


@dataclass(frozen=True)
class SegmentRow:
    """A scorecard in turn. `when` is None for everybody else; `clients` and `share` of the book are those whom it is
    for, empty where that cannot be told."""

    path: str
    label: Label
    when: Builder | None
    clients: str
    share: str
    is_first: bool
    is_last: bool

    @property
    def title(self) -> str:
        return display.label(self.label)

    @property
    def id(self) -> str:
        return self.path.replace("/", "-")


def segments_section(draft: Draft) -> dict[str, Any]:
    """What the template of the segments is given."""
    tried = [card for _, card in in_turn(draft.document.scorecards)]
    choosing = sum(1 for card in tried if card.when is not None)
    found = segments(draft.user, draft.document, draft.catalogue)
    rows = [_row(draft, number, card, choosing, found) for number, card in enumerate(tried)]
    return {"rows": rows, "new": new_builder("segment"), "language": reading()}


def _row(
    draft: Draft,
    number: int,
    card: Scorecard,
    choosing: int,
    found: dict[str, int] | None,
) -> SegmentRow:
    path = path_to("scorecards", card.key)
    stored = next(each for each in draft.data["scorecards"] if each["key"] == card.key)
    here = stored.get("when")
    return SegmentRow(
        path=path,
        label=card.label,
        when=builder(draft, f"{path}/when", here, needed=True) if here is not None else None,
        clients=_clients(found, card.key),
        share=percent(found[card.key] / (sum(found.values()) or 1)) if found else "",
        is_first=number == 0,
        is_last=number >= choosing - 1,
    )


def _clients(found: dict[str, int] | None, key: str) -> str:
    return "" if found is None else _("{number} clients").format(number=f"{found[key]:,}")
