"""The day by the API: the same services, rules and messages as the pages."""

from datetime import date

import pytest
from django.test import Client as Browser

from crm.models import Interaction, Note, Role, Snooze, Task
from crm.models.conduct import today
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def held():
    return make_client(rm=make_user(Role.RM))


@pytest.fixture
def api(held):
    browser = Browser()
    browser.force_login(held.rm)
    return browser


def send(browser, method: str, path: str, **body):
    return getattr(browser, method)(f"/api/v1/{path}", body, content_type=JSON)


def test_contact_is_logged_listed_and_stands_on_the_timeline(api, held):
    said = {"kind": "call", "at": "2026-03-02T02:00:00Z", "subject": "Drawdown", "client": held.pk}
    told = send(api, "post", "interactions/", **said, next_step="Call again", next_due="2026-12-01")
    assert told.status_code == 201
    assert Task.objects.get().due_on == date(2026, 12, 1)
    listed = api.get("/api/v1/interactions/", {"client": held.pk}).json()["results"]
    assert [one["subject"] for one in listed] == ["Drawdown"]
    refused = send(api, "post", "interactions/", **said, people=[1])
    assert refused.json()["fields"] == {"people": ["Choose among the people of this client."]}
    events = api.get(f"/api/v1/clients/{held.pk}/timeline/", {"kind": "interactions"}).json()
    assert [one["title"] for one in events["results"]] == ["Drawdown"]
    assert Interaction.objects.count() == 1


def test_note_is_written_changed_against_its_version_and_removed(api, held):
    note = send(api, "post", "notes/", client=held.pk, text="Owner is ill").json()
    changed = send(api, "patch", f"notes/{note['id']}/", version=1, text="Owner is well")
    assert (changed.json()["version"], changed.json()["text"]) == (2, "Owner is well")
    assert send(api, "patch", f"notes/{note['id']}/", version=1, is_pinned=True).status_code == 409
    told = api.get(f"/api/v1/notes/{note['id']}/versions/").json()
    assert [one["text"] for one in told] == ["Owner is well", "Owner is ill"]
    assert send(api, "delete", f"notes/{note['id']}/", version=2).status_code == 204
    assert not Note.objects.visible_to(held.rm).exists()


def test_client_is_followed_and_followed_no_more(api, held):
    assert send(api, "put", f"clients/{held.pk}/follow/").json() == {"is_followed": True}
    assert send(api, "delete", f"clients/{held.pk}/follow/").json() == {"is_followed": False}


def test_today_and_the_calendar_tell_what_is_due_and_lines_are_put_off(api, held):
    task = Task.objects.create(client=held, assignee=held.rm, title="Call", due_on=today())
    groups = {group["key"]: group for group in api.get("/api/v1/today/").json()}
    assert groups["tasks"]["lines"][0]["task"] == task.pk
    refused = send(api, "post", "today/snooze/", source="nothing", item=1, days=1)
    assert refused.json()["fields"] == {"source": ["Today has no such lines for you."]}
    send(api, "post", "today/snooze/", source="tasks", item=task.pk, days=3)
    groups = {group["key"]: group for group in api.get("/api/v1/today/").json()}
    assert (groups["tasks"]["count"], groups["tasks"]["snoozed"]) == (0, 1)
    assert send(api, "delete", "today/snooze/", source="tasks").json() == {"woken": 1}
    assert not Snooze.objects.exists()
    days = {"first": today().isoformat(), "last": today().isoformat()}
    assert [one["title"] for one in api.get("/api/v1/calendar/", days).json()] == ["Call"]
    assert api.get("/api/v1/calendar/", {"first": "x", "last": "y"}).status_code == 400
    address = send(api, "post", "calendar/feed/").json()["address"]
    assert Browser().get(address).status_code == 200
    assert send(api, "delete", "calendar/feed/").status_code == 204
    assert Browser().get(address).status_code == 404


def test_book_is_handed_over_and_taken_back():
    lead = make_user(Role.TEAM_LEAD)
    giver, taker = (make_user(Role.RM, team=lead.team) for _ in range(2))
    held = make_client(rm=giver)
    browser = Browser()
    browser.force_login(lead)
    plan = {"giver": giver.pk, "receivers": [taker.pk]}
    told = send(browser, "post", "handovers/preview/", **plan).json()
    assert {"part": "clients", "count": 1} in told["counts"]
    strange = send(browser, "post", "handovers/preview/", **plan | {"receivers": [make_user(Role.RM).pk]})
    assert strange.json()["fields"] == {"receivers": ["There is no RM with this id in your team."]}
    made = send(browser, "post", "handovers/", **plan, reason="Left").json()
    assert [one["item"] for one in made["items"]] == [held.pk]
    undone = send(browser, "post", f"handovers/{made['id']}/undo/").json()
    assert [one["state"] for one in undone["items"]] == ["returned"]
    assert send(browser, "post", f"handovers/{made['id']}/undo/").status_code == 409
