"""How strongly a cell of a matrix of moves is coloured."""

from __future__ import annotations

from typing import Final

from tiering.models import Tier
from tiering.selectors.versions import VersionTier

STEPS: Final = 3
AnyTier = Tier | VersionTier


def heat(before: AnyTier | None, after: AnyTier, *, has_moves: bool) -> str:
    """The class of the cell from one tier to another: further up or down is stronger, up to ``STEPS`` tiers."""
    if before == after:
        return "heat-same"
    if not has_moves:
        return "heat-empty"
    steps = before.rank - after.rank if before else 0
    if not steps:
        return "heat-same"
    return f"heat-{'up' if steps > 0 else 'down'}-{min(STEPS, abs(steps))}"
