"""The tier in force of cases' clients."""

from collections.abc import Iterable

from crm.models import Client
from tiering.models import Assignment, Tier


def tiers_in_force(clients: Iterable[int]) -> dict[int, Tier]:
    """Client id → tier of the primary scheme; a client without a tier is left out. One query."""
    assignments = Assignment.objects.filter(
        client__in=list(clients), scheme__is_primary=True, valid_to__isnull=True
    ).select_related("tier")
    return {assignment.client_id: assignment.tier for assignment in assignments}


def primary_tier(client: Client) -> Tier | None:
    return tiers_in_force([client.pk]).get(client.pk)
