"""The evidence of a proposal as its page lays it out, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import inf
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.charts import meter
from crm.formats import day, listed, percent
from tiering import display
from tiering.core.document import Band
from tiering.core.metric import Catalogue
from tiering.models import CriteriaVersion
from tiering.pages.calibration_chart import pd_chart
from tiering.pages.calibration_words import horizon_text, kept_text, reading_of
from tiering.pages.edits import EditLine, edit_lines
from tiering.pages.validation_words import number, rate_text
from tiering.selectors.calibrations import PROPOSED_AT, origin_of, was_proposed
from tiering.selectors.catalogue import policy_catalogue
from tiering.selectors.versions import VersionTier, tiers_named_by

Json = Mapping[str, Any]


@dataclass(frozen=True)
class BinLine:
    """A band or a category: how its subjects did, and its points. ``bar`` shows its bad rate beside the worst's."""

    label: str
    good: str
    bad: str
    rate: str
    bar: SafeString
    evidence: str
    points: str


@dataclass(frozen=True)
class IndicatorLine:
    label: str
    help: str
    share: str
    is_left_out: bool
    information: str
    word: str
    chip: str
    bins: Sequence[BinLine]


@dataclass(frozen=True)
class CardLine:
    """A scorecard; ``kept`` says why it stayed as it was, empty where it did not."""

    label: str
    subjects: str
    bad: str
    kept: str
    indicators: Sequence[IndicatorLine]


@dataclass(frozen=True)
class TierLine:
    tier: VersionTier
    subjects: str
    bad: str
    rate: str
    pd: str


class Evidence:
    """What the numbers of a version were proposed by, laid out part by part when it is asked for."""

    def __init__(self, version: CriteriaVersion) -> None:
        self.version = version
        self.found: Json = version.evidence or {}

    @cached_property
    def origin(self) -> CriteriaVersion:
        return origin_of(self.version)

    @property
    def is_inherited(self) -> bool:
        """Whether it was found for an earlier version that this one was begun from."""
        return self.origin.pk != self.version.pk

    @property
    def asked(self) -> str:
        """Default within 12 months."""
        return horizon_text(self.found["outcome"], self.found["months"])

    @property
    def days(self) -> str:
        return listed(day(date.fromisoformat(text)) for text in self.found["days"])

    @property
    def based_on(self) -> int:
        """The number of the version whose indicators they are."""
        based_on: int = self.found["version"]
        return based_on

    @property
    def before(self) -> str:
        return number(self.found["before"]["gini"])

    @property
    def after(self) -> str:
        return number(self.found["after"]["gini"])

    @cached_property
    def cards(self) -> list[CardLine]:
        labels = {card["key"]: display.label(card["label"]) for card in self.version.document["scorecards"]}
        names = policy_catalogue()
        return [
            CardLine(
                label=labels.get(key, key),
                subjects=intcomma(card["subjects"]),
                bad=intcomma(card["bad"]),
                kept=kept_text(card),
                indicators=_indicators(card, names),
            )
            for key, card in self.found["scorecards"].items()
        ]

    @property
    def subjects(self) -> str:
        return intcomma(sum(card["subjects"] for card in self.found["scorecards"].values()))

    @property
    def bad(self) -> str:
        return intcomma(sum(card["bad"] for card in self.found["scorecards"].values()))

    @property
    def rate(self) -> str:
        return rate_text(self.found["after"]["pd"]["rate"])

    def curve(self) -> SafeString:
        return pd_chart(self.found["after"]["pd"])

    @cached_property
    def tiers(self) -> list[TierLine]:
        tiers = {tier.key: tier for tier in tiers_named_by(self.version)}
        return [
            _tier(one, tiers.get(one["key"]) or VersionTier(one["key"], one["label"], rank, None))
            for rank, one in enumerate(self.found["after"]["pd"]["tiers"])
        ]

    @cached_property
    def edits(self) -> list[EditLine]:
        """What people changed in this version since the proposal, the last first."""
        proposed = PROPOSED_AT if was_proposed(self.version) else 0
        return [line for line in edit_lines(self.version) if line.edit.revision > proposed]


def _indicators(card: Json, names: Catalogue) -> list[IndicatorLine]:
    found = sorted(
        card.get("indicators", ()), key=lambda one: (-one["share"], -one["information_value"], one["metric"])
    )
    return [_indicator(one, names) for one in found]


def _indicator(found: Json, names: Catalogue) -> IndicatorLine:
    metric = found["metric"]
    word, chip = reading_of(found["information_value"])
    return IndicatorLine(
        label=display.metric_label(metric, names),
        help=display.metric_help(metric, names),
        share=percent(found["share"], 1),
        is_left_out=found["share"] == 0,
        information=number(found["information_value"]),
        word=str(word),
        chip=chip,
        bins=_bins(found, names),
    )


def _bins(found: Json, names: Catalogue) -> list[BinLine]:
    metric = found["metric"]
    told = [(_bin_label(one, metric, names), one, intcomma(one["points"])) for one in found["bins"]]
    missing = found["missing"]
    if missing["good"] or missing["bad"]:
        told.append((_("not known"), missing, ""))
    worst = max((_rate(one) or 0.0 for _label, one, _points in told), default=0.0)
    return [
        BinLine(
            label=label,
            good=intcomma(one["good"]),
            bad=intcomma(one["bad"]),
            rate=rate_text(_rate(one)),
            bar=meter(_rate(one) or 0.0, worst, "bad"),
            evidence=number(one["evidence"]),
            points=points,
        )
        for label, one, points in told
    ]


def _bin_label(one: Json, metric: str, names: Catalogue) -> str:
    if "category" in one:
        return display.shown(one["category"], names.get(metric))
    lo, hi = one["lo"], one["hi"]
    return display.band_text(
        metric, Band(-inf if lo is None else lo, inf if hi is None else hi, one["points"]), names
    )


def _rate(one: Json) -> float | None:
    subjects = one["good"] + one["bad"]
    return one["bad"] / subjects if subjects else None


def _tier(one: Json, tier: VersionTier) -> TierLine:
    subjects = one["subjects"]
    return TierLine(
        tier=tier,
        subjects=intcomma(subjects),
        bad=intcomma(one["bad"]),
        rate=rate_text(one["bad"] / subjects if subjects else None),
        pd=rate_text(one["pd"]),
    )
