"""Whether a condition is true, for every subject at once; ``conditions.holds`` says what it means."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tiering.core.columns import Column, Columns, Floats, Truth
from tiering.core.columns_memo import Memo
from tiering.core.conditions import OPERATORS, All, AnyOf, Compare, Condition, IsMissing, Not, OneOf
from tiering.core.metric import is_missing


def holds(condition: Condition, columns: Columns, memo: Memo) -> Truth:
    """Where the condition holds. Raises KeyError when it reads a metric that has no column."""
    return memo.of(("holds", condition), lambda: _holds(condition, columns, memo))


def known(metric: str, columns: Columns, memo: Memo) -> Truth:
    """Where the metric has a usable value."""
    return memo.of(("known", metric), lambda: _known(columns.values[metric]))


def _holds(condition: Condition, columns: Columns, memo: Memo) -> Truth:
    match condition:
        case All(parts):
            return _joined(np.ones(columns.count, np.bool_), np.logical_and, _parts(parts, columns, memo))
        case AnyOf(parts):
            return _joined(np.zeros(columns.count, np.bool_), np.logical_or, _parts(parts, columns, memo))
        case Not(part):
            return ~holds(part, columns, memo)
        case IsMissing(metric):
            return ~known(metric, columns, memo)
        case Compare(metric, op, operand):
            return _where(columns.values[metric], known(metric, columns, memo), op, operand)
        case OneOf(metric, operands):
            column, usable = columns.values[metric], known(metric, columns, memo)
            equal = (_where(column, usable, "==", operand) for operand in operands)
            return _joined(np.zeros(columns.count, np.bool_), np.logical_or, equal)


def _parts(parts: tuple[Condition, ...], columns: Columns, memo: Memo) -> Iterator[Truth]:
    return (holds(part, columns, memo) for part in parts)


def _joined(start: Truth, join: Callable[..., Truth], parts: Iterator[Truth]) -> Truth:
    for part in parts:
        join(start, part, out=start)
    return start


def _known(column: Column) -> Truth:
    if isinstance(column, np.ndarray):
        return np.isfinite(column)
    return np.array([not is_missing(word) for word in column.vocabulary]).take(column.codes)


def _where(column: Column, usable: Truth, op: str, operand: float | str) -> Truth:
    compare = OPERATORS[op]  # type: ignore[index]
    if not isinstance(column, np.ndarray):
        answers = [not is_missing(word) and bool(compare(word, operand)) for word in column.vocabulary]
        return np.array(answers, dtype=np.bool_).take(column.codes)
    if isinstance(operand, str):  # a number is no category
        return usable.copy() if op == "!=" else np.zeros_like(usable)
    return _compared(column, usable, compare, operand)


def _compared(column: Floats, usable: Truth, compare: Callable[[Any, Any], Any], operand: float) -> Truth:
    found: Truth = compare(column, operand)
    return np.logical_and(found, usable, out=found)
