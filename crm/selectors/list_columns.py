"""Which columns of the client list somebody sees: chosen for the view, else those saved with it, else the usual ones."""

from __future__ import annotations

from collections.abc import Sequence

from crm import slots
from crm.models import ColumnChoice
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
    choice = ColumnChoice.objects.filter(user=query.user, list_key=CLIENTS, view=query.view_key).first()
    return choice.columns if choice else []
