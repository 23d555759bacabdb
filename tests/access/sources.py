"""Sources that differ, a decision between them, and an order of sources, for the access matrix."""

from __future__ import annotations

from collections.abc import Mapping

from crm.models import Client, Role, SourceOrder, User
from tests.factories import make_observation
from tiering.models import SourceConflict, SourceDecision

TOLD = [
    {"source": source, "kind": "record", "record": None, "value": value, "on": None}
    for source, value in (("Survey", 100), ("Bureau", 400))
]


def add_sources(world, clients: Mapping[str, Client]) -> None:
    rm, admin = world.users[Role.RM], world.users[Role.CRITERIA_ADMIN]
    world.objects["source conflict"] = {scope: differing(client) for scope, client in clients.items()}
    world.objects["source decision"] = {scope: decided(client, rm) for scope, client in clients.items()}
    world.everywhere("source order", ordered(admin))


def ids_of_sources(client: Client, by: User) -> dict[str, int]:
    """One of each, by the part of the API's address that names them."""
    return {"conflicts": differing(client), "decisions": decided(client, by), "orders": ordered(by)}


def ordered(by: User) -> int:
    return SourceOrder.objects.create(metric="pd", changed_by=by).pk


def differing(client: Client) -> int:
    return SourceConflict.objects.create(client=client, metric="employees", told=TOLD).pk


def decided(client: Client, by: User) -> int:
    return SourceDecision.objects.create(
        client=client,
        metric="employees",
        source="Survey",
        value=100,
        told=TOLD,
        reason="Audited",
        observation=make_observation(client, "employees", 100, source="decision").pk,
        decided_by=by,
    ).pk
