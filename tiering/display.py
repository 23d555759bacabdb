"""Tiering's values as people read them, in the reader's language. Pure functions over the catalogue's units."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from math import isinf

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, npgettext, pgettext
from django.utils.translation import gettext as _

from crm.formats import MISSING, money, percent, reads_chinese
from tiering.core.catalogue import POLICY_METRICS
from tiering.core.conditions import AnyOf, Condition
from tiering.core.document import SCORE_UNIT, WHOLE, Band, MissingKind
from tiering.core.document import points as points_of
from tiering.core.metric import Catalogue, Fact, Metric, Unit, is_missing
from tiering.core.placement import Label
from tiering.core.texts import N_
from tiering.core.words import Gettext, render, words

TENTH = Decimal("0.1")


def label(names: Label) -> str:
    """A document's own name for a thing, in the reader's language."""
    return names["zh"] if reads_chinese() and names.get("zh") else names["en"]


def metric_label(key: str, catalogue: Catalogue = POLICY_METRICS) -> str:
    """The catalogue's name of a metric; the key of one that it no longer has."""
    return _(catalogue[key].label) if key in catalogue else key


def metric_help(key: str, catalogue: Catalogue = POLICY_METRICS) -> str:
    """What the metric measures, with its formula."""
    return _(catalogue[key].help) if key in catalogue else ""


def metric_value(key: str, value: Fact, catalogue: Catalogue = POLICY_METRICS) -> str:
    """A fact with its unit: 62.5%, 1.28×, 120 d, 94.3 m; a dash when it is not known."""
    return MISSING if value is None or is_missing(value) else shown(value, catalogue.get(key))


def shown(value: float | str, metric: Metric | None, gettext: Gettext = _) -> str:
    """A known value of a metric, as `core.words` asks for it."""
    if isinstance(value, str):
        return gettext(metric.categories.get(value, value)) if metric else value
    return _FORMATS[metric.unit if metric else "none"](value)


def condition_text(
    condition: Condition, tiers: Sequence[str] = (), catalogue: Catalogue = POLICY_METRICS
) -> str:
    """A condition in one sentence; `tiers`, the keys of a scheme from the best on, name the ranks in it."""

    def show(value: float | str, metric: Metric | None, gettext: Gettext) -> str:
        if metric and metric.unit == "rank" and not isinstance(value, str) and 0 <= value < len(tiers):
            return tiers[int(value)]
        return shown(value, metric, gettext)

    return render(words(condition, catalogue), _, show)


def cases_text(
    condition: Condition, tiers: Sequence[str], catalogue: Catalogue = POLICY_METRICS
) -> list[str]:
    """A condition as its alternatives, a sentence each: any one of them is enough."""
    cases = condition.parts if isinstance(condition, AnyOf) else (condition,)
    return [capfirst(condition_text(case, tiers, catalogue)) for case in cases]


