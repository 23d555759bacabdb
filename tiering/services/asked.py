"""Re-tiering clients because somebody asks for it."""

from collections.abc import Collection

from django.db import transaction

from crm.errors import NotPermitted
from crm.models import Client, User
from crm.signals import records_changed
from tiering.models import RetierRequest


def ask_again(clients: Collection[int]) -> None:
    """Have clients looked at again whom a run could not deal with, in the transaction of the caller."""
    RetierRequest.objects.bulk_create(RetierRequest(client_id=client) for client in sorted(clients))


@transaction.atomic
def request_retier(*, by: User, clients: Collection[int]) -> int:
    """Have the clients that the user may see re-tiered by the next worker; how many were asked for.

    Raises NotPermitted.
    """
    if not by.has_perm("tiering.start_runs"):
        raise NotPermitted
    found = Client.objects.visible_to(by).filter(pk__in=clients).values_list("pk", flat=True)
    asked = RetierRequest.objects.bulk_create([RetierRequest(client_id=pk) for pk in found])
    records_changed()
    return len(asked)
