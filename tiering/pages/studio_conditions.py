"""Conditions as fields of a draft of criteria, and what the studio tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm.models import User
from tiering import display
from tiering.core.conditions import Condition, parse
from tiering.core.document import Document
from tiering.pages import conditions
from tiering.pages.conditions import About, Builder, Json, counted, metrics_about, metrics_of_moves
from tiering.pages.studio import Draft
from tiering.selectors.catalogue import catalogue_of
from tiering.selectors.described import described


def builder(
    draft: Draft,
    path: str,
    data: Json | None,
    about: About = "facts",
    needed: bool = False,
    without: str = "",
) -> Builder:
    """The field of the condition that stands in a place of the draft."""
    words = sentence(parse(data), draft.document) if data is not None else without
    return Builder(f"at-{path}", path, data, words, about, needed, without)


def new_builder(name: str, needed: bool = True, without: str = "") -> Builder:
    """The empty field of an entry that is not in the draft yet."""
    return Builder(f"new-{name}-when", "", None, without, "facts", needed, without)


def sentence(condition: Condition, document: Document) -> str:
    """The condition in words, in the reader's language."""
    return display.condition_text(condition, [tier.key for tier in document.tiers], catalogue_of(document))


def told(draft: Draft, user: User, asked: Sequence[Condition]) -> list[dict[str, Any]]:
    """Of each condition its sentence, and how many of those the user may see it describes; no count where it is about
    moves, or names what there is not."""
    found = described(user, draft.document.subject, asked, draft.catalogue)
    return [
        {
            "words": sentence(condition, draft.document),
            "count": "" if count is None else counted(count, found.subjects, draft.document.subject),
            "none": count == 0,
        }
        for condition, count in zip(asked, found.counts, strict=True)
    ]


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Everything that the builder offers: metrics of the draft's subjects and of moves, comparisons and tiers."""
    metrics = [*metrics_about(draft.catalogue, draft.document.subject), *metrics_of_moves()]
    tiers = [(tier.key, display.label(tier.label)) for tier in draft.document.tiers]
    return conditions.vocabulary(metrics, tiers)