def score(units: int | None) -> str:
    """A score in points with one decimal, cut off and not rounded: 64.96 has not reached a cut-off of 65."""
    return MISSING if units is None else _of_tenths(units * 10 // SCORE_UNIT, get_language())


@lru_cache(maxsize=4096)
def _of_tenths(tenths: int, language: str | None) -> str:
    """Written once in each language: lists are full of scores."""
    return number_format(Decimal(tenths) / 10, decimal_pos=1)


def shortfall(units: int) -> str:
    """The points still missing, rounded up: never 0 while anything is missing."""
    return _tenths(points_of(units), ROUND_CEILING)


def score_number(units: int) -> float:
    """A score as a number of points, for bars and charts."""
    return float(points_of(units).quantize(TENTH, ROUND_FLOOR))


def weight(basis_points: int) -> str:
    """A weight as a percentage: 2 500 basis points are 25%."""
    return percent(basis_points / WHOLE, 0 if basis_points % 100 == 0 else 1)


def band_text(key: str, band: Band, catalogue: Catalogue = POLICY_METRICS) -> str:
    """A band in words: below 0.5×, 0.5× to under 0.75×, 2× and more."""
    return _closed_up(_band_text(catalogue.get(key), band))


def _band_text(metric: Metric | None, band: Band) -> str:
    low = "" if isinf(band.lo) else shown(band.lo, metric)
    high = "" if isinf(band.hi) else shown(band.hi, metric)
    if low and high:
        return _("{low} to under {high}").format(low=low, high=high)
    if low:
        return _("{low} and more").format(low=low)
    return _("below {high}").format(high=high) if high else _("any value")


def _closed_up(text: str) -> str:
    """Without the spaces that a pattern leaves between two Chinese characters: 1 年 至 3 年 is 1 年至 3 年."""
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", text)


def missing_text(kind: MissingKind, points: int) -> str:
    """What an unknown value means for the score."""
    match kind:
        case "block":
            return _("needed before the tier is final")
        case "reweight":
            return _("left out, the others count for it")
        case "neutral":
            return ngettext("counts %(points)d point", "counts %(points)d points", points) % {
                "points": points
            }
        case "worst":
            return _("counts as the worst band")


def count_of_points(units: int) -> str:
    """So many points, of a score in score units: 3 points, 2.5 points."""
    number = points_of(units)
    return ngettext("%(points)s point", "%(points)s points", 1 if number == 1 else 2) % {
        "points": _number(float(number), 8)
    }


def count_of_days(days: int) -> str:
    """So many days."""
    return _days(days)


def count_of_tiers(tiers: int) -> str:
    """So many tiers."""
    return _notches(tiers)


def source_text(source: str) -> str:
    """What kind of record a value was read from, as `tiering.facts.origin` names it."""
    return _(_SOURCES[source]) if source in _SOURCES else source


def age_text(days: int) -> str:
    """How old a value is."""
    if days == 0:
        return _("of the day")
    return ngettext("%(days)s day old", "%(days)s days old", days) % {"days": _number(days, 0)}


def _tenths(value: Decimal, rounding: str) -> str:
    return number_format(value.quantize(TENTH, rounding), decimal_pos=1)


def _number(value: float, digits: int = 2) -> str:
    """Up to `digits` decimals, none that are zero."""
    rounded = round(Decimal(str(value)), digits).normalize()
    places = max(0, -int(rounded.as_tuple().exponent))
    return number_format(rounded, decimal_pos=places, force_grouping=True)


def _fraction(value: float) -> str:
    return pgettext("percentage", "{number}%").format(number=_number(value * 100, 1))


def _multiple(value: float) -> str:
    return pgettext("multiple", "{number}×").format(number=_number(value))


def _days(value: float) -> str:
    return npgettext("length of time", "%(number)s day", "%(number)s days", round(value)) % {
        "number": _number(value, 0)
    }


def _years(value: float) -> str:
    return npgettext("length of time", "%(number)s year", "%(number)s years", 1 if value == 1 else 2) % {
        "number": _number(value, 1)
    }


def _notches(value: float) -> str:
    return ngettext("%(count)s tier", "%(count)s tiers", round(abs(value))) % {"count": _number(value, 0)}


def _grade(value: float) -> str:
    return pgettext("grade", "{number} of 5").format(number=_number(value, 1))


_SOURCES: Mapping[str, str] = {
    "statement": N_("Financial statement"),
    "credit_report": N_("Credit report"),
    "repayment": N_("Payments"),
    "facility": N_("Facilities"),
    "interaction": N_("Contacts"),
    "judgement": N_("Judgement"),
    "observation": N_("Observation"),
    "custom": N_("Observation"),
    "profile": N_("Client profile"),
    "project": N_("Projects"),
    "reference": N_("Reference data"),
    "revenue": N_("Revenue"),
}

_FORMATS: Mapping[Unit, Callable[[float], str]] = {
    "fraction": _fraction,
    "multiple": _multiple,
    "money": money,
    "days": _days,
    "years": _years,
    "count": lambda value: _number(value, 0),
    "points": lambda value: _number(value, 1),
    "grade": _grade,
    "notches": _notches,
    "rank": lambda value: _number(value + 1, 0),
    "none": _number,
}
