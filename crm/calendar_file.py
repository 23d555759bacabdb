"""A calendar as a file that calendar programs read (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from crm.days import CalendarEntry

MEETING = timedelta(hours=1)
HOST = "strata"


def written(name: str, entries: Iterable[CalendarEntry], *, base_url: str, now: datetime) -> bytes:
    """The entries as a calendar of that name; `base_url` leads to the site, and is empty where nobody has said it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Strata//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry, base_url, now))
    return calendar.to_ical()


def _event(entry: CalendarEntry, base_url: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{HOST}")
    event.add("dtstamp", now)
    event.add("summary", f"{entry.title} · {entry.client}" if entry.client else entry.title)
    event.add("dtstart", entry.at or entry.day)
    event.add("dtend", entry.at + MEETING if entry.at else entry.day + timedelta(days=1))
    event.add("transp", "OPAQUE" if entry.at else "TRANSPARENT")
    if entry.is_done:
        event.add("categories", ["DONE"])
    if base_url:
        event.add("url", f"{base_url.rstrip('/')}{entry.url}")
    return event
