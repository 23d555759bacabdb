"""Notes with their history, and the timeline that they stand on."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.errors import Conflict, NotPermitted
from crm.models import Interaction, Note, Role
from crm.services.clients import assign_rm
from crm.services.notes import edit_note
from crm.timeline import PAGE, page_of_timeline
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(client):
    found = make_client(rm=make_user(Role.RM))
    client.force_login(found.rm)
    return found


def tab(client, about, **query) -> str:
    return client.get(reverse("crm:client-tab", args=[about.pk, "timeline"]), query).content.decode()


def test_note_is_kept_pinned_edited_with_its_history_and_removed(client, held):
    client.post(reverse("crm:note-new", args=[held.pk]), {"text": "Owner is ill"})
    note = Note.objects.get()
    client.post(reverse("crm:note-pin", args=[note.pk]), {"pin": "on"})
    assert "pinned-note" in tab(client, held)
    edit = {"text": "Owner is well again", "version": 2, "is_pinned": "on"}
    client.post(reverse("crm:note-edit", args=[note.pk]), edit)
    assert "Owner is ill" not in tab(client, held)
    history = client.get(reverse("crm:note-history", args=[note.pk])).content.decode()
    assert history.index("Owner is well again") < history.index("Owner is ill")
    late = client.post(reverse("crm:note-edit", args=[note.pk]), edit | {"text": "Mine"})
    assert "Somebody changed this" in late.content.decode()
    assert "Mine" in late.content.decode()
    client.post(reverse("crm:note-remove", args=[note.pk]))
    assert "Owner is well again" not in tab(client, held)
    assert client.get(reverse("crm:note-history", args=[note.pk])).status_code == 404


def test_only_its_author_changes_what_a_note_says(held):
    note = held.notes.create(text="Careful", author=held.rm)
    lead = make_user(Role.TEAM_LEAD, team=held.team)
    with pytest.raises(NotPermitted):
        edit_note(by=lead, note=note, version=1, text="Careless")
    assert edit_note(by=lead, note=note, version=1, is_pinned=True).is_pinned
    with pytest.raises(Conflict):
        edit_note(by=held.rm, note=note, version=1, text="Careless")


def test_timeline_is_filtered_by_who_did_it_and_by_kind(client, held):
    held.notes.create(text="A note of mine", author=held.rm)
    Interaction.objects.create(client=held, kind="call", at=timezone.now(), subject="A call", author=held.rm)
    lead = make_user(Role.TEAM_LEAD, team=held.team)
    assign_rm(by=lead, client_ids=[held.pk], rm=make_user(Role.RM, team=held.team, name="New One"))
    people, system = tab(client, held, by="people"), tab(client, held, by="system")
    assert "The RM is New One" in system
    assert "The RM is New One" not in people
    assert "A call" in people
    assert "A call" not in system
    notes = tab(client, held, kind="notes")
    assert "A note of mine" in notes
    assert "A call" not in notes


def test_paging_shows_every_event_once_even_of_one_moment(held):
    at = timezone.now() - timedelta(days=1)
    for number in range(PAGE):
        Interaction.objects.create(client=held, kind="call", at=at, subject=f"{number}", author=held.rm)
        Note.objects.create(client=held, text=f"{number}", author=held.rm, created_at=at)
    seen, after = [], ""
    for _page in range(3):
        page = page_of_timeline(held, held.rm, by="people", after=after)
        seen += [(row.source.key, row.event.pk) for row in page.rows]
        after = page.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == 2 * PAGE
    assert page_of_timeline(held, held.rm, after="forged").rows
