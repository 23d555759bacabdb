"""Early warnings: indicators over facts and their change, and what is done about each.

A document is JSON of the shape of ``warning_schema.py``. An indicator has either a condition (``when``), which
``warning_readings.py`` extends by changes, ages, covenants and other clients, or watches the average of a metric in each
segment of the book (``drift``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, cast

from tiering.core.check_conditions import check_condition
from tiering.core.check_keys import check_unique
from tiering.core.check_metrics import Vocabulary, number_expected
from tiering.core.check_shape import shape_refusals, validator_of
from tiering.core.conditions import Condition, Operator, holds, metrics_of, parse
from tiering.core.metric import Catalogue
from tiering.core.placement import Label
from tiering.core.policies import Known, PolicyKind
from tiering.core.refusals import CriteriaError, Refusal
from tiering.core.texts import N_
from tiering.core.warning_readings import (
    Age,
    Change,
    Covenants,
    How,
    Moment,
    Partner,
    Reading,
    ReviewOverdue,
    Through,
    facts_with,
    partner_of,
    with_readings,
)
from tiering.core.warning_schema import MOST_DAYS, SCHEMA

Json = Mapping[str, Any]
Severity = Literal["info", "watch", "serious", "critical"]
Owner = Literal["rm", "lead", "officer"]
Suggestion = Literal["task", "proposal", "watchlist"]
Segments = Literal["industry", "region", "size_class", "tier"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A condition of a client, with the readings that it names beside facts."""

    when: Condition
    readings: Mapping[str, Reading]

    @property
    def metrics(self) -> frozenset[str]:
        """The metrics that it reads of the facts in force, itself or through a reading of the client."""
        named = metrics_of(self.when) - set(self.readings)
        read = {one.metric for one in self.readings.values() if isinstance(one, Change | Age)}
        return named | read

    @property
    def spans(self) -> frozenset[int]:
        """How many days ago the facts held that it compares with."""
        return frozenset(one.days for one in self.readings.values() if isinstance(one, Change))

    @property
    def asks_partners(self) -> bool:
        return any(isinstance(one, Partner) for one in self.readings.values())


