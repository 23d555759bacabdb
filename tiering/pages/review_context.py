"""What else one wants to know of a client before deciding on its tier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.safestring import SafeString

from crm import slots
from crm.fragments import render_fragment
from crm.http import Request
from crm.models import Attachment, Client, Interaction, Participation
from crm.selectors.figures import NO_EXPOSURE, Exposure, exposures
from crm.selectors.groups import group_ids, together

SHOWN: Final = 5
PANELS: Final = ("schemes", "alerts", "overrides", "interests")
"""The panels of the client page that stand beside a decision too, as far as apps have them."""


@dataclass(frozen=True)
class Linked:
    """What the client owes, what its group of ``members`` owes together, and what it and the clients in its projects
    owe together; ``parties`` of these."""

    own: Exposure
    group: Exposure
    members: int
    together: Decimal
    parties: int


def context_of(client: Client, request: Request, at: datetime) -> dict[str, Any]:
    """Tiers by scheme, exposure, contacts, alerts, documents and overrides of a client."""
    user = request.user
    documents = Attachment.objects.visible_to(user).filter(client=client).select_related("uploaded_by")
    interactions = Interaction.objects.visible_to(user).filter(client=client).select_related("author")
    return {
        "client": client,
        "panels": panels_of(client, request),
        "linked": linked_exposure(client, at),
        "interactions": interactions.order_by("-at")[:SHOWN],
        "documents": documents.order_by("-pk")[:SHOWN],
    }


def panels_of(client: Client, request: Request) -> list[SafeString]:
    """The panels that the reader may see and that have something to say."""
    found = (slots.client_panels.get(key, request.user) for key in PANELS)
    rendered = (render_fragment(request, panel.url_name, client.pk) for panel in found if panel)
    return [html for html in rendered if html.strip()]


def linked_exposure(client: Client, at: datetime) -> Linked:
    """The exposure of a client, of its group, and of everybody who takes part in its projects."""
    day = timezone.localdate(at)
    projects = Participation.objects.filter(client=client).values("project")
    parties = set(Participation.objects.filter(project__in=projects).values_list("client", flat=True))
    members = group_ids(client.pk, day)
    found = exposures({client.pk, *members, *parties}, day)
    linked = [found.get(pk, NO_EXPOSURE) for pk in {client.pk, *parties}]
    return Linked(
        own=found.get(client.pk, NO_EXPOSURE),
        group=together(found.get(pk, NO_EXPOSURE) for pk in members),
        members=len(members),
        together=together(linked).drawn,
        parties=len(parties - {client.pk}),
    )
