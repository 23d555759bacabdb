"""The plain fields of a client as its page lists them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from crm.addresses import address
from crm.definitions import meaning_of
from crm.formats import MISSING
from crm.models import Client
from crm.selectors.profiles import Known
from crm.services.clients import EDITABLE_FIELDS, OF_ORGANISATIONS
from crm.values import label_of, told


@dataclass(frozen=True)
class Detail:
    """A field of a client, what it is called, what stands in it, in words, what it means, and the address at which it is
    changed in its place."""

    name: str
    label: str
    text: str
    meaning: str
    url: str


def profile_detail(client: Client, known: Known) -> Detail:
    """A declared field of the client."""
    field = known.field
    url = address("crm:profile-field", client.pk, field.key)
    return Detail(field.key, field.label, known.text or MISSING, field.meaning, url)


def details_of(client: Client, told_elsewhere: Collection[str] = ()) -> list[Detail]:
    """Every field that its holder may change in place and that a client of its kind has, but for what the page tells
    elsewhere."""
    is_person = client.kind == Client.Kind.INDIVIDUAL
    left_out = {name for name in OF_ORGANISATIONS if is_person and not getattr(client, name)}.union(
        told_elsewhere
    )
    return [detail_of(client, name) for name in EDITABLE_FIELDS if name not in left_out]


def detail_of(client: Client, name: str) -> Detail:
    """One of them."""
    return Detail(
        name,
        label_of(Client, name),
        told(Client, name, getattr(client, name)),
        meaning_of("client", name),
        address("crm:client-field", client.pk, name),
    )
