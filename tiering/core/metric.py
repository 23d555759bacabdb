"""What a metric is: a named quantity of a client, or of a client within a project."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

MetricType = Literal["number", "category"]
Direction = Literal["higher", "lower", "neutral"]
Scope = Literal["client", "project", "portfolio"]
Unit = Literal[
    "fraction", "multiple", "money", "days", "years", "count", "points", "grade", "notches", "rank", "none"
]

Fact = float | str | None
"""The value of one metric: a number, the key of a category, or None when it is not known."""

Facts = Mapping[str, Fact]
"""The metric values of one subject by metric key; a key that is absent is not known."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One entry of the metric catalogue.

    ``label``, ``help`` and the labels of ``categories`` are English msgids. ``unit`` says how a number reads: a
    ``fraction`` is 0.62 and not 62, ``money`` is in whole units of the book's currency, a ``grade`` is a judgement
    from 1 (weakest) to 5. ``direction`` says which way is better for the institution. ``source`` names the records
    the metric is read from, and ``max_age_days`` how old they may be before the value counts as stale (None: never).
    ``scope`` is what the quantity is of: the client, or the client within a project, or the client's part of the
    whole portfolio.
    """

    key: str
    label: str
    type: MetricType
    unit: Unit
    direction: Direction
    source: str
    max_age_days: int | None
    help: str
    categories: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    scope: Scope = "client"

    @property
    def is_number(self) -> bool:
        """True for a quantity, False for a choice among categories."""
        return self.type == "number"


Catalogue = Mapping[str, Metric]
"""The metrics that a document or a condition may name, by key."""


def number(
    key: str,
    label: str,
    unit: Unit,
    direction: Direction,
    source: str,
    max_age_days: int | None,
    help: str,
    *,
    scope: Scope = "client",
) -> Metric:
    """A metric that is a quantity."""
    return Metric(key, label, "number", unit, direction, source, max_age_days, help, scope=scope)


def category(
    key: str,
    label: str,
    direction: Direction,
    source: str,
    max_age_days: int | None,
    help: str,
    categories: Mapping[str, str],
    *,
    scope: Scope = "client",
) -> Metric:
    """A metric that is one of ``categories`` (key → label)."""
    known = MappingProxyType(dict(categories))
    return Metric(key, label, "category", "none", direction, source, max_age_days, help, known, scope)


def catalogue(*groups: Iterable[Metric]) -> Catalogue:
    """The given metrics by key, in order; a later one replaces an earlier one of the same key."""
    return MappingProxyType({metric.key: metric for group in groups for metric in group})


def is_missing(value: Fact) -> bool:
    """True when nothing usable is known: None, an empty text, NaN or an infinity."""
    if isinstance(value, str):
        return value == ""
    return value is None or not math.isfinite(value)
