"""What early warnings read beside facts: a change since a day in the past, an age, covenants, other clients.

Each reading comes to a number under a name of its own, so a condition over readings is one of ``conditions.py``, with
the same two-valued meaning: what is not known makes a comparison false.

As JSON, where a comparison may stand::

    {"change": "leverage", "days": 365, "as": "difference", "op": ">", "value": 0.1}   now − then
    {"change": "revenue", "days": 365, "as": "ratio", "op": "<", "value": 0.8}         now ÷ then, of then above 0
    {"change": "rating", "days": 180, "as": "difference", "op": ">=", "value": 1}      places down its list
    {"age": "leverage", ">": 400}                                                      days
    {"covenants": "breached"}                                                          or "untested": nothing known
    {"partner": {"metric": "days_overdue", "op": ">", "value": 90}}                    one with whom it shares a project
    {"connected": {"metric": "days_overdue", "op": ">", "value": 90}}                  one of its group or tied to it
    {"review": "overdue", ">": 30}                                                     days since it was due
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from tiering.core.conditions import OPERATORS, Condition, Operator, holds
from tiering.core.metric import Catalogue, Fact, Facts, Metric, is_missing, number
from tiering.core.texts import N_

How = Literal["difference", "ratio"]
CovenantState = Literal["breached", "untested"]
Through = Literal["partner", "connected"]

LARGEST: Final = 1e100
"""Changes of greater numbers are not known, so that no evaluator overflows."""
SMALLEST: Final = 1e-100
"""A ratio to less is not known, and one of less is 0."""


OF_A_FACILITY: Final = frozenset(
    {"exposure", "credit_limit", "utilisation", "days_overdue", "days_overdue_12m"}
)
"""The metrics that records tell of a facility by itself; a covenant of a facility is about these as the facility has
them, and about any other as the client has it."""


@dataclass(frozen=True, slots=True)
class Covenant:
    """A bound that a client has agreed to keep: its metric stands in the relation ``op`` to ``value``.

    ``own`` are the figures of the facility, where the covenant is about these; None: it is about the client's facts.
    """

    metric: str
    op: Operator
    value: float
    own: Facts | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known of a client at a moment.

    ``then`` are the facts that held so many days before, by the number of days. ``ages`` are in days. ``covenants``
    are those in force on the day, ``partners`` the facts of the other clients of its projects, ``connected`` those of
    the others of its group and of whoever is tied to it directly. ``review_overdue`` is for how many days its periodic
    review has been due, None where none is.
    """

    facts: Facts
    then: Mapping[int, Facts] = field(default_factory=dict)
    ages: Mapping[str, int] = field(default_factory=dict)
    covenants: Sequence[Covenant] = ()
    partners: Sequence[Facts] = ()
    connected: Sequence[Facts] = ()
    review_overdue: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """How a metric changed since the facts that held so many days ago."""

    metric: str
    days: int
    how: How

    @property
    def name(self) -> str:
        return f"{self.metric} {self.how} {self.days}d"

    def value(self, moment: Moment, catalogue: Catalogue) -> Fact:
        """The change; None where one end is not known."""
        return changed(
            moment.facts.get(self.metric),
            moment.then.get(self.days, {}).get(self.metric),
            self.how,
            tuple(catalogue[self.metric].categories),
        )


@dataclass(frozen=True, slots=True)
class Age:
    """How many days old the value of a metric is."""

    metric: str

    @property
    def name(self) -> str:
        return f"{self.metric} age"

    def value(self, moment: Moment, catalogue: Catalogue) -> Fact:
        """The age in days; None where it is not known, or nothing is known that could have one."""
        age = moment.ages.get(self.metric)
        return None if age is None or is_missing(moment.facts.get(self.metric)) else float(age)


