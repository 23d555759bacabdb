"""Queries that are put into SQL once in a process, and asked with other values each time.

Django writes a statement anew for every request: for the small ones of which a page has dozens that is most of what they
cost. Here a queryset is built and written for its key, and kept; what differs between two requests beyond that is given
by name.

    @prepared
    def latest(clients: Given) -> QuerySet:
        rows = Interaction.objects.filter(Among("client", clients)).order_by()
        return rows.values_list("client").annotate(Max("at"))

    latest(clients=[1, 2, 3])
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Expression, F, Func, QuerySet
from django.utils import timezone

if TYPE_CHECKING:
    from crm.models import User

KEPT: Final = 4096
"""So many statements a process keeps, of a few kilobytes each."""
Written = tuple[str, tuple[Any, ...]]


class Given(Expression):
    """Stands in a queryset for a value that comes when it is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class Among(Func):
    """The condition that a field is one of the given values, however many these are."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, name: str, values: Given) -> None:
        super().__init__(F(name), values)


@dataclass(frozen=True)
class Reader:
    """A user as a key: by all that decides which rows are theirs, and the day.

    Querysets prepared for a reader ask nothing while they are built, so that nothing else can decide.
    """

    pk: int
    role: str
    team: int | None
    is_active: bool
    day: date
    user: User = field(compare=False, repr=False)

    @classmethod
    def of(cls, user: User) -> Reader:
        return cls(user.pk, user.role, user.team_id, user.is_active, timezone.localdate(), user)


def prepared(build: Callable[..., QuerySet]) -> Callable[..., list[tuple[Any, ...]]]:
    """The rows of the queryset that is built, as the database gives them.

    ``build`` gets its key by place, and a `Given` for whatever is given by name.
    """

    @lru_cache(maxsize=KEPT)
    def statement(key: tuple[Hashable, ...], names: tuple[str, ...]) -> Written | None:
        return written(build(*key, **{name: Given(name) for name in names}))

    @wraps(build)
    def asked(*key: Hashable, **given: Any) -> list[tuple[Any, ...]]:
        found = statement(key, tuple(given))
        if found is None:
            return []
        text, params = found
        with connection.cursor() as cursor:
            cursor.execute(text, [given[one.name] if isinstance(one, Given) else one for one in params])
            return cursor.fetchall()

    return asked


def written(rows: QuerySet) -> Written | None:
    """The statement that asks for the rows; None where Django knows that there are none."""
    try:
        text, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return text, tuple(params)
