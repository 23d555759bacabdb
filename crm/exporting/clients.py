"""The client list as a file: the columns, filter and order that the page shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from crm import slots
from crm.exporting.sources import Cell, Column, Exportable, Row, counted, in_parts, plain
from crm.models import Client, User
from crm.selectors.cells import render_cells
from crm.selectors.client_list import ListQuery
from crm.selectors.list_columns import columns_shown


def read(query: str, keys: Sequence[str], user: User) -> Exportable:
    """The list that an address asks for; without keys the columns that the user sees in it."""
    asked = ListQuery.read(QueryDict(query), user, exact=True)
    shown = columns_shown(asked)
    if keys:
        shown = [column for column in slots.list_columns.for_user(user) if column.key in keys]

    def parts() -> Iterator[list[Row]]:
        for clients in in_parts(asked.ordered(), asked.order):
            yield rows_of(shown, clients, user)

    return Exportable(
        words_of(asked),
        [Column(column.key, column.label) for column in shown],
        lambda limit: counted(asked.clients(), limit),
        parts,
    )


def rows_of(columns: Sequence[slots.ListColumn], clients: Sequence[Client], user: User) -> list[Row]:
    """What two columns load alike is loaded once; a column that gives no plain value gives the text of its cell."""
    loads = {column.load for column in columns if column.load}
    loaded: dict[Any, Mapping[int, Any]] = {load: load(clients, user) for load in loads} if clients else {}
    by_column: list[list[Cell]] = []
    for column in columns:
        if column.plain:
            values = loaded.get(column.load, {})
            by_column.append([plain(column.plain(client, values.get(client.pk))) for client in clients])
        else:
            cells = render_cells([column], clients, user)
            by_column.append([" ".join(strip_tags(cell[0]).split()) for cell in cells])
    return [list(row) for row in zip(*by_column, strict=True)]


def words_of(asked: ListQuery) -> str:
    """The filter as people read it."""
    parts = [str(asked.view.label)]
    if asked.term:
        parts.append(f"“{asked.term}”")
    for key, values in asked.chosen.items():
        entry = slots.list_filters.entries[key]
        labels = [str(option.label) for option in entry.options(asked.user) if option.value in values]
        parts.append(f"{entry.label}: {', '.join(labels)}")
    if asked.where:
        parts.append(asked.where.words or asked.where.refusal)
    if asked.column:
        order = _("by %(column)s, descending") if asked.descending else _("by %(column)s")
        parts.append(order % {"column": asked.column.label})
    return " · ".join(parts)
