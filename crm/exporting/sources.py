"""What a list holds, for a file: its columns, its filter in words, and its rows, a part at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from crm.paging import Order, page_of

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

PART = 500
BY_ID: Final = Order("pk")
T = TypeVar("T", bound=Model)
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


def in_parts(rows: QuerySet[T], order: Order) -> Iterator[list[T]]:
    """The records in an order, `PART` at a time."""
    token = ""
    while True:
        page = page_of(rows, order, PART, after=token)
        if page.rows:
            yield page.rows
        token = page.next
        if not token:
            return


def of_queryset(
    rows: QuerySet[Any], columns: Sequence[Plain], words: str = "", order: Order = BY_ID
) -> Exportable:
    """A list of records in an order."""

    def parts() -> Iterator[list[Row]]:
        for found in in_parts(rows, order):
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
