"""Readings as SQL: a change, an age, covenants, other clients, as expressions over relations of facts."""

from collections.abc import Mapping

from tiering.core.metric import Catalogue, Metric
from tiering.core.sql import Fragment, known, sql, value
from tiering.core.warning_readings import (
    LARGEST,
    SMALLEST,
    Age,
    Change,
    Covenants,
    Partner,
    Reading,
    ReviewOverdue,
    Through,
)
from tiering.core.warnings import Trigger
from tiering.facts.reading import ages_of, values_of

NOW = "f"
"""The alias of the facts in force."""

OTHERS_KEPT: Mapping[Through, str] = {"partner": "partners", "connected": "connected"}
"""Under which key an alert keeps the ids of other clients."""

# A review is of the moment: one that was opened or signed later does not count for it.
REVIEW_OVERDUE = """SELECT ({day} - min(r.due_on))::float8 FROM tiering_periodicreview r
    WHERE r.client_id = f.client_id AND r.due_on < {day} AND r.opened_at <= %%(as_of)s
    AND (r.signed_at IS NULL OR r.signed_at > %%(as_of)s)"""


def then(days: int) -> str:
    """The alias of the facts that held so many days ago."""
    return f"t{days}"


def columns_of(
    trigger: Trigger, catalogue: Catalogue, day: str, partners: Mapping[str, str]
) -> dict[str, str]:
    """The expression of everything that a trigger names, by name. `day` is that of an age; `partners` are the
    expressions of the numbers of partners, by reading."""
    columns = values_of(trigger.metrics, NOW, catalogue)
    for name, reading in trigger.readings.items():
        columns[name] = partners.get(name) or _reading(reading, catalogue, day)
    return columns


def values_kept(trigger: Trigger, catalogue: Catalogue, day: str, partners: Mapping[str, str]) -> Fragment:
    """What an alert keeps of what its trigger read, as jsonb; `partners` are expressions of their ids."""
    parts = {"now": _object(values_of(trigger.metrics, NOW, catalogue))}
    for days in sorted(trigger.spans):
        read = {
            one.metric for one in trigger.readings.values() if isinstance(one, Change) and one.days == days
        }
        parts[f"then {days}"] = _object(values_of(read, then(days), catalogue))
    aged = {one.metric for one in trigger.readings.values() if isinstance(one, Age)}
    if aged:
        parts["ages"] = _object(ages_of(aged, NOW, day, catalogue))
    for reading in trigger.readings.values():
        if isinstance(reading, Covenants):
            parts["covenants"] = Fragment(f"k.{reading.state}")
        if isinstance(reading, ReviewOverdue):
            parts["review"] = Fragment(f"({REVIEW_OVERDUE.format(day=day)})")
    for through, key in OTHERS_KEPT.items():
        asked = [partners[name] for name, one in trigger.readings.items() if _is_of(one, through)]
        if asked:
            parts[key] = Fragment(" || ".join(f"coalesce({ids}, '[]'::jsonb)" for ids in asked))
    return sql("jsonb_strip_nulls(", _build(parts), ")")


def _is_of(reading: Reading, through: Through) -> bool:
    return isinstance(reading, Partner) and reading.through == through


def _object(expressions: Mapping[str, str]) -> Fragment:
    return _build({key: Fragment(expression) for key, expression in expressions.items()})


def _build(parts: Mapping[str, Fragment]) -> Fragment:
    pieces: list[str | Fragment] = []
    for key, part in parts.items():
        pieces += [", " if pieces else "", value(key, "text"), ", ", part]
    return sql("jsonb_build_object(", *pieces, ")")


def _reading(reading: Reading, catalogue: Catalogue, day: str) -> str:
    match reading:
        case Change(metric, days, how):
            now = values_of([metric], NOW, catalogue)[metric]
            return _change(catalogue[metric], now, values_of([metric], then(days), catalogue)[metric], how)
        case Age(metric):
            column = values_of([metric], NOW, catalogue)[metric]
            is_known = known(column, catalogue[metric].is_number).text
            age = ages_of([metric], NOW, day, catalogue)[metric]
            return f"(CASE WHEN {is_known} THEN ({age})::float8 END)"
        case Covenants(state):
            return f"coalesce(jsonb_array_length(k.{state}), 0)::float8"
        case ReviewOverdue():
            return f"({REVIEW_OVERDUE.format(day=day)})"
    raise KeyError(reading.name)


def _change(metric: Metric, now: str, before: str, how: str) -> str:
    if not metric.is_number:
        listed = ", ".join(f"'{key}'" for key in metric.categories)
        places = (f"array_position(ARRAY[{listed}]::text[], {side})" for side in (now, before))
        return f"({' - '.join(places)})::float8"
    moderate = " AND ".join(f"{side} BETWEEN {-LARGEST} AND {LARGEST}" for side in (now, before))
    if how == "difference":
        return f"(CASE WHEN {moderate} THEN {now} - {before} END)"
    least = f"CASE WHEN abs({now}) < {SMALLEST} THEN 0 ELSE {now} END"
    return f"(CASE WHEN {moderate} AND {before} >= {SMALLEST} THEN ({least}) / {before} END)"
