"""The clients of segments: as a filter of the list, as a field of conditions, and counted.

A live segment is read for its owner, so that "my clients" are the owner's, and narrowed to what the reader may see.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm import slots
from crm.ids import id_of, ids_of
from crm.models import Client, Segment, SegmentMember, User
from crm.prepared import Given, Reader, prepared
from crm.querysets import ClientQuerySet
from crm.selectors.client_list import ListQuery

GROUP = pgettext_lazy("of clients", "Segments")
FIELD = re.compile(r"segment\.([0-9]{1,18})")


def clients_of(segment: Segment) -> QuerySet[Client]:
    """Everybody in a segment, whoever asks: narrow it to `visible_to` before it reaches anybody."""
    if segment.kind == Segment.Kind.STATIC:
        return Client.objects.filter(pk__in=SegmentMember.objects.filter(segment=segment).values("client"))
    return ListQuery.read(QueryDict(segment.query), segment.owner, exact=True).clients()


def named_in(query: str) -> set[int]:
    """The ids of segments that a filter of the list names, in its menus or in its condition."""
    params = QueryDict(query)
    return {*ids_of(params.getlist("segment")), *_fields_named(params.get("where", ""))}


def _fields_named(condition: str) -> set[int]:
    """The ids in what a condition asks of segments; of what is no condition, none."""
    found: set[int] = set()
    try:
        waiting = [json.loads(condition)] if condition else []
    except ValueError:
        return found
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting += part.values()
            named = FIELD.fullmatch(part["metric"]) if isinstance(part.get("metric"), str) else None
            pk = id_of(named[1]) if named else None
            found |= {pk} if pk else set()
        elif isinstance(part, list):
            waiting += part
    return found


def reaches(query: str, target: int, filters: dict[int, str]) -> bool:
    """Whether a filter leads back to a segment, through the filters of others by id."""
    seen: set[int] = set()
    waiting = named_in(query)
    while waiting:
        pk = waiting.pop()
        if pk == target:
            return True
        if pk not in seen:
            seen.add(pk)
            waiting |= named_in(filters.get(pk, ""))
    return False


@dataclass(frozen=True)
class Line:
    """A segment of the list with how many of its clients the reader may see."""

    segment: Segment
    clients: int


def segment_lines(user: User) -> list[Line]:
    """Every segment that the user may use, counted in one statement."""
    segments = list(Segment.objects.visible_to(user).select_related("owner", "team"))
    counts = counted(segments, user)
    return [Line(segment, counts[segment.pk]) for segment in segments]


def counted(segments: Iterable[Segment], user: User) -> dict[int, int]:
    """How many clients of each segment the user may see, by id; one statement over the clients."""
    asked = {
        f"segment_{segment.pk}": Count("pk", filter=Q(pk__in=clients_of(segment).values("pk")))
        for segment in segments
    }
    if not asked:
        return {}
    told = Client.objects.visible_to(user).aggregate(**asked)
    return {int(name.removeprefix("segment_")): number for name, number in told.items()}


def options(user: User) -> list[slots.Option]:
    """The choices of the list's filter."""
    return [slots.Option(value=str(pk), label=name) for pk, name in _offered(Reader.of(user))]


def own_static(user: User) -> list[slots.Option]:
    """The user's own static segments: those to which clients are added by hand."""
    return [slots.Option(value=str(pk), label=name) for pk, name in _own_static(owner=user.pk)]


@prepared
def _offered(reader: Reader) -> QuerySet:
    return Segment.objects.visible_to(reader.user).values_list("pk", "name")


@prepared
def _own_static(owner: Given) -> QuerySet:
    own = Segment.objects.filter(owner_id=owner, kind=Segment.Kind.STATIC, removed_at=None)
    return own.values_list("pk", "name")


def within(clients: ClientQuerySet, values: Sequence[str]) -> ClientQuerySet:
    """Clients that are in any of the segments."""
    found = Segment.objects.filter(pk__in=ids_of(values)).select_related("owner")
    condition = Q(pk__in=[])
    for segment in found:
        condition |= Q(pk__in=clients_of(segment).values("pk"))
    return clients.filter(condition)


def fields(user: User, day: date) -> list[slots.Field]:
    """Each segment as what conditions may ask of a client: whether it is in it."""
    return [
        slots.Field(
            key=f"segment.{segment.pk}",
            label=segment.name,
            group=GROUP,
            sql=cast(str, lazystr(_Inside(segment))),
            type="category",
            categories={"yes": _("yes"), "no": _("no")},
        )
        for segment in Segment.objects.visible_to(user).select_related("owner")
    ]


@dataclass(frozen=True)
class _Inside:
    """Whether the client `c` is in a segment, as SQL that is made only where a condition asks for it.

    The segment's own parameters are written into the text by the database's driver, and its signs for parameters
    doubled, so that the text can stand in a statement with parameters of its own.
    """

    segment: Segment

    def __str__(self) -> str:
        sql, params = ids_as_sql(clients_of(self.segment))
        with connection.cursor() as cursor:
            text = cursor.mogrify(sql, params).decode().replace("%", "%%")
        return f"CASE WHEN c.id IN ({text}) THEN 'yes' ELSE 'no' END"


def ids_as_sql(clients: QuerySet[Client]) -> tuple[str, tuple[Any, ...]]:
    """The ids of clients as a statement with its parameters, also where Django knows that there are none."""
    query = clients.order_by().values("id").query
    sql, params = query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()
    return sql, tuple(params)


def visible_among(ids: Collection[int], user: User) -> set[int]:
    """Those of some segments that the user may use."""
    return set(Segment.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
