"""The report of a validation as pages, papers and terminals lay it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.formats import MISSING, percent
from crm.plots import Curve, Dot, dots_and_whiskers, unit_square
from tiering.models import Tier, Validation
from tiering.pages import validation_lines as lines
from tiering.pages.validation_words import few_text, has_order, number, order_texts, rate_text
from tiering.selectors.catalogue import catalogue_of
from tiering.selectors.criteria import document_of
from tiering.selectors.versions import VersionTier
from tiering.validation.outcomes import OUTCOMES


@dataclass(frozen=True)
class Headline:
    """A figure of the first line, and what is beside it."""

    label: str
    value: str
    detail: str


class Report:
    """A finished validation, laid out part by part when it is asked for."""

    def __init__(self, validation: Validation) -> None:
        self.validation = validation
        self.found: Mapping[str, Any] = validation.findings
        self.outcome = OUTCOMES[validation.outcome]

    @cached_property
    def tiers(self) -> list[VersionTier]:
        """The tiers as they were when it was computed: a draft may have others by now."""
        scheme = self.validation.version.criteria.scheme_id
        colours = dict(Tier.objects.filter(scheme=scheme).values_list("key", "colour_step"))
        return [
            VersionTier(one["key"], one["label"], rank, colours.get(one["key"]))
            for rank, one in enumerate(self.found["tiers"])
        ]

    @property
    def is_of_other_content(self) -> bool:
        """Whether the draft has been edited since."""
        changed: bool = self.found["content_hash"] != self.validation.version.content_hash
        return changed

    @property
    def few(self) -> str:
        """Why measures of discrimination are left out; empty where they are not."""
        return "" if self.found["discrimination"] else few_text(self.found)

    @cached_property
    def headlines(self) -> list[Headline]:
        found, power, overrides = self.found, self.found["discrimination"], self.found["overrides"]
        gini = number(power["gini"]) if power else MISSING
        within = interval_text_of(power["gini_interval"]) if power else self.few
        return [
            Headline(_("Gini of the score"), gini, within),
            Headline(
                _("Gini of the tiers"),
                number(power["tier_gini"]) if power else MISSING,
                _("what the score keeps as tiers") if power else self.few,
            ),
            Headline(
                _("KS"),
                number(power["ks"]) if power else MISSING,
                _("AUC %(auc)s") % {"auc": number(power["auc"], 3)} if power else self.few,
            ),
            Headline(
                _("Bad outcomes"),
                intcomma(found["bad"]),
                _("of %(count)s · %(rate)s")
                % {
                    "count": intcomma(found["subjects"]),
                    "rate": rate_text(found["bad"] / found["subjects"] if found["subjects"] else None),
                },
            ),
            Headline(
                _("Override rate"),
                percent(overrides["rate"], 1),
                _("%(rejected)s of %(decided)s proposals rejected")
                % {"rejected": intcomma(overrides["rejected"]), "decided": intcomma(overrides["decided"])}
                if overrides["decided"]
                else _("no proposal was decided"),
            ),
        ]

    @cached_property
    def cohorts(self) -> list[lines.CohortLine]:
        return lines.cohort_lines(self.found)

    @cached_property
    def tier_lines(self) -> list[lines.TierLine]:
        return lines.tier_lines(self.found, self.tiers)

    @cached_property
    def order(self) -> list[str]:
        return order_texts(self.found, self.tiers)

    @property
    def has_order(self) -> bool:
        """Whether there is an order to look at: bad outcomes, and clients in two tiers at least."""
        return has_order(self.found)

    @property
    def is_in_order(self) -> bool:
        return not self.found["inversions"]

    @cached_property
    def dots(self) -> list[Dot]:
        return [
            Dot(
                label=tier.key,
                value=one["rate"],
                low=one["low"],
                high=one["high"],
                css=f"plot-tier-{tier.colour_step}" if tier.colour_step else "",
                text=f"{tier.label}: {line.rate} ({line.interval})",
            )
            for tier, one, line in zip(self.tiers, self.found["tiers"], self.tier_lines, strict=True)
        ]

    def rates_chart(self) -> SafeString:
        return dots_and_whiskers(self.dots, _("Bad rate by tier"))

    @property
    def roc(self) -> Curve:
        return curve(self.found["discrimination"]["roc"])

    @property
    def cap(self) -> Sequence[Curve]:
        """The curve, and that of a score that finds all bad ones first."""
        share = self.found["bad"] / self.found["subjects"]
        return [curve(self.found["discrimination"]["cap"]), [(0, 0), (share, 1), (1, 1)]]

    def cap_chart(self) -> SafeString:
        found, perfect = self.cap
        drawn = [(perfect, "plot-perfect"), (found, "")]
        return unit_square(drawn, _("CAP curve"), _("share of all"), _("share of the bad"))

    def roc_chart(self) -> SafeString:
        return unit_square([(self.roc, "")], _("ROC curve"), _("share of the good"), _("share of the bad"))

    @cached_property
    def dimensions(self) -> list[lines.PowerLine]:
        return lines.dimension_lines(self.found)

    @cached_property
    def indicators(self) -> list[lines.PowerLine]:
        return lines.indicator_lines(self.found, self._names)

    @cached_property
    def shifts(self) -> list[lines.ShiftLine]:
        return lines.shift_lines(self.found, self._names)

    @cached_property
    def moves(self) -> list[lines.Moves]:
        return lines.moves(self.found, self.tiers)

    @cached_property
    def spreads(self) -> list[lines.SpreadLine]:
        return lines.spread_lines(self.found)

    @cached_property
    def overridden(self) -> list[lines.OutcomeLine]:
        return lines.outcome_lines(self.found)

    @cached_property
    def officers(self) -> list[lines.OfficerLine]:
        return lines.officer_lines(self.found)

    @cached_property
    def _names(self) -> Any:
        return catalogue_of(document_of(self.validation.version))


def curve(stored: Mapping[str, Sequence[float]]) -> Curve:
    return list(zip(stored["x"], stored["y"], strict=True))


def interval_text_of(interval: Sequence[float]) -> str:
    """The interval of a Gini."""
    low, high = interval
    return _("%(low)s to %(high)s") % {"low": number(low), "high": number(high)}
