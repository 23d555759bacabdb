"""Groups of clients by a field of conditions: tier, industry, region … whatever an app registers as a category."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection

from crm import slots
from crm.models import User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet


@dataclass(frozen=True)
class Group:
    """`key` None: not known. `figures` are those that were asked for, in their order."""

    key: str | None
    label: str
    figures: tuple[Any, ...]


def groupings(user: User, day: date) -> list[slots.Field]:
    """What clients may be grouped by, the tier first where there is one."""
    fields = [field for source in slots.field_sources.for_user(user) for field in source.fields(user, day)]
    return [
        field
        for field in fields
        if field.type == "category" and not field.rows and set(field.categories) != {"yes", "no"}
    ]


def by_group(field: slots.Field, rows: QuerySet[Any], figures: Sequence[str]) -> list[Group]:
    """Figures of rows by their client's group, in the order of its categories; one statement.

    `figures` are aggregates of our own over the row `r`, which has a `client_id`.
    """
    sql, params = rows.order_by().query.sql_with_params()
    text = (
        f"SELECT {field.sql}, {', '.join(figures)} FROM ({sql}) r JOIN crm_client c ON c.id = r.client_id"  # noqa: S608
        f" {' '.join(field.joins)} GROUP BY 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        found = {key: tuple(rest) for key, *rest in cursor.fetchall()}
    known = [Group(key, str(label), found[key]) for key, label in field.categories.items() if key in found]
    unknown = [Group(key, str(key or ""), rest) for key, rest in found.items() if key not in field.categories]
    return [*known, *unknown]
