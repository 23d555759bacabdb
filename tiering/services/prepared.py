"""Statements about few clients: planned once for each connection and carried out by name from then on.

Planning what criteria are compiled to takes ten times as long as carrying it out for one client. The plan is made for
any parameters (they are few, and name clients and moments) and ends with its connection, which nobody else must be
given between two transactions: workers need connections of their own.

Such a plan may outlive what the planner knew of a table that was small then, so it never scans one: what is about few
clients is found by indexes, and so is whatever follows in the transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

from tiering.services.planner import planning

MOST = 32
"""How many statements a connection remembers; each takes the server up to a few megabytes."""

_TYPES: dict[type, str] = {
    bool: "boolean", int: "bigint", float: "float8", str: "text", datetime: "timestamptz", date: "date",
}  # fmt: skip
"""Of anything else, the statement says what it is."""

_BY_INDEX = "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off"


@dataclass(frozen=True)
class _Prepared:
    name: str
    parameters: tuple[str, ...]

    @property
    def execution(self) -> str:
        given = ", ".join(f"%({parameter})s" for parameter in self.parameters)
        return f"EXECUTE {self.name} ({given})" if given else f"EXECUTE {self.name}"


_NUMBERS = count()
_KNOWN: WeakKeyDictionary[Any, dict[str, _Prepared]] = WeakKeyDictionary()


def execute(
    cursor: Any,
    statement: str,
    params: Mapping[str, Any],
    *,
    keep: str = "",
    plan: Mapping[str, str] | None = None,
) -> None:
    """Execute a statement with named parameters within a transaction. NULLs and arrays need a cast in the statement.

    `keep` is what its rows are for, as ``CREATE TEMPORARY TABLE rows AS``. `plan` is what the planner may choose from
    (see `planner`); it does not hold for what triggers do meanwhile.
    """
    known = _KNOWN.setdefault(cursor.connection, {})
    prepared = known.get(statement)
    if prepared is None:
        prepared = _prepare(cursor, known, statement, params)
        with planning(cursor, dict(plan or {})):
            cursor.execute(f"{_BY_INDEX}; EXPLAIN {prepared.execution}", params)
        known[statement] = prepared
    cursor.execute(f"{_BY_INDEX}; {keep} {prepared.execution}", params)


def with_constants(statement: str, constants: Mapping[str, Any]) -> str:
    """The statement with these of its parameters written out, so that it is planned with them."""
    with connection.cursor() as cursor:
        written = {
            name: cursor.mogrify("%s", [value]).decode().replace("%", "%%")
            for name, value in constants.items()
        }
    return statement.replace("%%", "%%%%") % _Others(written)


class _Others(dict[str, str]):
    """Parameters; one that is not there stays what it is."""

    def __missing__(self, name: str) -> str:
        return f"%({name})s"


class _Places(dict[str, str]):
    """Parameters by their place in the order in which they are first named."""

    def __missing__(self, name: str) -> str:
        self[name] = f"${len(self) + 1}"
        return self[name]


def _prepare(
    cursor: Any, known: dict[str, _Prepared], statement: str, params: Mapping[str, Any]
) -> _Prepared:
    if len(known) >= MOST:
        cursor.execute("DEALLOCATE ALL")
        known.clear()
    places = _Places()
    body = statement % places
    types = ", ".join(_TYPES.get(type(params[name]), "unknown") for name in places)
    prepared = _Prepared(f"strata_{next(_NUMBERS)}", tuple(places))
    cursor.execute(f"PREPARE {prepared.name}{f' ({types})' if types else ''} AS {body}")
    return prepared
