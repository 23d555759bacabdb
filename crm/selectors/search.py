"""The search over everything that has a name: records of every app by kind, then pages and acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import slots
from crm.core.terms import HOLDS, rank_of, words_of
from crm.models import Client, ContactPerson, Project, User
from crm.names import search_text
from crm.selectors.cells import cells_of
from crm.selectors.nearest import SOUNDS, Found, nearest

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

IN_PALETTE: Final = 6
ON_PAGE: Final = 30
LONGEST_TERM: Final = 100


@dataclass(frozen=True)
class Group:
    """What was found of one kind, best first."""

    key: str
    label: _StrOrPromise
    hits: Sequence[slots.Hit]


def search(user: User, term: str, most: int) -> list[Group]:
    """At most so many of each kind that the user may see; kinds with the better answers first. Of no term, pages."""
    words = words_of(term[:LONGEST_TERM])
    groups = [Group("pages", _("Go to"), destinations(user, words))]
    if words:
        groups = [
            *(Group(one.key, one.label, one.find(user, words, most)) for one in _sources(user)),
            *groups,
        ]
    return sorted((group for group in groups if group.hits), key=lambda group: group.hits[0].rank[0])


def _sources(user: User) -> list[slots.SearchSource]:
    return slots.search_sources.for_user(user)


def destinations(user: User, words: Sequence[str]) -> list[slots.Hit]:
    """Pages and acts that the user may go to, whose label holds the words."""
    entries: list[slots.NavEntry | slots.PaletteEntry] = [
        *slots.nav.for_user(user),
        *slots.palette.for_user(user),
    ]
    texts = [(entry, search_text(str(entry.label))) for entry in entries]
    hits = [
        slots.Hit(
            label=entry.label,
            url=reverse(entry.url_name),
            rank=rank_of(text, words) if words else (HOLDS,),
            icon=entry.icon,
        )
        for entry, text in texts
        if all(word in text for word in words)
    ]
    return sorted(hits, key=lambda hit: hit.rank)


def find_clients(user: User, words: Sequence[str], most: int) -> list[slots.Hit]:
    """Clients with their tier; of equally good answers those of one's own book first."""
    found = nearest(Client.objects.visible_to(user), words, most)
    if not found or found[0][1][0] >= SOUNDS:
        found = _merged(user, words, most) or found
    badges = cells_of("tier", [client for client, _rank in found], user)
    hits = [
        slots.Hit(
            label=client.name,
            detail=client.second_name,
            url=reverse("crm:client", args=[client.pk]),
            rank=(level, client.rm_id != user.pk, rest),
            badge=badge,
        )
        for (client, (level, rest)), badge in zip(found, badges, strict=True)
    ]
    return sorted(hits, key=lambda hit: hit.rank)


def _merged(user: User, words: Sequence[str], most: int) -> list[Found[Client]]:
    """Clients of which others are part now that the words are names or numbers of."""
    gone = Client.objects.merged_visible_to(user).select_related("merged_into")
    found = nearest(gone, words, most, forgiving=False)
    known = {row.merged_into_id: (row.merged_into, rank) for row, rank in found if row.merged_into}
    return list(known.values())


def find_projects(user: User, words: Sequence[str], most: int) -> list[slots.Hit]:
    return [
        slots.Hit(
            label=str(project),
            detail=f"{project.code} · {project.get_status_display()}",
            url=reverse("crm:project", args=[project.pk]),
            rank=rank,
            icon="building-2",
        )
        for project, rank in nearest(Project.objects.visible_to(user), words, most)
    ]


def find_people(user: User, words: Sequence[str], most: int) -> list[slots.Hit]:
    """Those who are still at their client, with its name."""
    people = ContactPerson.objects.visible_to(user).filter(ended_on=None).select_related("client")
    return [
        slots.Hit(
            label=person.name,
            detail=" · ".join(filter(None, (person.position, person.client.name))),
            url=reverse("crm:client", args=[person.client_id]),
            rank=rank,
            icon="user",
        )
        for person, rank in nearest(people, words, most)
    ]
