"""A client as it was on a past day, as far as history was kept."""

from __future__ import annotations

from copy import copy
from datetime import datetime

from crm.history import events_of
from crm.models import Client


def client_at(client: Client, at: datetime) -> Client | None:
    """The client with the fields that it had at a moment; None where its history begins later. Not to be saved."""
    event = events_of(Client).filter(pgh_obj_id=client.pk, pgh_created_at__lte=at).order_by("-pgh_id").first()
    if event is None:
        return None
    past = copy(client)
    past._state = copy(client._state)
    past._state.fields_cache = {}
    for column in Client._meta.concrete_fields:
        if hasattr(event, column.attname):
            setattr(past, column.attname, getattr(event, column.attname))
    return past


def history_begins(client: Client) -> datetime | None:
    """Since when the client's own fields are kept."""
    first = events_of(Client).filter(pgh_obj_id=client.pk).order_by("pgh_id").first()
    return first.pgh_created_at if first else None
