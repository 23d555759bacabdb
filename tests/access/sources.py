"""Sources that differ, a decision between them, and an order of sources, for the access matrix."""

from __future__ import annotations

from collections.abc import Mapping

from crm.models import Client, Role, SourceOrder
from tests.factories import make_observation
from tiering.models import SourceConflict, SourceDecision

TOLD = [
    {"source": source, "kind": "record", "record": None, "value": value, "on": None}
    for source, value in (("Survey", 100), ("Bureau", 400))
]


def add_sources(world, clients: Mapping[str, Client]) -> None:
    world.objects["source conflict"] = {
        scope: SourceConflict.objects.create(client=client, metric="employees", told=TOLD).pk
        for scope, client in clients.items()
    }
    world.objects["source decision"] = {scope: decided(world, client) for scope, client in clients.items()}
    admin = world.users[Role.CRITERIA_ADMIN]
    world.everywhere("source order", SourceOrder.objects.create(metric="pd", changed_by=admin).pk)


def decided(world, client: Client) -> int:
    return SourceDecision.objects.create(
        client=client,
        metric="employees",
        source="Survey",
        value=100,
        told=TOLD,
        reason="Audited",
        observation=make_observation(client, "employees", 100, source="decision").pk,
        decided_by=world.users[Role.RM],
    ).pk
