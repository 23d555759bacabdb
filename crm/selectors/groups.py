"""The group of a client: everybody who is controlled, directly or through others, by whoever is at the top of it.

What a group is on a day is said once, by the database function ``crm_group``; ``crm_connected`` adds whoever is tied to
the client directly: shareholders, guarantors and related parties, on either end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet

from crm.models import Client, Relation, User
from crm.presence import may_have
from crm.selectors.figures import NO_EXPOSURE, Exposure, exposures, overdue_since


@dataclass(frozen=True)
class Member:
    """A client of a group: how far below the top it stands, by which relation, what it owes, and since when a payment of
    it is overdue (None where none is)."""

    client: Client
    depth: int
    relation: Relation | None
    exposure: Exposure
    overdue_since: date | None = None

    @property
    def share(self) -> float | None:
        """The part of it that its parent owns; None at the top, or where nobody said."""
        return self.relation.share if self.relation else None


@dataclass(frozen=True)
class Group:
    """The members that the reader may see, the one at the top first, each before those it controls."""

    members: Sequence[Member] = ()
    exposure: Exposure = NO_EXPOSURE

    @property
    def latest_to_pay(self) -> Member | None:
        """Whoever is overdue for longest; None where nobody is."""
        late = [(one.overdue_since, place) for place, one in enumerate(self.members) if one.overdue_since]
        return self.members[min(late)[1]] if late else None

    def __bool__(self) -> bool:
        return len(self.members) > 1


def group_ids(client_id: int, on: date) -> list[int]:
    """The ids of a client's group on a day, itself included."""
    return _ids("crm_group", client_id, on)


def connected_ids(client_id: int, on: date) -> list[int]:
    """The ids of its group and of whoever is directly tied to it, itself included."""
    return _ids("crm_connected", client_id, on)


def group_of(client: Client, user: User, on: date) -> Group:
    """The group on a day as far as the user may see it, with what it owes together. Six queries, however large it is;
    one at most for a client that stands alone, which has an empty one."""
    ids = group_ids(client.pk, on) if may_have(client, Relation) else []
    if len(ids) < 2:
        return Group()
    seen = Client.objects.visible_to(user).select_related("industry", "region", "rm").in_bulk(ids)
    parents = {
        row.client_id: row
        for row in Relation.objects.on(on).filter(kind=Relation.Kind.PARENT, client__in=ids)
    }
    owed, late = exposures(seen, on), overdue_since(seen, on)
    members = [
        Member(seen[pk], depth, parents.get(pk), owed.get(pk, NO_EXPOSURE), late.get(pk))
        for pk, depth in _in_order(seen, parents)
    ]
    return Group(members, together(owed.values()))


def together(owed: Iterable[Exposure]) -> Exposure:
    """What several clients owe, and their limits."""
    found = list(owed)
    return Exposure(
        sum((one.drawn for one in found), Decimal(0)), sum((one.limit for one in found), Decimal(0))
    )


def ties_of(client: Client, user: User) -> QuerySet[Relation]:
    """Every relation of a client, past ones too, of which the user may see both ends: on either end of it."""
    rows = Relation.objects.visible_to(user).select_related("client", "party")
    return rows.filter(client=client) | rows.filter(party=client)


def _in_order(seen: Mapping[int, Client], parents: Mapping[int, Relation]) -> Iterator[tuple[int, int]]:
    """Ids with their depth. Whoever's parent is out of sight stands at the top."""
    below: dict[int | None, list[int]] = {}
    for client in sorted(seen.values(), key=lambda one: (one.sort_key, one.pk)):
        parent = parents.get(client.pk)
        above = parent.party_id if parent and parent.party_id in seen else None
        below.setdefault(above, []).append(client.pk)

    def walk(top: int | None, depth: int) -> Iterator[tuple[int, int]]:
        for pk in below.get(top, ()):
            yield pk, depth
            yield from walk(pk, depth + 1)

    return walk(None, 0)


def _ids(function: str, client_id: int, on: date) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}(%s, %s)", [client_id, on])  # noqa: S608 - a name of ours
        return [pk for (pk,) in cursor.fetchall()]
