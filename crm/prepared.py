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

from collections.abc import Callable, Hashable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, Expression, F, Func, Model, QuerySet
from django.utils import timezone

if TYPE_CHECKING:
    from crm.models import User

KEPT: Final = 4096
"""So many statements a process keeps, of a few kilobytes each."""
TEAM: Final = "team of the reader"
Written = tuple[str, tuple[Any, ...]]
M = TypeVar("M", bound=Model)
R = TypeVar("R")


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


@dataclass(frozen=True)
class Sight:
    """A user as a key for rows of clients: all that decides which of these they see. The team comes when it is asked, so
    that one statement does for everybody of a role."""

    role: str
    is_active: bool
    has_team: bool
    team: int | None = field(compare=False)

    @classmethod
    def of(cls, user: User) -> Sight:
        return cls(user.role, user.is_active, user.team_id is not None, user.team_id)

    @property
    def user(self) -> User:
        """Somebody who sees the same, to build a queryset by."""
        from crm.models import User

        team: Any = Given(TEAM) if self.has_team else None
        return User(role=self.role, is_active=self.is_active, team_id=team)


def prepared(build: Callable[..., QuerySet[M, R]]) -> Callable[..., list[R]]:
    """The rows of the queryset that is built: models with what it joins to them, or the values it asks for.

    ``build`` gets its key by place, and a `Given` for whatever is given by name.
    """

    @lru_cache(maxsize=KEPT)
    def kept(key: tuple[Hashable, ...], names: tuple[str, ...]) -> _Kept[M, R]:
        return _Kept(build(*key, **{name: Given(name) for name in names}))

    @wraps(build)
    def asked(*key: Hashable, **given: Any) -> list[R]:
        found = kept(key, tuple(given))
        for one in key:
            if isinstance(one, Sight):
                given[TEAM] = one.team
        return found.asked(given)

    return asked


class _Kept(Generic[M, R]):
    """A queryset with the compiler that has written it: what Django reads rows by is in both."""

    def __init__(self, rows: QuerySet[M, R]) -> None:
        self.rows, self.compiler = rows, rows.query.get_compiler(rows.db)
        try:
            self.written: Written | None = self.compiler.as_sql()
        except EmptyResultSet:
            self.written = None

    def asked(self, given: Mapping[str, Any]) -> list[R]:
        """The rows for these values, by the connection of this thread."""
        if self.written is None:
            return []
        text, params = self.written
        values = [given[one.name] if isinstance(one, Given) else one for one in params]
        rows, compiler = self.rows.all(), copy(self.compiler)
        compiler.connection = connections[rows.db]
        # Methods of these two objects alone.
        vars(compiler)["as_sql"] = lambda: (text, values)
        vars(rows.query)["get_compiler"] = lambda using: compiler
        return list(rows)


def written(rows: QuerySet) -> Written | None:
    """The statement that asks for the rows; None where Django knows that there are none."""
    try:
        text, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return text, tuple(params)
