"""Keyset paging: any page of a list costs the same, however deep it lies.

A position is the sort value and id of a row. Rows without a sort value come last in both directions.
Tokens are signed, so a position is only ever one that we gave out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db import connection
from django.db.models import F, Model, Q, QuerySet

from crm.prepared import Written, written

COUNT_CAP = 10_000
POSITION = "paging_position"
SALT = "crm.paging"
T = TypeVar("T", bound=Model)
Position = tuple[Any, int]


@dataclass(frozen=True)
class Order:
    """Rows by `field`, then id."""

    field: str
    descending: bool = False

    def segments(self, position: Position | None, backward: bool) -> Iterator[tuple[Q, Sequence[str]]]:
        """Conditions and orderings that, one after the other, give the rows beyond a position.

        Rows with a value and rows without are apart, so that each part can walk an index.
        """
        with_value = (Q(**{f"{POSITION}__isnull": False}), self._ordering(backward))
        without = (Q(**{f"{POSITION}__isnull": True}), ["-pk" if backward else "pk"])
        if position is None:
            yield from (without, with_value) if backward else (with_value, without)
            return
        value, pk = position
        past_pk = Q(pk__lt=pk) if backward else Q(pk__gt=pk)
        if value is None:
            yield without[0] & past_pk, without[1]
            if backward:
                yield with_value
            return
        beyond = "lt" if self.descending != backward else "gt"
        reached = Q(**{f"{POSITION}__{beyond}e": value}) & (Q(**{f"{POSITION}__{beyond}": value}) | past_pk)
        yield with_value[0] & reached, with_value[1]
        if not backward:
            yield without

    def _ordering(self, backward: bool) -> list[str]:
        sign = "-" if self.descending != backward else ""
        return [f"{sign}{POSITION}", "-pk" if backward else "pk"]


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page: its rows, the number of its first row, and tokens for its neighbours where there are any."""

    rows: list[T]
    first: int
    previous: str
    next: str

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def count(self) -> Count | None:
        """How many rows the list has, where its last page tells without counting."""
        return None if self.next else Count(self.last, False)


@dataclass(frozen=True)
class Count:
    """How many rows there are, counted up to a cap."""

    number: int
    is_capped: bool


def count_of(queryset: QuerySet) -> Count:
    return _capped(queryset.order_by()[: COUNT_CAP + 1].count())


def numbers_of(counted: Sequence[int | QuerySet]) -> list[int]:
    """How many rows each has, up to one more than the cap: one statement for all. A number stands for itself."""
    return numbers_by(counting(counted)) if counted else []


def counting(counted: Sequence[int | QuerySet]) -> Written:
    """The statement that tells how many rows each has, up to one more than the cap."""
    parts: list[str] = []
    given: list[Any] = []
    for one in counted:
        asked = None if isinstance(one, int) else written(one.order_by().values("pk")[: COUNT_CAP + 1])
        if asked is None:
            parts.append(str(one if isinstance(one, int) else 0))
        else:
            parts.append(f"(SELECT count(*) FROM ({asked[0]}) AS counted)")  # noqa: S608
            given += asked[1]
    return f"SELECT {', '.join(parts)}", tuple(given)


def numbers_by(statement: Written) -> list[int]:
    """The numbers that a statement of `counting` tells."""
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return list(cursor.fetchone())


def page_asked(asked: Mapping[str, str], queryset: QuerySet[T], order: Order, size: int) -> Page[T]:
    """The page that an address asks for by the tokens `after` and `before`; without one, the first."""
    return page_of(queryset, order, size, after=asked.get("after", ""), before=asked.get("before", ""))


def page_of(queryset: QuerySet[T], order: Order, size: int, *, after: str = "", before: str = "") -> Page[T]:
    """The page after or before a token, or the first one where there is none or it is not ours."""
    backward = bool(before and not after)
    position, edge = _read(after or before)
    backward = backward and position is not None
    rows = _beyond(queryset, order, position, size + 1, backward)
    has_more, rows = len(rows) > size, rows[:size]
    first = max(1, edge - len(rows)) if backward else edge + 1
    if backward:
        rows.reverse()
    has_previous, has_next = (has_more, True) if backward else (position is not None, has_more)
    return Page(
        rows=rows,
        first=first,
        previous=_token(rows[0], first) if rows and has_previous else "",
        next=_token(rows[-1], first + len(rows) - 1) if rows and has_next else "",
    )


def neighbours_of(queryset: QuerySet[T], order: Order, pk: int) -> tuple[int | None, int | None]:
    """The ids before and after a row in the order; both None where the row is not in the queryset."""
    here = queryset.annotate(**{POSITION: F(order.field)}).filter(pk=pk).values_list(POSITION, "pk").first()
    if here is None:
        return None, None
    ids = queryset.select_related(None).only("pk")
    found = [_beyond(ids, order, here, 1, backward) for backward in (True, False)]
    previous, following = (rows[0].pk if rows else None for rows in found)
    return previous, following


def place_of(queryset: QuerySet[T], order: Order, pk: int, among: QuerySet[T]) -> tuple[Count, Count] | None:
    """How many rows come before a row in the order, and how many there are `among` which it is, counted up to a cap;
    None where it is not in the queryset."""
    placed = queryset.annotate(**{POSITION: F(order.field)})
    here = placed.filter(pk=pk).values_list(POSITION, "pk").first()
    if here is None:
        return None
    before = [placed.filter(condition) for condition, _ordering in order.segments(here, True)]
    *places, whole = numbers_of([*before, among])
    return _capped(sum(places)), _capped(whole)


def _capped(number: int) -> Count:
    return Count(min(number, COUNT_CAP), number > COUNT_CAP)


def _beyond(
    queryset: QuerySet[T], order: Order, position: Position | None, limit: int, backward: bool
) -> list[T]:
    placed = queryset.annotate(**{POSITION: F(order.field)})
    rows: list[T] = []
    for condition, ordering in order.segments(position, backward):
        if len(rows) < limit:
            rows += placed.filter(condition).order_by(*ordering)[: limit - len(rows)]
    return rows


class _Positions:
    """JSON in which a date or amount is its text; the database reads it back as what it compares with."""

    def dumps(self, value: object) -> bytes:
        return json.dumps(value, default=str, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


def _token(row: Model, number: int) -> str:
    position = [getattr(row, POSITION), row.pk, number]
    return signing.dumps(position, salt=SALT, serializer=_Positions, compress=True)


def _read(token: str) -> tuple[Position | None, int]:
    """The position of a token and the row number it stands for."""
    try:
        value, pk, number = (
            signing.loads(token, salt=SALT, serializer=_Positions) if token else (None, None, 0)
        )
    except signing.BadSignature:
        return None, 0
    return (None, 0) if pk is None else ((value, pk), number)
