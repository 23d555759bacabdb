"""Of which kinds a client has records: asked once for a page, of all kinds in one statement.

A client's page has a score of cards, and hardly any client has something for each. To find nothing takes no time; to
write a statement for it, and to plan that, takes longer than all other work of such a card.
"""

from __future__ import annotations

from typing import Final

from django.db import connection
from django.db.models import Model

from crm.models import Client
from crm.reading import is_reading, read_once

_kinds: Final[list[type[Model]]] = []


def register(*kinds: type[Model]) -> None:
    """Let it be known of these, whose rows name their client in `client_id`, an index of theirs."""
    _kinds.extend(kinds)


def may_have(client: Client, kind: type[Model]) -> bool:
    """Whether the client has such records; outside a reading of a page, whoever asks is to look.

    Raises ValueError for a kind that is not registered.
    """
    return not is_reading() or _there(client.pk)[_kinds.index(kind)]


@read_once
def _there(client: int) -> tuple[bool, ...]:
    parts = [
        f"EXISTS (SELECT FROM {connection.ops.quote_name(kind._meta.db_table)} WHERE client_id = %(client)s)"
        for kind in _kinds
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", {"client": client})
        found: tuple[bool, ...] = cursor.fetchone()
        return found
