"""Which column is which field: suggested from the header, checked before anything is parsed.

A mapping is {field: column}. For observations a key that is no field is a metric, with a column of its own.
"""

import re
from collections.abc import Iterable, Mapping

from crm import metrics
from crm.imports.errors import (
    IncompleteMapping,
    MixedReadings,
    UnknownChoice,
    UnknownColumn,
    UnknownDateOrder,
    UnknownField,
    UnknownMetric,
)
from crm.imports.kinds import KINDS
from crm.imports.kinds.common import NAME
from crm.imports.values import spellings, word
from crm.models import ImportJob, ImportTwin

DATE_ORDER = "date_order"
"""A constant beside the fields: how dates with slashes are written: mdy, dmy, or auto (found from the columns)."""
DATE_ORDERS = ("auto", "mdy", "dmy")
ALIKE = "alike"
"""A constant beside the fields: what becomes of every row that looks like a record; nothing: somebody chooses."""
KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
"""What the key of a metric looks like."""


def suggest(kind_name: str, header: Iterable[str]) -> dict[str, str]:
    """The columns whose header means a field in either language, each used once."""
    free = {word(column): column for column in reversed(list(header))}
    mapping = {}
    for field in KINDS[kind_name]:
        found = next((header for header in field.headers if header in free), None)
        if found:
            mapping[field.name] = free.pop(found)
    if kind_name == ImportJob.Kind.OBSERVATIONS and "value" not in mapping:
        mapping |= _metric_columns(free)
    return mapping


def _metric_columns(free: Mapping[str, str]) -> dict[str, str]:
    names = metric_names()
    return {names[name]: column for name, column in free.items() if name in names}


def metric_names() -> dict[str, str]:
    """What a header or a cell may call a metric (its key, its label in either language) → its key."""
    known = metrics.importable()
    labels = {word(said): key for key, metric in known.items() for said in spellings(metric.label)}
    return labels | {word(key): key for key in known}


def metric_columns(job: ImportJob) -> dict[str, str]:
    """The metrics that have a column of their own → the column."""
    kind = KINDS[job.kind]
    if job.kind != ImportJob.Kind.OBSERVATIONS:
        return {}
    return {name: column for name, column in job.mapping.items() if not kind.field(name)}


def check(job: ImportJob, may_add_metrics: bool = False) -> None:
    """Raises a DomainError that names what is missing or unknown in the job's mapping and constants."""
    kind = KINDS[job.kind]
    allows_metrics = job.kind == ImportJob.Kind.OBSERVATIONS
    for name in (*job.mapping, *job.constants):
        of_its_own = allows_metrics or kind.takes(name)
        beside = name in (DATE_ORDER, ALIKE)
        if not kind.field(name) and not beside and not (of_its_own and name in job.mapping):
            raise UnknownField(field=name, known=", ".join(field.name for field in kind))
    for column in job.mapping.values():
        if column not in job.header:
            raise UnknownColumn(column=column, known=", ".join(job.header))
    order = job.constants.get(DATE_ORDER, "auto")
    if order not in DATE_ORDERS:
        raise UnknownDateOrder(value=order)
    alike = job.constants.get(ALIKE, "")
    if alike and alike not in ImportTwin.Choice.values:
        raise UnknownChoice(value=alike)
    known, retired = metrics.importable().keys(), metrics.retired()
    for key in metric_columns(job):
        is_free = key not in retired and not metrics.reserved(key)
        may_be_new = may_add_metrics and KEY.fullmatch(key) and is_free
        if key not in known and not may_be_new:
            raise UnknownMetric(metric=key)
    _check_complete(job)
    if kind.check:
        kind.check(job)


def _check_complete(job: ImportJob) -> None:
    kind, given = KINDS[job.kind], {*job.mapping, *job.constants}
    missing = [str(field.label) for field in kind if field.required and field.name not in given]
    if kind.one_of and not given & set(kind.one_of):
        missing.append(str(NAME.label))
    if job.kind == ImportJob.Kind.OBSERVATIONS:
        missing += _missing_readings(job, given)
    if missing:
        raise IncompleteMapping(fields=", ".join(missing))


def _missing_readings(job: ImportJob, given: set[str]) -> list[str]:
    kind = KINDS[job.kind]
    pair = [kind.field("metric"), kind.field("value")]
    if metric_columns(job):
        if given & {"metric", "value"}:
            raise MixedReadings
        return []
    return [str(field.label) for field in pair if field and field.name not in given]
