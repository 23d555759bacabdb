"""From where on a figure says something, and what; without the libraries that compute it."""

from typing import Final, Literal

STABLE, SHIFTED = 0.10, 0.25
"""Below the first a stability index is fine, from the second on it is looked into."""
AMBER, RED = 0.20, 0.25
"""From where on a concentration is flagged."""
TELLS_NOTHING, WEAK, STRONG = 0.02, 0.10, 0.30
"""Below the first an information value is nothing, below the second weak, from the third on strong."""
IN_ORDER: Final = 0.10
"""From this Gini on, more points go with fewer bad outcomes."""

Power = Literal["unknown", "nothing", "reversed", "unordered", "weak", "medium", "strong"]
Shift = Literal["unknown", "stable", "minor", "shifted"]
Spread = Literal["unknown", "even", "amber", "red", "few"]


def power_of(gini: float | None, information_value: float | None) -> Power:
    """What a dimension or an indicator alone tells of an outcome.

    ``reversed``: more points go with more bad outcomes. ``unordered``: its values tell something, but its points are
    not in the order of it.
    """
    if gini is None or information_value is None:
        return "unknown"
    if information_value < TELLS_NOTHING:
        return "nothing"
    if gini <= -IN_ORDER:
        return "reversed"
    if information_value < WEAK:
        return "weak"
    if gini < IN_ORDER:
        return "unordered"
    return "strong" if information_value >= STRONG else "medium"


def shift_of(index: float | None) -> Shift:
    """What a stability index says."""
    if index is None:
        return "unknown"
    return "stable" if index < STABLE else "minor" if index < SHIFTED else "shifted"


def spread_of(concentration: float | None, tiers: int) -> Spread:
    """What a concentration says. ``few``: even shares of so few tiers come up to the mark already."""
    if concentration is None:
        return "unknown"
    if 1 / tiers >= AMBER:
        return "few"
    return "red" if concentration >= RED else "amber" if concentration >= AMBER else "even"
