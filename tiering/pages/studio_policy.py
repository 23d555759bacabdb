"""How far and how soon a tier moves, and which moves a person decides: two sections of the studio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tiering.core.check_overlays import is_placed_by_score
from tiering.pages.conditions import Builder
from tiering.pages.studio import Draft
from tiering.pages.studio_conditions import builder


@dataclass(frozen=True)
class Direction:
    """What holds for moves up or down; `is_held`: whether the document says anything of them."""

    key: str
    path: str
    is_held: bool


def migration_section(draft: Draft) -> dict[str, Any]:
    """What the template of the migration policy is given."""
    stored = draft.data["policy"].get("migration")
    return {
        "is_on": stored is not None,
        "directions": [
            Direction(way, f"policy/migration/{way}", way in (stored or {})) for way in ("up", "down")
        ],
        "red_flags": _red_flags(draft, stored) if stored is not None else None,
        "by_score": any(is_placed_by_score(draft.document, card) for card in draft.document.scorecards),
        "longest": len(draft.document.tiers) - 1,
    }


def _red_flags(draft: Draft, stored: dict[str, Any]) -> Builder:
    without = _("No fall goes through at once.")
    return builder(draft, "policy/migration/red_flags", stored.get("red_flags"), without=without)


def review_section(draft: Draft) -> dict[str, Any]:
    """What the template of the review policy is given."""
    stored = draft.data["policy"].get("review_when")
    without = _("No change of tier needs a decision.")
    return {"when": builder(draft, "policy/review_when", stored, "moves", without=without)}
