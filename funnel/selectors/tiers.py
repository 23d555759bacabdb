"""The tier in force of cases' clients."""

from collections.abc import Iterable

from crm.models import Client
from tiering.models import Assignment, Tier
from tiering.models.tiers import IN_FORCE


def tiers_in_force(clients: Iterable[int]) -> dict[int, Tier]:
    """Client id → tier of the primary scheme; a client without a tier is left out. One query."""
    held = Assignment.objects.filter(
        IN_FORCE, client__in=list(clients), scheme__is_primary=True, project=None
    ).select_related("tier")
    return {one.client_id: one.tier for one in held.only("client", "tier")}


def primary_tier(client: Client) -> Tier | None:
    return tiers_in_force([client.pk]).get(client.pk)