@dataclass(frozen=True, slots=True)
class Covenants:
    """How many covenants of the client are breached, or cannot be tested because nothing is known of their metric."""

    state: CovenantState

    @property
    def name(self) -> str:
        return f"covenants {self.state}"

    def value(self, moment: Moment, catalogue: Catalogue) -> Fact:
        """The number of such covenants."""
        wanted = False if self.state == "breached" else None
        return float(sum(kept(covenant, moment.facts) is wanted for covenant in moment.covenants))


@dataclass(frozen=True, slots=True)
class Partner:
    """How many other clients meet a condition by their facts: of those that share a project with the client, or of
    those connected with it."""

    when: Condition
    name: str
    through: Through = "partner"

    def value(self, moment: Moment, catalogue: Catalogue) -> Fact:
        """The number of such clients."""
        others = moment.partners if self.through == "partner" else moment.connected
        return float(sum(holds(self.when, facts) for facts in others))


@dataclass(frozen=True, slots=True)
class ReviewOverdue:
    """For how many days the periodic review of the client has been due."""

    name: str = "review overdue"

    def value(self, moment: Moment, catalogue: Catalogue) -> Fact:
        """The days; None where no review is due."""
        return None if moment.review_overdue is None else float(moment.review_overdue)


Reading = Change | Age | Covenants | Partner | ReviewOverdue


def partner_of(when: Condition, data: Any, through: Through = "partner") -> Partner:
    """The reading of a condition and of its JSON, which names it."""
    return Partner(when, f"{through} {json.dumps(data, sort_keys=True)}", through)


def kept(covenant: Covenant, facts: Facts) -> bool | None:
    """Whether a covenant is kept; None where its metric is not known."""
    fact = (facts if covenant.own is None else covenant.own).get(covenant.metric)
    if isinstance(fact, str) or is_missing(fact):
        return None
    return OPERATORS[covenant.op](fact, covenant.value)


def changed(now: Fact, then: Fact, how: How, categories: Sequence[str] = ()) -> Fact:
    """The change from ``then`` to ``now``; of categories by how many places it goes down their list."""
    if isinstance(now, str) or isinstance(then, str):
        if now not in categories or then not in categories:
            return None
        return float(categories.index(str(now)) - categories.index(str(then)))
    if now is None or then is None or not (_is_moderate(now) and _is_moderate(then)):
        return None
    if how == "difference":
        return now - then
    if then < SMALLEST:
        return None
    return (0.0 if abs(now) < SMALLEST else now) / then


def _is_moderate(value: float) -> bool:
    return -LARGEST <= value <= LARGEST  # false of NaN


def with_readings(catalogue: Catalogue, readings: Mapping[str, Reading]) -> Catalogue:
    """The catalogue with each reading as a further number, so that a condition may name it."""
    return MappingProxyType(
        {**catalogue, **{name: _metric(one, catalogue) for name, one in readings.items()}}
    )


def facts_with(readings: Mapping[str, Reading], moment: Moment, catalogue: Catalogue) -> Facts:
    """The facts of the moment with the value of each reading."""
    return {**moment.facts, **{name: one.value(moment, catalogue) for name, one in readings.items()}}


def _metric(reading: Reading, catalogue: Catalogue) -> Metric:
    match reading:
        case Change(metric, _, "difference"):
            of = catalogue[metric]
            return number(reading.name, of.label, of.unit if of.is_number else "count", *_UNKNOWN)
        case Change(metric):
            return number(reading.name, catalogue[metric].label, "fraction", *_UNKNOWN)
        case Age(metric):
            return number(reading.name, catalogue[metric].label, "days", *_UNKNOWN)
        case ReviewOverdue():
            return number(reading.name, N_("Periodic review overdue"), "days", *_UNKNOWN)
        case Covenants() | Partner():
            return number(reading.name, _COUNTED[type(reading).__name__], "count", *_UNKNOWN)


_UNKNOWN: Final = ("neutral", "reading", None, "")
_COUNTED: Final = {"Covenants": N_("Covenants"), "Partner": N_("Partners in projects")}
