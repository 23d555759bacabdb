"""Notes about clients: written, edited, pinned, removed. What a note said before stays in its history."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now

from crm.cover import on_behalf_of
from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import Client, Note, User
from crm.selectors.audience import readers_of
from crm.services.mentions import check_mentions, tell_mentioned, timeline_url


@transaction.atomic
def write_note(*, by: User, client: Client, text: str, is_pinned: bool = False) -> Note:
    """Write a note about a client and tell who is mentioned. Raises NotPermitted and Invalid."""
    if not by.has_perm("crm.write_notes", client):
        raise NotPermitted
    note = Note(
        client=client, author=by, on_behalf_of=on_behalf_of(by, client.rm), text=text, is_pinned=is_pinned
    )
    _save(note, by)
    return note


@transaction.atomic
def edit_note(
    *, by: User, note: Note, version: int, text: str | None = None, is_pinned: bool | None = None
) -> Note:
    """Change a note as it was at `version`: its text, whether it is pinned, or both.

    Only its author changes what it says; whoever may change the client pins it. Raises NotPermitted, Invalid, and
    Conflict where somebody changed the note since that version.
    """
    found = _locked(note, version)
    if by.pk != found.author_id and not by.has_perm("crm.write_notes", found.client):
        raise NotPermitted
    if text is not None and text != found.text:
        if found.author_id != by.pk:
            raise NotPermitted
        found.text, found.edited_at = text, Now()
    if is_pinned is not None:
        found.is_pinned = is_pinned
    found.version += 1
    _save(found, by)
    return found


@transaction.atomic
def remove_note(*, by: User, note: Note, version: int) -> None:
    """Take a note of one's own away. Raises NotPermitted, and Conflict where somebody changed it since."""
    found = _locked(note, version)
    if found.author_id != by.pk:
        raise NotPermitted
    found.removed_at = Now()
    found.version += 1
    found.save(update_fields=["removed_at", "version"])


def _locked(note: Note, version: int) -> Note:
    notes = Note.objects.select_for_update(of=("self",)).select_related("client__rm", "author")
    found = notes.filter(pk=note.pk, removed_at__isnull=True).first()
    if found is None or found.version != version:
        raise Conflict
    return found


def _save(note: Note, by: User) -> None:
    check_mentions(text=note.text, readers=readers_of(note.client), field="text")
    try:
        note.full_clean(exclude=["edited_at"])
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    note.save()
    tell_mentioned(
        by=by,
        text=note.text,
        event=f"note:{note.pk}",
        client=note.client_id,
        url=f"{timeline_url(note.client)}#note-{note.pk}",
    )
