"""Cells of the client list's columns, rendered for a page of clients at a time."""

from collections.abc import Sequence

from django.template.loader import get_template
from django.utils.safestring import SafeString

from crm import slots
from crm.models import Client, User


def cells_of(key: str, clients: Sequence[Client], user: User) -> list[SafeString]:
    """One column's cells in the order of the clients; empty ones where the user does not see the column."""
    column = slots.list_columns.get(key, user)
    return render_column(column, clients, user) if column else [SafeString()] * len(clients)


def render_column(column: slots.ListColumn, clients: Sequence[Client], user: User) -> list[SafeString]:
    values = column.load(clients, user) if column.load and clients else {}
    template = get_template(column.template)
    return [template.render({"client": client, "value": values.get(client.pk)}) for client in clients]
