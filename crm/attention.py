"""Who needs somebody today: lines with a reason, an age and the acts that answer them. Apps register their sources in
`slots.attention`; the page and the API show them alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from django.db.models import Q, QuerySet

from crm.cover import stood_in_for
from crm.models import Client, Role, Snooze, User
from crm.querysets import ClientQuerySet, hold

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

SHOWN: Final = 6
Shade = Literal["", "bad", "warn"]


@dataclass(frozen=True)
class Looking:
    """Whose day is looked at: of `user`, on a day.

    An RM sees their own book and those of colleagues for whom they stand in, a lead the team's; `whose` (id) narrows it
    to one of these people. `shown` is how many lines of a source are wanted.
    """

    user: User
    day: date
    whose: int | None = None
    shown: int = SHOWN

    @property
    def leads(self) -> bool:
        return self.user.role == Role.TEAM_LEAD

    def clients(self) -> ClientQuerySet:
        clients = Client.objects.editable_by(self.user)
        return clients if self.whose is None else clients.filter(rm=self.whose)

    def held(self, prefix: str = "") -> Q:
        """The clients in question, as a condition on `prefix` + client fields."""
        condition = hold(self.user, prefix)
        return condition if self.whose is None else condition & Q(**{f"{prefix}rm": self.whose})

    def with_(self, path: str) -> Q:
        """That the person whom `path` leads to is one of those whose day it is."""
        if self.whose is not None:
            return Q(**{path: self.whose})
        own = Q(**{f"{path}__in": [self.user.pk, *stood_in_for(self.user)]})
        return own | Q(**{f"{path}__team": self.user.team_id}) if self.leads else own

    def people(self) -> list[User]:
        """Those among whom one may choose, oneself among them; nobody where there is only oneself."""
        others = Q(pk__in=stood_in_for(self.user))
        if self.leads:
            others |= Q(team=self.user.team_id, role=Role.RM, is_active=True)
        found = list(User.objects.filter(others | Q(pk=self.user.pk)).order_by("name", "pk"))
        return found if len(found) > 1 else []


def looking(user: User, day: date, *, whose: int | None = None, shown: int = SHOWN) -> Looking:
    """At somebody's day; `whose` counts only where it is one of the people among whom the user may choose."""
    everybodys = Looking(user, day, shown=shown)
    if whose is None or whose not in {person.pk for person in everybodys.people()}:
        return everybodys
    return Looking(user, day, whose, shown)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that needs somebody. `item` is its id within the source, `since` the day from which it counts.

    `rm` is the person whose work it is, where that is not the reader; `stands_in`: because that person is absent.
    `task` is the id of the task that is done by saying so.
    """

    item: int
    name: str
    url: str
    reason: _StrOrPromise = ""
    since: date | None = None
    until: date | None = None
    chip: str = ""
    shade: Shade = ""
    client: int | None = None
    rm: User | None = None
    stands_in: bool = False
    task: int | None = None


@dataclass(frozen=True)
class Found:
    """The first lines of a source, how many there are, and how many more are put off."""

    lines: Sequence[Line] = ()
    count: int = 0
    snoozed: int = 0


NOTHING: Final = Found()


def found(
    looking: Looking, source: str, rows: QuerySet[Any], lines: Callable[[Sequence[Any]], Sequence[Line]]
) -> Found:
    """The lines of rows that nobody has put off, in their order. At most three queries beside those of `lines`."""
    off = Snooze.objects.filter(user=looking.user, source=source, until__gt=looking.day)
    hidden = list(off.values_list("item", flat=True))
    waiting = rows.exclude(pk__in=hidden) if hidden else rows
    first = list(waiting[: looking.shown])
    count = len(first) if len(first) < looking.shown else waiting.count()
    snoozed = rows.filter(pk__in=hidden).count() if hidden else 0
    return Found(lines(first) if first else (), count, snoozed)


def marked(looking: Looking, rm: User | None) -> dict[str, Any]:
    """How a line says whose work it is: nothing of one's own."""
    if rm is None or rm.pk == looking.user.pk:
        return {}
    return {"rm": rm, "stands_in": rm.pk in stood_in_for(looking.user)}


@dataclass(frozen=True)
class Group:
    """A source with what it found."""

    key: str
    label: _StrOrPromise
    icon: str
    found: Found
    more: str = field(default="")


def groups(looking: Looking) -> list[Group]:
    """What needs somebody, source by source, in a constant number of queries; sources without anything are left out."""
    from crm import slots

    every = [
        Group(source.key, source.label, source.icon, source.load(looking), source.more(looking))
        for source in slots.attention.for_user(looking.user)
    ]
    return [group for group in every if group.found.count or group.found.snoozed]
