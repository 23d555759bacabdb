"""The calendar, and its feed at a secret address."""

from datetime import date, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from crm.days import sheet_of
from crm.models import CalendarFeed, Interaction, Role, Task
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(client):
    found = make_client(rm=make_user(Role.RM))
    client.force_login(found.rm)
    return found


def test_sheet_of_a_month_holds_whole_weeks():
    sheet = sheet_of("month", date(2026, 11, 22))
    assert (sheet.first, sheet.last) == (date(2026, 10, 26), date(2026, 12, 6))
    assert (sheet.before, sheet.after) == (date(2026, 10, 1), date(2026, 12, 1))
    week = sheet_of("week", date(2026, 11, 22))
    assert (week.first, week.last, week.before) == (date(2026, 11, 16), date(2026, 11, 22), date(2026, 11, 9))


def test_calendar_shows_tasks_and_meetings_of_the_month_that_is_asked_for(client, held):
    Task.objects.create(client=held, assignee=held.rm, title="Ask for it", due_on=date(2026, 3, 5))
    Task.objects.create(client=held, assignee=held.rm, title="Much later", due_on=date(2026, 7, 5))
    for kind, subject in (("meeting", "Half-year review"), ("call", "Short call")):
        Interaction.objects.create(
            client=held, kind=kind, at="2026-03-06T02:00Z", subject=subject, author=held.rm
        )
    page = client.get(reverse("crm:calendar"), {"day": "2026-03-31"}).content.decode()
    assert "Ask for it" in page
    assert "Half-year review" in page
    assert "10:00" in page
    assert "Short call" not in page
    assert "Much later" not in page
    for odd in ("9999-99-99", "0001-01-01", "x"):
        assert client.get(reverse("crm:calendar"), {"day": odd}).status_code == 200


def test_feed_tells_what_its_owner_may_see_until_it_is_revoked(client, held):
    day = timezone.localdate() + timedelta(days=2)
    Task.objects.create(client=held, assignee=held.rm, title="Ask; for, it", due_on=day)
    strange = make_client(rm=make_user(Role.RM))
    Task.objects.create(client=strange, assignee=strange.rm, title="Not mine", due_on=day)
    page = client.post(reverse("crm:calendar-feed"))
    address = page.context["address"]
    assert address not in client.get(reverse("crm:calendar-feed")).content.decode()
    assert CalendarFeed.objects.get().token_hash not in address
    program = Browser()
    answer = program.get(address)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [(str(event["summary"]), event.decoded("dtstart")) for event in events] == [
        (f"Ask; for, it · {held.name}", day)
    ]
    client.post(reverse("crm:calendar-feed"))
    assert program.get(address).status_code == 404
    newer = client.post(reverse("crm:calendar-feed")).context["address"]
    held.rm.is_active = False
    held.rm.save()
    assert program.get(newer).status_code == 404
    held.rm.is_active = True
    held.rm.save()
    assert program.get(newer).status_code == 200
    client.post(reverse("crm:calendar-feed"), {"revoke": "on"})
    assert program.get(newer).status_code == 404
