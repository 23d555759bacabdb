"""What one cell of a CSV of metrics says."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from tiering.core.metric import Fact, Metric
from tiering.core.refusals import Params
from tiering.core.texts import N_

Parse = Callable[[str], Fact]

MOST_DAYS: Final = 999_999_999
"""A column of whole numbers holds no more digits."""


class BadCell(ValueError):
    """The text of a cell cannot be used: a code, a msgid for what is wrong, one for the fix, and their parameters."""

    def __init__(self, code: str, message: str, fix: str, params: Params):
        super().__init__(code)
        self.code, self.message, self.fix, self.params = code, message, fix, params


def parser_of(metric: Metric) -> Parse:
    """Reads a cell of the metric's column; the text is stripped and not empty."""
    return number if metric.is_number else _category(metric.key, metric.categories)


def number(text: str) -> float:
    """A finite number with a decimal point. Raises BadCell."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if "_" in text or not math.isfinite(found):
        raise BadCell(
            "not_a_number",
            N_("“%(value)s” is not a finite number."),
            N_("Write a number such as 0.62, or leave the cell empty where it is not known."),
            {"value": text},
        )
    return found


def days(text: str) -> int:
    """A whole number of days, 0 to MOST_DAYS. Raises BadCell."""
    if not text.isdecimal() or len(text) > len(str(MOST_DAYS)):
        raise BadCell(
            "not_days",
            N_("“%(value)s” is not a whole number of days."),
            N_("Write 0 or more, or leave the cell empty where it is not known."),
            {"value": text},
        )
    return int(text)


def rank(text: str, ranks: Mapping[str, int]) -> int:
    """The rank of a tier by its key. Raises BadCell."""
    if text not in ranks:
        raise BadCell(
            "not_a_tier",
            N_("“%(value)s” is not a tier of the document."),
            N_("Write one of these, or leave the cell empty where no tier is in force: %(tiers)s."),
            {"value": text, "tiers": ", ".join(ranks)},
        )
    return ranks[text]


def outcome(text: str) -> bool:
    """Whether the outcome came about. Raises BadCell."""
    if text not in ("0", "1"):
        raise BadCell(
            "not_an_outcome",
            N_("“%(value)s” is not an outcome."),
            N_("Write 1 where it came about, 0 where not, or leave the cell empty where it is not known."),
            {"value": text},
        )
    return text == "1"


def _category(key: str, categories: Mapping[str, str]) -> Parse:
    def parse(text: str) -> str:
        if text not in categories:
            raise BadCell(
                "unknown_category_in_cell",
                N_("“%(metric)s” has no category “%(value)s”."),
                N_("Write one of these, or leave the cell empty where it is not known: %(categories)s."),
                {"metric": key, "value": text, "categories": ", ".join(categories)},
            )
        return text

    return parse
