"""Somebody's calendar: what is due, meant or was done on days, from every app (`slots.calendar`)."""

from __future__ import annotations

import math
from calendar import MONDAY, Calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from dateutil.relativedelta import relativedelta

if TYPE_CHECKING:
    from crm.attention import Looking

LONGEST: Final = 400
"""Days that may be asked for at once."""
MOST: Final = 200
"""Entries that a source gives at most; the calendar is for days, not for lists."""
View = Literal["month", "week"]


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """Something on a day, or from a moment of it on. `uid` names it for good, also for calendar programs."""

    uid: str
    day: date
    title: str
    url: str
    client: str = ""
    at: datetime | None = None
    is_done: bool = False
    icon: str = ""


@dataclass(frozen=True)
class Day:
    day: date
    entries: list[CalendarEntry]
    is_outside: bool
    is_today: bool


@dataclass(frozen=True)
class Sheet:
    """A month or a week as it is shown: its weeks, and the days by which one leafs."""

    first: date
    last: date
    weeks: list[list[date]]
    before: date
    after: date


def sheet_of(view: View, day: date) -> Sheet:
    """The sheet on which a day lies; weeks begin on Monday."""
    if view == "week":
        first = day - timedelta(days=day.weekday())
        week = [first + timedelta(days=number) for number in range(7)]
        return Sheet(first, week[-1], [week], first - timedelta(days=7), first + timedelta(days=7))
    weeks = Calendar(MONDAY).monthdatescalendar(day.year, day.month)
    first = day.replace(day=1)
    month = relativedelta(months=1)
    return Sheet(weeks[0][0], weeks[-1][-1], weeks, first - month, first + month)


def entries(looking: Looking, first: date, last: date) -> list[CalendarEntry]:
    """Everything from one day to another, both included, in order. A constant number of queries."""
    from crm import slots

    found = [
        entry
        for source in slots.calendar.for_user(looking.user)
        for entry in source.load(looking, first, last)
    ]
    return sorted(found, key=lambda one: (one.day, one.at.timestamp() if one.at else math.inf, one.title))


def weeks_of(looking: Looking, sheet: Sheet, month: int | None) -> list[list[Day]]:
    """The days of a sheet with their entries; days of other months than `month` are outside."""
    by_day: dict[date, list[CalendarEntry]] = defaultdict(list)
    for entry in entries(looking, sheet.first, sheet.last):
        by_day[entry.day].append(entry)
    return [
        [Day(day, by_day[day], month is not None and day.month != month, day == looking.day) for day in week]
        for week in sheet.weeks
    ]
