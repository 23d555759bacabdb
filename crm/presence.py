"""Of which kinds a client has records: asked once for a page, of all kinds in one statement.

A client's page has a score of cards, and hardly any client has something for each. To find nothing takes no time; to
write a statement for it, and to plan that, takes longer than all other work of such a card.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import connection
from django.db.models import Model

from crm.models import Client
from crm.reading import is_reading, read_once

_kinds: Final[dict[type[Model], Sequence[str]]] = {}


def register(*kinds: type[Model], by: Sequence[str] = ("client_id",)) -> None:
    """Let it be known of these, whose rows name their client in a column, or in any of several, each with an index."""
    _kinds.update(dict.fromkeys(kinds, by))


def may_have(client: Client, kind: type[Model]) -> bool:
    """Whether the client has such records; outside a reading of a page, whoever asks is to look.

    Raises KeyError for a kind that is not registered.
    """
    return not is_reading() or _there(client.pk)[kind]


@read_once
def _there(client: int) -> Mapping[type[Model], bool]:
    parts = [
        " OR ".join(
            f"EXISTS (SELECT FROM {connection.ops.quote_name(kind._meta.db_table)} WHERE {column} = %(client)s)"
            for column in columns
        )
        for kind, columns in _kinds.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", {"client": client})
        return dict(zip(_kinds, cursor.fetchone(), strict=True))
