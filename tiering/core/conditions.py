"""Conditions: one small language for segments, gates, overlays, warnings, saved filters and stage gates.

The meaning is two-valued. A comparison with a missing value is false, so ``not (leverage < 3)`` is true of a client
whose leverage is not known. ``core/sql.py`` compiles the same meaning into SQL.

As JSON::

    {"all": [...]}   {"any": [...]}   {"not": ...}
    {"metric": "leverage", "op": "<", "value": 0.6}          < <= > >= == !=
    {"metric": "leverage", "op": "<", "value": 0.6, "unit": "fraction"}
    {"metric": "rating", "op": "in", "values": ["AAA", "AA"]}
    {"metric": "pd", "op": "is_missing"}
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from tiering.core.metric import Fact, Facts, is_missing
from tiering.core.refusals import CriteriaError, Params, Refusal
from tiering.core.texts import N_
from tiering.core.units import WRITTEN_UNITS

Operator = Literal["<", "<=", ">", ">=", "==", "!="]
Value = float | str

OPERATORS: Final[Mapping[Operator, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
ORDERING: Final = frozenset({"<", "<=", ">", ">="})
MAX_DEPTH: Final = 20


@dataclass(frozen=True, slots=True)
class All:
    """True when every part is true."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one part is true."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """True when the part is false."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Compare:
    """True when the metric is known and stands in the relation ``op`` to ``value``.

    ``unit`` is what the value was written in, and changes nothing: ``check`` refuses any but the metric's own.
    """

    metric: str
    op: Operator
    value: Value
    unit: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class OneOf:
    """True when the metric is known and equals one of ``values``."""

    metric: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class IsMissing:
    """True when the metric is not known."""

    metric: str


Condition = All | AnyOf | Not | Compare | OneOf | IsMissing


def parse(data: object, path: str = "$") -> Condition:
    """Read a condition from JSON. Raises CriteriaError whose refusal carries the JSON path of what is wrong.

    Only the shape is read here; whether the metrics and categories exist is asked by ``check.check_condition``.
    """
    return _parse(data, path, 0)


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether the condition is true of ``facts``."""
    match condition:
        case All(parts):
            return all(holds(part, facts) for part in parts)
        case AnyOf(parts):
            return any(holds(part, facts) for part in parts)
        case Not(part):
            return not holds(part, facts)
        case Compare(metric, op, value):
            fact: Fact = facts.get(metric)
            return not is_missing(fact) and OPERATORS[op](fact, value)
        case OneOf(metric, values):
            fact = facts.get(metric)
            return not is_missing(fact) and fact in values
        case IsMissing(metric):
            return is_missing(facts.get(metric))


def leaves(condition: Condition) -> Iterator[Compare | OneOf | IsMissing]:
    """The comparisons of a condition, from left to right."""
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case Compare() | OneOf() | IsMissing():
            yield condition


def metrics_of(condition: Condition) -> frozenset[str]:
    """The keys of the metrics that the condition reads."""
    return frozenset(leaf.metric for leaf in leaves(condition))


def _refuse(code: str, path: str, message: str, fix: str, params: Params | None = None) -> CriteriaError:
    return CriteriaError([Refusal(code, path, message, fix, params or {})])


def _parse(data: object, path: str, depth: int) -> Condition:
    if depth > MAX_DEPTH:
        raise _refuse(
            "condition_too_deep",
            path,
            N_("The condition is nested more than %(limit)s levels deep."),
            N_("Split it into simpler conditions."),
            {"limit": MAX_DEPTH},
        )
    if not isinstance(data, Mapping):
        raise _shape(path)
    keys = frozenset(data)
    if keys in (frozenset({"all"}), frozenset({"any"})):
        (kind,) = keys
        parts = _parts(data[kind], f"{path}.{kind}", depth)
        return All(parts) if kind == "all" else AnyOf(parts)
    if keys == {"not"}:
        return Not(_parse(data["not"], f"{path}.not", depth + 1))
    return _leaf(data, keys, path)


def _parts(data: object, path: str, depth: int) -> tuple[Condition, ...]:
    if not isinstance(data, list | tuple):
        raise _shape(path)
    return tuple(_parse(part, f"{path}[{index}]", depth + 1) for index, part in enumerate(data))


def _leaf(data: Mapping[str, Any], keys: frozenset[str], path: str) -> Condition:
    metric, op = data.get("metric"), data.get("op")
    if not isinstance(metric, str) or not isinstance(op, str):
        raise _shape(path)
    if op in OPERATORS and keys - {"unit"} == {"metric", "op", "value"}:
        value = _value(data["value"], f"{path}.value")
        if isinstance(value, str) and op in ORDERING:
            raise _refuse(
                "condition_order",
                f"{path}.op",
                N_("Categories have no order, so “%(op)s” cannot be used with “%(value)s”."),
                N_("Use ==, != or in."),
                {"op": op, "value": value},
            )
        return Compare(metric, cast(Operator, op), value, _unit(data.get("unit"), f"{path}.unit"))
    if op == "in" and keys == {"metric", "op", "values"} and isinstance(data["values"], list | tuple):
        values = enumerate(data["values"])
        return OneOf(metric, tuple(_value(value, f"{path}.values[{index}]") for index, value in values))
    if op == "is_missing" and keys == {"metric", "op"}:
        return IsMissing(metric)
    raise _shape(path)


def _value(data: object, path: str) -> Value:
    if isinstance(data, str) and data:
        return data
    if isinstance(data, int | float) and not isinstance(data, bool):
        try:
            number = float(data)
        except OverflowError:
            number = float("inf")
        if not is_missing(number):
            return number
    raise _refuse(
        "condition_value",
        path,
        N_("The value to compare with must be a finite number or the key of a category."),
        N_("Write a number such as 0.6, or the key of a category."),
    )


def _unit(data: object, path: str) -> str | None:
    if data is None or (isinstance(data, str) and data in WRITTEN_UNITS):
        return data
    raise _refuse(
        "condition_unit",
        path,
        N_("This is not a unit."),
        N_("Write one of: %(units)s."),
        {"units": ", ".join(WRITTEN_UNITS)},
    )


def _shape(path: str) -> CriteriaError:
    return _refuse(
        "condition_shape",
        path,
        N_("This is not a condition."),
        N_("Write all, any or not around other conditions, or a metric with an operator and a value."),
    )
