"""Notes about a client, and what they said before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm.history import events_of
from crm.models import Client, Note, User


def pinned_notes(client: Client, user: User) -> list[Note]:
    """The latest pinned first."""
    notes = Note.objects.visible_to(user).filter(client=client, is_pinned=True)
    return list(notes.select_related("author", "on_behalf_of"))


@dataclass(frozen=True)
class Version:
    """What a note said from a moment on, and who wrote it so."""

    at: datetime
    text: str


def versions_of(note: Note) -> list[Version]:
    """The texts of a note, the latest first; pinning it makes none. One query."""
    events = events_of(Note).filter(pgh_obj=note.pk).order_by("pgh_id")
    found: list[Version] = []
    for at, text in events.values_list("pgh_created_at", "text"):
        if not found or found[-1].text != text:
            found.append(Version(at, text))
    return found[::-1]
