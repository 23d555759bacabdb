"""What the palette offers for a term: clients by name or code, then pages and acts by their label."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from crm import slots
from crm.models import Client, User

CLIENTS_SHOWN = 8


@dataclass(frozen=True)
class Destination:
    label: str | Promise
    icon: str
    url: str


def clients_for(user: User, term: str) -> list[Client]:
    """The first clients whose name, code or registration number holds the term; none for an empty one."""
    if not term.strip():
        return []
    return list(Client.objects.visible_to(user).matching(term).order_by("sort_key", "id")[:CLIENTS_SHOWN])


def destinations_for(user: User, term: str) -> list[Destination]:
    """Pages and acts that the user may go to, whose label holds the term."""
    entries: list[slots.NavEntry | slots.PaletteEntry] = [
        *slots.nav.for_user(user),
        *slots.palette.for_user(user),
    ]
    wanted = term.strip().lower()
    return [
        Destination(entry.label, entry.icon, reverse(entry.url_name))
        for entry in entries
        if wanted in str(entry.label).lower()
    ]
