"""What a list holds, for a file: its columns, its filter in words, and its rows, a part at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from django.utils import timezone

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

PART = 500
Cell = str | int | float | Decimal | date | datetime | None
Row = list[Cell]


@dataclass(frozen=True)
class Column:
    key: str
    label: _StrOrPromise


@dataclass(frozen=True)
class Exportable:
    """A list as it is to be written. `count` counts up to a limit; `parts` gives the rows, `PART` at a time, and costs
    memory for one part."""

    words: str
    columns: Sequence[Column]
    count: Callable[[int], int]
    parts: Callable[[], Iterator[list[Row]]]


@dataclass(frozen=True)
class Plain(Column):
    """A column of rows that says of each what stands in it."""

    value: Callable[[Any], Cell]


def of_queryset(rows: QuerySet[Any], columns: Sequence[Plain], words: str = "") -> Exportable:
    """A list of records by id."""

    def parts() -> Iterator[list[Row]]:
        last = 0
        while found := list(rows.order_by("pk").filter(pk__gt=last)[:PART]):
            last = found[-1].pk
            yield [[plain(column.value(row)) for column in columns] for row in found]

    return Exportable(words, columns, lambda limit: counted(rows, limit), parts)


def counted(rows: QuerySet[Model], limit: int) -> int:
    return rows.order_by()[:limit].count()


def chosen(columns: Sequence[Plain], keys: Sequence[str]) -> list[Plain]:
    """Those asked for, in the list's order; all of them where nothing is asked for."""
    return [column for column in columns if not keys or column.key in keys]


def plain(value: Cell) -> Cell:
    """Moments in the time of the house, without an offset, which no workbook knows."""
    return timezone.localtime(value).replace(tzinfo=None) if isinstance(value, datetime) else value
