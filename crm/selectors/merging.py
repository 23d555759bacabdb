"""What somebody looks at before and after merging two clients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from crm.formats import MISSING, day, localized, money
from crm.models import Client, Merge, User


@dataclass(frozen=True)
class Side:
    """A field of two clients, as a person reads it; `takes` says whose value is taken unless somebody says otherwise."""

    name: str
    label: Any
    ours: str
    theirs: str
    takes: str

    @property
    def is_same(self) -> bool:
        return self.ours == self.theirs

    @property
    def is_choice(self) -> bool:
        """Whether there is anything to choose: a value on both sides, or on the other side alone."""
        return not self.is_same


def side_by_side(client: Client, gone: Client, fields: Iterable[str]) -> list[Side]:
    """The fields of two clients that either of them has."""
    sides = [_side(client, gone, name) for name in fields]
    return [side for side in sides if side.ours != MISSING or side.theirs != MISSING]


def _side(client: Client, gone: Client, name: str) -> Side:
    target: Any = Client._meta.get_field(name)
    ours, theirs = (_shown(target, row) for row in (client, gone))
    takes = "gone" if ours == MISSING and theirs != MISSING else "client"
    return Side(name, target.verbose_name, ours, theirs, takes)


def _shown(target: Any, row: Client) -> str:
    value = getattr(row, target.name)
    if value in (None, ""):
        return MISSING
    if isinstance(value, Model):
        return localized(value)
    if target.choices:
        return str(getattr(row, f"get_{target.name}_display")())
    if target.get_internal_type() == "DecimalField":
        return money(value)
    return day(value) if target.get_internal_type() == "DateField" else str(value)


def merges_of(client: Client) -> QuerySet[Merge]:
    """Merges into a client, or of it into another, the latest first."""
    rows = Merge.objects.filter(Q(client=client) | Q(gone=client))
    return rows.select_related("client", "gone", "by", "undone_by")


def merged_into(user: User, pk: int) -> Client | None:
    """The client that a merged one is part of now, where the user may see that."""
    gone = Client.objects.merged_visible_to(user).select_related("merged_into").filter(pk=pk).first()
    return gone.merged_into if gone else None
