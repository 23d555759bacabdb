"""The locks under which tiers change."""

from collections.abc import Sequence

from django.db import connection

from crm.models import Client
from tiering.services.prepared import execute

LOCK = """
SELECT id FROM crm_client WHERE id = ANY(%(clients)s::bigint[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""


def lock_clients(clients: Sequence[int]) -> list[int]:
    """Lock those of the clients that nobody else holds until the end of the transaction, in the order of their ids.

    Never waits: an import may hold thousands of clients in an order of its own, and two that wait for each other
    would end in a deadlock. For whom it did not get, the caller leaves or writes a request.
    """
    with connection.cursor() as cursor:
        execute(cursor, LOCK, {"clients": list(clients)})
        return [pk for (pk,) in cursor.fetchall()]


def locked_rm(client: int) -> int | None:
    """The RM whom a client has, locked until the end of the transaction: runs take the same lock, so its tiers and
    assessments stand still as well."""
    return Client.objects.select_for_update(no_key=True).only("rm").get(pk=client).rm_id
