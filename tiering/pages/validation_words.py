"""What the figures of a validation are called, how they are computed, and what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.formats import MISSING, percent
from tiering.selectors.versions import VersionTier
from tiering.validation.readings import Power, Shift, Spread

Text = str | Promise
Word = tuple[Text, str]
"""A word and the chip that it stands on; empty: none."""

POWERS: Final[Mapping[Power, Word]] = {
    "unknown": (gettext_lazy("too few bad outcomes"), ""),
    "nothing": (gettext_lazy("tells nothing"), "chip-warn"),
    "reversed": (gettext_lazy("the wrong way round"), "chip-bad"),
    "unordered": (gettext_lazy("not in order"), "chip-warn"),
    "weak": (gettext_lazy("weak"), "chip-warn"),
    "medium": (gettext_lazy("medium"), "chip"),
    "strong": (gettext_lazy("strong"), "chip-ok"),
}
SHIFTS: Final[Mapping[Shift, Word]] = {
    "unknown": (gettext_lazy("not known"), ""),
    "stable": (gettext_lazy("stable"), "chip-ok"),
    "minor": (gettext_lazy("some shift"), "chip-warn"),
    "shifted": (gettext_lazy("look into it"), "chip-bad"),
}
SPREADS: Final[Mapping[Spread, Word]] = {
    "unknown": (gettext_lazy("not known"), ""),
    "even": (gettext_lazy("spread out"), "chip-ok"),
    "amber": (gettext_lazy("amber: concentrated"), "chip-warn"),
    "red": (gettext_lazy("red: much concentrated"), "chip-bad"),
    "few": (gettext_lazy("too few tiers for a mark"), ""),
}
WAYS: Final = {
    "up": pgettext_lazy("a proposal", "Upgrades"),
    "down": pgettext_lazy("a proposal", "Downgrades"),
}
DECISIONS: Final = {
    "approved": pgettext_lazy("proposals", "approved"),
    "rejected": pgettext_lazy("proposals", "rejected"),
}
HELP: Final[Mapping[str, Text]] = {
    "headline": gettext_lazy(
        "AUC is the chance that a bad one scores lower than a good one, a tie counting half. Gini = 2 × AUC − 1: "
        "1 tells all of them apart, 0 is chance. Its interval holds in 95 of 100 samples drawn anew (bootstrap). "
        "KS is the largest distance between the distributions of the scores of both. Fewer than 20 bad or good "
        "outcomes leave them out: they would mostly be chance."
    ),
    "rates": gettext_lazy(
        "Bad rate = clients with the outcome ÷ clients who could have it, all days together. The whisker is "
        "Wilson's 95 per cent interval. Whether a better tier turned bad more often by chance is told by Fisher's"
        " exact test."
    ),
    "curves": gettext_lazy(
        "Both curves go through the clients from the lowest score on. CAP: the share of the bad ones found within"
        " a share of all. ROC: within a share of the good ones; the area under it is the AUC. The straight line "
        "is chance."
    ),
    "power": gettext_lazy(
        "Each alone, by its points. Information value = Σ (share of good − share of bad) × ln(share of good ÷ "
        "share of bad) over its points: under 0.02 it tells nothing, under 0.10 it is weak, from 0.30 on strong. "
        "Not in order: its points do not fall as the bad rate rises."
    ),
    "stability": gettext_lazy(
        "PSI = Σ (share then − share before) × ln(share then ÷ share before): under 0.10 stable, from 0.25 on it "
        "wants looking into. An empty cell counts as a share of 0.0001. Scores are cut into ten bands, indicators"
        " into their own."
    ),
    "migration": gettext_lazy(
        "Clients with a tier on both days, by the tier they left (row) and reached (column). Bandwidth = Σ tiers "
        "moved ÷ Σ tiers that they could have moved, on each side: 0 where nobody moved, 1 where everybody moved "
        "as far as possible."
    ),
    "concentration": gettext_lazy(
        "HHI = Σ share² over the tiers: amber from 0.20, red from 0.25, where six tiers or more could be less "
        "than that. z = √(K − 1) × (c2 − c1) ÷ √(c2² × (½ + c2²)) tests whether it grew from the first day to the"
        " last; c is the coefficient of variation of the shares of the K tiers."
    ),
    "overrides": gettext_lazy(
        "Override rate = proposals rejected ÷ proposals decided, within the horizon before each day; a rejection "
        "keeps the old tier against the criteria. The bad rate is that after the day, of those who could have the"
        " outcome."
    ),
}


def number(value: float | None, digits: int = 2) -> str:
    """A figure with so many decimals; a dash where there is none."""
    return MISSING if value is None else number_format(round(value, digits), decimal_pos=digits)


def rate_text(value: float | None) -> str:
    return percent(value, 2 if value is not None and value < 0.1 else 1)


def interval_text(low: float, high: float) -> str:
    return f"{rate_text(low)} – {rate_text(high)}"


def has_order(findings: Mapping[str, Any]) -> bool:
    """Whether somebody turned bad, and two tiers at least have clients."""
    return bool(findings["bad"]) and sum(1 for tier in findings["tiers"] if tier["subjects"]) > 1


def order_texts(findings: Mapping[str, Any], tiers: Sequence[VersionTier]) -> list[str]:
    """Whether worse tiers turned bad more often, in words."""
    if not findings["bad"]:
        return [_("Nobody turned bad.")]
    if not has_order(findings):
        return [_("Only one tier has clients whose outcome counts: there is no order to look at.")]
    if not findings["inversions"]:
        return [_("Every tier turned bad at least as often as the tier above it.")]
    return [_inversion(one, findings["tiers"], tiers) for one in findings["inversions"]]


def _inversion(
    found: Mapping[str, Any], rates: Sequence[Mapping[str, Any]], tiers: Sequence[VersionTier]
) -> str:
    better, worse = found["better"], found["worse"]
    told = {
        "better": tiers[better].key,
        "worse": tiers[worse].key,
        "high": rate_text(rates[better]["rate"]),
        "low": rate_text(rates[worse]["rate"]),
        "p": number(found["p_value"]),
    }
    if found["is_significant"]:
        return (
            _(
                "%(better)s turned bad more often (%(high)s) than %(worse)s (%(low)s): hardly chance (p = %(p)s)."
            )
            % told
        )
    return (
        _(
            "%(better)s turned bad more often (%(high)s) than %(worse)s (%(low)s): it may be chance (p = %(p)s)."
        )
        % told
    )


def few_text(found: Mapping[str, Any]) -> str:
    """Why there is no measure of discrimination."""
    if found["bad"] < found["least_bad"]:
        text = _("too few bad outcomes (%(bad)s of %(least)s needed)")
        return text % {"bad": found["bad"], "least": found["least_bad"]}
    good = found["subjects"] - found["bad"]
    return _("too few good outcomes (%(good)s of %(least)s needed)") % {
        "good": good,
        "least": found["least_bad"],
    }


def change_text(change: Mapping[str, float] | None) -> str:
    """Whether a concentration grew between the first and the last day."""
    if change is None:
        return MISSING
    told = {"z": number(change["z"]), "p": number(change["p_value"])}
    if change["p_value"] < SIGNIFICANT:
        return _("grew (z = %(z)s, p = %(p)s)") % told
    return _("did not grow (z = %(z)s, p = %(p)s)") % told


SIGNIFICANT: Final = 0.05
