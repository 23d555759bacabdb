"""Which columns of the client list somebody sees: chosen for the view, else those saved with it, else the usual ones."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from crm import slots
from crm.models import ColumnChoice
from crm.prepared import Given, prepared
from crm.selectors.client_list import CLIENTS, ListQuery


def columns_shown(query: ListQuery) -> list[slots.ListColumn]:
    """Those of the view that the user may see, in the list's order; what is fixed always."""
    wanted = _chosen(query) or (query.saved.columns if query.saved else [])
    every = slots.list_columns.for_user(query.user)
    return [column for column in every if column.fixed or (column.key in wanted if wanted else column.usual)]


def column_choices(
    query: ListQuery, shown: Sequence[slots.ListColumn]
) -> list[tuple[slots.ListColumn, bool]]:
    """Every column that may be chosen, and whether it is shown."""
    keys = {column.key for column in shown}
    return [
        (column, column.key in keys) for column in slots.list_columns.for_user(query.user) if not column.fixed
    ]


def _chosen(query: ListQuery) -> list[str]:
    rows = _columns(user=query.user.pk, view=query.view_key)
    return rows[0][0] if rows else []


@prepared
def _columns(user: Given, view: Given) -> QuerySet:
    return ColumnChoice.objects.filter(user_id=user, list_key=CLIENTS, view=view).values_list("columns")