@dataclass(frozen=True, slots=True)
class Drift:
    """The average of a metric in a segment, against that of the same clients so many days ago."""

    metric: str
    by: Segments
    days: int
    how: How
    op: Operator
    value: float
    least_clients: int


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing to watch for, either by ``trigger`` or by ``drift``, and what is done about it.

    Nobody having acknowledged its alert after ``escalate_after_days``, the next one up is told. After an alert was
    resolved it stays silent for ``cooldown_days``.
    """

    key: str
    label: Label
    trigger: Trigger | None
    drift: Drift | None
    severity: Severity
    owner: Owner
    cooldown_days: int
    escalate_after_days: int
    advice: Label
    suggests: Suggestion
    resolves_itself: bool


@dataclass(frozen=True, slots=True)
class Warnings:
    """The indicators of a document, in its order."""

    indicators: tuple[Indicator, ...]

    @property
    def of_clients(self) -> tuple[Indicator, ...]:
        return tuple(one for one in self.indicators if one.trigger)

    @property
    def of_segments(self) -> tuple[Indicator, ...]:
        return tuple(one for one in self.indicators if one.drift)


def warns(trigger: Trigger, moment: Moment, catalogue: Catalogue) -> bool:
    """Whether the condition is true of a client at a moment: the meaning that compiled SQL is held to."""
    return holds(trigger.when, facts_with(trigger.readings, moment, catalogue))


def blank(known: Known) -> Json:
    """A document that warns of nothing."""
    return {"format": 1, "indicators": []}


def read(data: Json) -> Warnings:
    """The warnings that the JSON describes. Raises CriteriaError with every fault of its shape."""
    refusals = [*shape_refusals(data, _VALIDATOR)]
    if not refusals:
        found: list[Indicator] = []
        for number, one in enumerate(data["indicators"]):
            try:
                found.append(_indicator(one, f"$.indicators[{number}]"))
            except CriteriaError as error:
                refusals += error.refusals
        if not refusals:
            return Warnings(tuple(found))
    raise CriteriaError(refusals)


def check(warnings: Warnings, known: Known) -> tuple[Refusal, ...]:
    """Every reason for refusing the warnings; empty when they may be put in effect."""
    keys = (indicator.key for indicator in warnings.indicators)
    refusals = [*check_unique("$.indicators", keys)]
    for number, indicator in enumerate(warnings.indicators):
        refusals += _check(indicator, known.catalogue, f"$.indicators[{number}]")
    return tuple(refusals)


def read_trigger(data: object, path: str = "$") -> Trigger:
    """Read a condition with its readings. Raises CriteriaError whose refusal carries the JSON path of what is wrong."""
    readings: dict[str, Reading] = {}
    plain = _plain(data, path, readings)
    return Trigger(parse(plain, path), MappingProxyType(readings))


def check_trigger(trigger: Trigger, catalogue: Catalogue, path: str = "$") -> tuple[Refusal, ...]:
    """Every reason for refusing the condition; empty when it may be used."""
    vocabulary = Vocabulary(catalogue, "client")
    refusals = [
        refusal
        for reading in trigger.readings.values()
        for refusal in _check_reading(reading, vocabulary, path)
    ]
    if refusals:
        return tuple(refusals)
    return check_condition(trigger.when, with_readings(catalogue, trigger.readings), path)


_VALIDATOR: Final = validator_of(SCHEMA)

_READINGS: Final = {
    "change": frozenset({"change", "days", "as", "op", "value"}),
    "age": frozenset({"age", ">"}),
    "covenants": frozenset({"covenants"}),
    "partner": frozenset({"partner"}),
    "connected": frozenset({"connected"}),
    "review": frozenset({"review", ">"}),
}


def _plain(data: object, path: str, readings: dict[str, Reading], depth: int = 0) -> object:
    """The JSON with each reading as a comparison of what it comes to; the readings are noted. What has not the shape of
    a group or a reading is left to ``conditions.parse``."""
    if not isinstance(data, Mapping) or depth > MOST_NESTED:
        return data
    for joiner in ("all", "any"):
        if data.keys() == {joiner} and isinstance(data[joiner], list | tuple):
            parts = enumerate(data[joiner])
            return {
                joiner: [_plain(part, f"{path}.{joiner}[{at}]", readings, depth + 1) for at, part in parts]
            }
    if data.keys() == {"not"}:
        return {"not": _plain(data["not"], f"{path}.not", readings, depth + 1)}
    for kind, members in _READINGS.items():
        if kind in data:
            if data.keys() != members:
                raise _refuse("reading_shape", path, *_SHAPES[kind])
            reading, op, value = _reading(kind, data, path)
            readings[reading.name] = reading
            return {"metric": reading.name, "op": op, "value": value}
    return data


MOST_NESTED: Final = 50
"""Deeper than any condition may be; ``parse`` refuses it."""

_SHAPES: Final[Mapping[str, tuple[str, str]]] = {
    "change": (
        N_("A change has a metric, a number of days, “difference” or “ratio”, an operator and a number."),
        N_("Write change, days, as, op and value."),
    ),
    "age": (N_("An age has a metric and a number of days."), N_("Write age and >.")),
    "covenants": (N_("Covenants are either breached or untested."), N_("Write “breached” or “untested”.")),
    "partner": (
        N_("A partner is described by a condition over facts."),
        N_("Write the condition of the other client."),
    ),
    "connected": (
        N_("A connected client is described by a condition over facts."),
        N_("Write the condition of the other client."),
    ),
    "review": (
        N_("A review is overdue for more than a number of days."),
        N_("Write “overdue” and >."),
    ),
}


def _reading(kind: str, data: Json, path: str) -> tuple[Reading, object, object]:
    """The reading, and what it is compared with."""
    if kind == "change" and _is_span(data["days"]) and data["as"] in ("difference", "ratio"):
        metric, days, how = data["change"], data["days"], cast(How, data["as"])
        if isinstance(metric, str) and isinstance(data["value"], int | float):
            return Change(metric, int(days), how), data["op"], data["value"]
    if kind == "age" and isinstance(data["age"], str) and _is_span(data[">"]):
        return Age(data["age"]), ">", data[">"]
    if kind == "covenants" and data["covenants"] in ("breached", "untested"):
        return Covenants(data["covenants"]), ">", 0
    if kind == "review" and data["review"] == "overdue" and _is_span(data[">"]):
        return ReviewOverdue(), ">", data[">"]
    if kind in ("partner", "connected"):
        through = cast(Through, kind)
        return partner_of(parse(data[kind], f"{path}.{kind}"), data[kind], through), ">", 0
    raise _refuse("reading_shape", path, *_SHAPES[kind])


def _is_span(days: object) -> bool:
    return isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= MOST_DAYS


def _indicator(data: Json, path: str) -> Indicator:
    if ("when" in data) == ("drift" in data):
        raise _refuse(
            "when_or_drift",
            path,
            N_("An indicator watches either clients by a condition or segments by a drift."),
            N_("Keep one of “when” and “drift”."),
        )
    return Indicator(
        key=data["key"],
        label=data["label"],
        trigger=read_trigger(data["when"], f"{path}.when") if "when" in data else None,
        drift=_drift(data["drift"]) if "drift" in data else None,
        severity=data["severity"],
        owner=data["owner"],
        cooldown_days=int(data["cooldown_days"]),
        escalate_after_days=int(data["escalate_after_days"]),
        advice=data["advice"],
        suggests=data["suggests"],
        resolves_itself=data.get("resolves_itself", False),
    )


def _drift(data: Json) -> Drift:
    return Drift(
        data["metric"], data["by"], int(data["days"]), data["as"], data["op"], float(data["value"]),
        int(data["least_clients"]),
    )  # fmt: skip


def _check(indicator: Indicator, catalogue: Catalogue, path: str) -> Iterator[Refusal]:
    if indicator.trigger:
        yield from check_trigger(indicator.trigger, catalogue, f"{path}.when")
    if indicator.drift:
        yield from _check_number(
            indicator.drift.metric, Vocabulary(catalogue, "client"), f"{path}.drift.metric"
        )
    if indicator.drift and indicator.owner != "officer":
        yield Refusal(
            "drift_of_nobody", f"{path}.owner",
            N_("A segment of the book belongs to no team."),
            N_("Choose a risk officer as the owner."),
        )  # fmt: skip


def _check_reading(reading: Reading, vocabulary: Vocabulary, path: str) -> Iterator[Refusal]:
    match reading:
        case Change(metric, _, "ratio"):
            yield from _check_number(metric, vocabulary, path)
        case Change(metric) | Age(metric):
            if vocabulary.metric(metric) is None:
                yield vocabulary.refusal(metric, path)
        case Partner(when, _, through):
            yield from check_condition(when, vocabulary.catalogue, f"{path}.{through}")


def _check_number(key: str, vocabulary: Vocabulary, path: str) -> Iterator[Refusal]:
    metric = vocabulary.metric(key)
    if metric is None:
        yield vocabulary.refusal(key, path)
    elif not metric.is_number:
        yield number_expected(path, key)


def _refuse(code: str, path: str, message: str, fix: str) -> CriteriaError:
    return CriteriaError([Refusal(code, path, message, fix)])


KIND: Final = PolicyKind(read, check, blank)
