"""The criteria studio: a draft as its sections show it, each of them renewed by itself after an edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tiering.core.document import Document
from tiering.core.metric import Catalogue
from tiering.models import CriteriaVersion

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Draft:
    """What every section is made of: the document as it is stored (`data`) and as values, and the metrics that it may
    name."""

    version: CriteriaVersion
    document: Document
    catalogue: Catalogue
    data: Json = field(repr=False)


Section = Callable[[Draft], dict[str, Any]]


def nothing_more(draft: Draft) -> dict[str, Any]:
    """A section that is drawn from the draft alone."""
    return {}


SECTIONS: Final[Mapping[str, Section]] = {
    "scorecards": nothing_more,
    "placement": nothing_more,
    "gates": nothing_more,
    "overlays": nothing_more,
    "migration": nothing_more,
    "review": nothing_more,
    "tiers": nothing_more,
}
"""Each section's name → what its template, tiering/studio/_<name>.html, is given beside `draft`."""
