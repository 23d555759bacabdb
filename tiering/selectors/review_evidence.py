"""What a periodic review rests on beside the ledgers: the figures of the client that nobody keeps day by day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crm.models import Client, Interaction
from crm.selectors.figures import NO_EXPOSURE, exposures
from tiering.facts import local_day
from tiering.models import FacilityChange, TierScheme
from tiering.selectors.consequences import consequences_of


def figures_of(client: Client, scheme: TierScheme, at: datetime) -> dict[str, Any]:
    """The figures at a moment, as JSON: what is owed and may be drawn, how often there was contact, what is proposed for
    facilities, and the ceiling that follows from the tier."""
    found = exposures([client.pk], local_day(at)).get(client.pk, NO_EXPOSURE)
    spoken = Interaction.objects.filter(client=client, at__lte=at)
    latest = spoken.order_by("-at").values_list("at", flat=True).first()
    follows = consequences_of(client, scheme, at)
    waiting = FacilityChange.objects.filter(client=client, status=FacilityChange.Status.PROPOSED)
    return {
        "exposure": float(found.drawn),
        "limit": float(found.limit),
        "contacts": spoken.count(),
        "last_contact": latest.isoformat() if latest else None,
        "facility_changes": waiting.count(),
        "ceiling": follows.after.ceiling.amount if follows else None,
    }
