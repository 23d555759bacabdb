"""Cells of the client list's columns, rendered for a page of clients at a time."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.template import Context, Template
from django.template.loader import get_template
from django.utils.safestring import SafeString

from crm import slots
from crm.models import Client, User


def cells_of(key: str, clients: Sequence[Client], user: User) -> list[str]:
    """One column's cells in the order of the clients; empty ones where the user does not see the column."""
    column = slots.list_columns.get(key, user)
    if column is None:
        return [""] * len(clients)
    return [cells[0] for cells in render_cells([column], clients, user)]


def render_cells(
    columns: Sequence[slots.ListColumn],
    clients: Sequence[Client],
    user: User,
    list_address: str | None = None,
) -> list[list[str]]:
    """For each client its cells, column by column. What two columns load alike is loaded once.

    `list_address` is the query string of the list the cells stand in; the client page steps through that list.
    """
    loads = {column.load for column in columns if column.load}
    loaded: dict[Any, Mapping[int, Any]] = {load: load(clients, user) for load in loads} if clients else {}
    place = slots.Place(list_address is not None, _list_param(list_address))
    # A context for all cells: making one for each costs more than the cell.
    context = Context()
    by_column = [
        _drawn(column.pen(place), clients, loaded.get(column.load, {}))
        if column.pen
        else _rendered(column.template, clients, loaded.get(column.load, {}), context)
        for column in columns
    ]
    return [list(cells) for cells in zip(*by_column, strict=True)]


def _drawn(draw: slots.Draw, clients: Sequence[Client], values: Mapping[int, Any]) -> list[str]:
    return [draw(client, values.get(client.pk)) for client in clients]


def _rendered(name: str, clients: Sequence[Client], values: Mapping[int, Any], context: Context) -> list[str]:
    template: Template = get_template(name).template  # type: ignore[attr-defined]
    cells: list[str] = []
    with context.render_context.push_state(template), context.bind_template(template):
        for client in clients:
            with context.push(client=client, value=values.get(client.pk)):
                cells.append(template.nodelist.render(context))
    return cells


def _list_param(list_address: str | None) -> SafeString:
    return SafeString("" if list_address is None else f"?list={quote(list_address, safe='')}")
