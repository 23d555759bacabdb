"""Who holds a client may change what is known of it: asked of the client, or of a row of it that is to be changed."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model

from crm.errors import Conflict, NotPermitted
from crm.models import Client, User

Row = TypeVar("Row", bound=Model)


def check_hold(by: User, client: Client) -> None:
    """Raises NotPermitted."""
    if not by.has_perm("crm.change_client", client):
        raise NotPermitted


def held(row: Row, by: User) -> Row:
    """A row with a `client`, read anew and locked, where the user holds that client. Raises NotPermitted."""
    rows: Any = type(row)._default_manager
    found = rows.select_for_update(of=("self",)).select_related("client").get(pk=row.pk)
    check_hold(by, found.client)
    return found


def check_version(row: Any, version: int | None) -> None:
    """That a row is still at the version that was seen; None for whoever need not have seen one. Raises Conflict."""
    if version is not None and row.version != version:
        raise Conflict
