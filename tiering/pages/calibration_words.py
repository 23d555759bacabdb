"""What the figures of a proposal are called, how they are computed, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tiering.pages.validation_words import POWERS, Word
from tiering.validation.outcomes import OUTCOMES
from tiering.validation.readings import STRONG, TELLS_NOTHING, WEAK

HELP: Final[Mapping[str, str | Promise]] = {
    "bands": gettext_lazy(
        "Bands are cut by a decision tree that is bound to go one way, at most five to an indicator, each with at least "
        "one in twenty of those whose value is known. Weight of evidence = ln(share of the good ÷ share of the bad): "
        "above 0 a band is better than the whole. The worst band is worth 0 points, the best 100, the others lie "
        "between them by their evidence."
    ),
    "weights": gettext_lazy(
        "The share of the score is what a logistic regression of the outcome on the points gives an indicator. One that "
        "says next to nothing, or of which more points would go with more bad outcomes, is left out."
    ),
    "curve": gettext_lazy(
        "ln(p ÷ (1 − p)) = a + b × score, a logistic curve through the outcomes. The dots are tenths of the clients by "
        "their score, and how many of each turned bad."
    ),
}


def kept_text(card: Mapping[str, Any]) -> str:
    """Why a scorecard stayed as it was; empty where it did not."""
    if not card["kept"]:
        return ""
    if "least_bad" not in card:
        return _("No indicator tells the outcome: it stays as it was.")
    return _(
        "Too few outcomes: at least %(least)s bad and as many good ones are needed. It stays as it was."
    ) % {"least": card["least_bad"]}


def reading_of(information: float) -> Word:
    """What an information value says."""
    if information < TELLS_NOTHING:
        return POWERS["nothing"]
    return POWERS["weak" if information < WEAK else "medium" if information < STRONG else "strong"]


def horizon_text(outcome: str, months: int) -> str:
    """Default within 12 months."""
    text = ngettext("%(outcome)s within %(count)d month", "%(outcome)s within %(count)d months", months)
    return text % {"outcome": OUTCOMES[outcome].label, "count": months}
