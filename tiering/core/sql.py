"""Conditions as SQL for Postgres, and the pieces that compiled statements are put together from.

Values are always parameters in psycopg2's ``%s`` style, in the order of the text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tiering.core.catalogue import METRICS
from tiering.core.conditions import All, AnyOf, Compare, Condition, IsMissing, Not, OneOf, Operator
from tiering.core.metric import Catalogue

Columns = Mapping[str, str]
"""The SQL expression that holds each metric, by metric key. Written by our own code, never by a user."""

Compiled = tuple[str, tuple[Any, ...]]
"""A piece of SQL and its parameters, as ``cursor.execute`` and Django's ``RawSQL`` take them."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of SQL with the values of its ``%s`` placeholders, in order."""

    text: str
    params: tuple[Any, ...] = ()


def sql(*parts: str | Fragment) -> Fragment:
    """The parts one after the other; a plain text has no placeholders."""
    fragments = [part if isinstance(part, Fragment) else Fragment(part) for part in parts]
    params = tuple(value for fragment in fragments for value in fragment.params)
    return Fragment("".join(fragment.text for fragment in fragments), params)


def value(item: Any, type_name: str) -> Fragment:
    """A parameter of a Postgres type."""
    return Fragment(f"%s::{type_name}", (item,))


def join(separator: str, parts: Iterable[Fragment]) -> Fragment:
    """The parts with a separator between them."""
    items = list(parts)
    params = tuple(item for part in items for item in part.params)
    return Fragment(separator.join(part.text for part in items), params)


def quoted(identifier: str) -> str:
    """A quoted identifier; a per cent sign is doubled for the driver."""
    return '"' + identifier.replace('"', '""').replace("%", "%%") + '"'


def compile_condition(condition: Condition, columns: Columns, catalogue: Catalogue = METRICS) -> Compiled:
    """The condition as a boolean SQL expression that is never NULL, and its parameters.

    ``columns`` gives the SQL expression of each metric the condition reads: any numeric type for a number, text
    for a category. Raises KeyError when a metric is in neither ``columns`` nor ``catalogue``.
    """
    fragment = condition_sql(condition, columns, catalogue)
    return f"({fragment.text}) IS TRUE", fragment.params


def condition_sql(condition: Condition, columns: Columns, catalogue: Catalogue) -> Fragment:
    """The condition as a boolean that is true where it holds, and false or NULL where it does not."""
    match condition:
        case All(parts):
            return _group(" AND ", parts, "TRUE", columns, catalogue)
        case AnyOf(parts):
            return _group(" OR ", parts, "FALSE", columns, catalogue)
        case Not(part):
            return sql("((", condition_sql(part, columns, catalogue), ") IS NOT TRUE)")
        case IsMissing(metric):
            return sql("((", known(columns[metric], catalogue[metric].is_number), ") IS NOT TRUE)")
        case Compare(metric, op, operand):
            return _compare(columns[metric], op, operand)
        case OneOf(metric, values):
            kind = "float8" if catalogue[metric].is_number else "text"
            return sql(f"{columns[metric]} = ANY(", value(list(values), f"{kind}[]"), ")")


def screen_sql(condition: Condition, columns: Columns, catalogue: Catalogue) -> Fragment:
    """A cheaper boolean that is true wherever the condition holds, and seldom elsewhere: there, what is not a finite
    number may pass. What takes one comparison is asked first."""
    match condition:
        case All(parts):
            ordered = sorted(parts, key=lambda part: not isinstance(part, Compare))
            screens = [screen_sql(part, columns, catalogue) for part in ordered]
            return sql("(", join(" AND ", screens), ")") if screens else Fragment("TRUE")
        case AnyOf(parts) if parts:
            return sql("(", join(" OR ", (screen_sql(part, columns, catalogue) for part in parts)), ")")
        case Compare(metric, op, operand) if op in _ORDERINGS and not isinstance(operand, str):
            return sql(f"{columns[metric]} {op} ", value(operand, "float8"))
    return condition_sql(condition, columns, catalogue)


def known(column: str, is_number: bool) -> Fragment:
    """True when the column holds a usable value: finite, or a text that is not empty. Otherwise false or NULL."""
    if is_number:
        return Fragment(f"({column} > '-Infinity'::float8 AND {column} < 'Infinity'::float8)")
    return Fragment(f"{column} <> ''")


# Postgres sorts NaN above every number and infinities compare as numbers; both count as missing here.
_NUMBER_GUARDS: Final[Mapping[Operator, str]] = {
    "<": " AND {0} > '-Infinity'::float8",
    "<=": " AND {0} > '-Infinity'::float8",
    ">": " AND {0} < 'Infinity'::float8",
    ">=": " AND {0} < 'Infinity'::float8",
    "==": "",
    "!=": " AND {0} > '-Infinity'::float8 AND {0} < 'Infinity'::float8",
}
_SQL_OPERATORS: Final[Mapping[Operator, str]] = {
    "<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "=", "!=": "<>",
}  # fmt: skip
_ORDERINGS: Final = ("<", "<=", ">", ">=")


def _compare(column: str, op: Operator, operand: float | str) -> Fragment:
    if isinstance(operand, str):
        type_name, guard = "text", f" AND {column} <> ''" if op == "!=" else ""
    else:
        type_name, guard = "float8", _NUMBER_GUARDS[op].format(column)
    return sql(f"({column} {_SQL_OPERATORS[op]} ", value(operand, type_name), guard, ")")


def _group(
    operator: str, parts: tuple[Condition, ...], empty: str, columns: Columns, catalogue: Catalogue
) -> Fragment:
    if not parts:
        return Fragment(empty)
    return sql("(", join(operator, (condition_sql(part, columns, catalogue) for part in parts)), ")")


def case(branches: Iterable[tuple[Fragment, Fragment]], otherwise: Fragment) -> Fragment:
    """The result of the first branch whose condition is true."""
    written = [sql(" WHEN ", condition, " THEN ", result) for condition, result in branches]
    return sql("CASE", *written, " ELSE ", otherwise, " END") if written else otherwise


def call(function: str, arguments: Sequence[Fragment]) -> Fragment:
    """A call of GREATEST, LEAST or COALESCE; of one argument, just that."""
    return arguments[0] if len(arguments) == 1 else sql(f"{function}(", join(", ", arguments), ")")


def relation_sql(name: str) -> Fragment:
    """A table, view or CTE, ``name`` or ``schema.name``, as it stands after FROM."""
    return Fragment(".".join(map(quoted, name.split("."))))


def level(
    kept: Iterable[str], added: Mapping[str, Fragment], source: Fragment, order: str | None = None
) -> Fragment:
    """A fenced subquery with the columns ``kept`` of ``source`` and those ``added`` to it, which read it as ``f``;
    the source itself when nothing is added.

    Rows come in the ``order`` of a column that is kept: said at every level, or the planner forgets that they do.
    """
    if not added:
        return source
    columns = [Fragment(f"f.{column}") for column in kept]
    columns += [sql(expression, f" AS {column}") for column, expression in added.items()]
    ordered = f" ORDER BY f.{order}" if order else ""
    return sql("(SELECT ", join(", ", columns), " FROM ", source, f" AS f{ordered} OFFSET 0)")


def listed(keys: Sequence[tuple[str, str]]) -> Fragment:
    """The keys, each given with the SQL that is true where it is wanted, as text[] in the given order."""
    if not keys:
        return Fragment("'{}'::text[]")
    wanted = (sql(f"CASE WHEN {condition} THEN ", value(key, "text"), " END") for condition, key in keys)
    return sql("array_remove(ARRAY[", join(", ", wanted), "], NULL)")
