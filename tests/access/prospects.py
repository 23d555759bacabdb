"""Prospects of each scope, in the house of the access matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crm.models import Client, User
from funnel.models import ProspectEdit, ProspectTwin
from tests.funnel.prospects.making import make_prospect

if TYPE_CHECKING:
    from tests.access.world import World


def add_prospects(world: World, clients: Mapping[str, Client], holders: Mapping[str, User]) -> None:
    made = {scope: make_prospect(holder) for scope, holder in holders.items()}
    world.objects["prospect"] = {scope: one.pk for scope, one in made.items()}
    world.objects["lead source"] = {scope: one.source_id for scope, one in made.items()}
    world.objects["prospect twin"] = {
        scope: ProspectTwin.objects.create(prospect=one, client=clients[scope], score=90).pk
        for scope, one in made.items()
    }
    world.objects["prospect edit"] = {
        scope: ProspectEdit.objects.create(by=holders[scope], prospects=[one.pk]).pk
        for scope, one in made.items()
    }


def ids_of_prospects(client: Client) -> dict[str, int]:
    """One of each for the RM of a client, by the part of the API's address that names them."""
    assert client.rm is not None
    made = make_prospect(client.rm)
    return {
        "prospects": made.pk,
        "lead-sources": made.source_id,
        "prospect-twins": ProspectTwin.objects.create(prospect=made, client=client, score=90).pk,
        "prospect-edits": ProspectEdit.objects.create(by=client.rm, prospects=[made.pk]).pk,
    }
