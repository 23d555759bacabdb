"""The plain fields of a client as its page lists them."""

from __future__ import annotations

from dataclasses import dataclass

from crm.models import Client
from crm.services.clients import EDITABLE_FIELDS, OF_ORGANISATIONS
from crm.values import label_of, told


@dataclass(frozen=True)
class Detail:
    """A field of a client, what it is called, and what stands in it, in words."""

    name: str
    label: str
    text: str


def details_of(client: Client) -> list[Detail]:
    """Every field that its holder may change in place and that a client of its kind has."""
    is_person = client.kind == Client.Kind.INDIVIDUAL
    left_out = {name for name in OF_ORGANISATIONS if is_person and not getattr(client, name)}
    return [detail_of(client, name) for name in EDITABLE_FIELDS if name not in left_out]


def detail_of(client: Client, name: str) -> Detail:
    """One of them."""
    return Detail(name, label_of(Client, name), told(Client, name, getattr(client, name)))
