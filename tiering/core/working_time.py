"""Working time: Monday to Friday from nine to six, by the clock of the time zone that a moment is given in.

Holidays are not known to it: what would be due on one is due on it.
"""

from datetime import date, datetime, time, timedelta
from typing import Final

OPENS: Final = time(9)
A_DAY: Final = timedelta(hours=9)
DAYS: Final = 5
_MONDAY: Final = date(1970, 1, 5)


def worked_between(since: datetime, until: datetime) -> timedelta:
    """The working time between two moments of one zone; negative where the second is the earlier."""
    return _worked(until) - _worked(since)


def due_after(start: datetime, working: timedelta) -> datetime:
    """The first moment by which so much time has been worked since a start; the start itself for none at all."""
    return _moment(_worked(start) + working, start, at_the_end=True) if working else start


def worked_before(end: datetime, working: timedelta) -> datetime:
    """The last moment from which so much time is worked until an end; the end itself for none at all."""
    return _moment(_worked(end) - working, end, at_the_end=False) if working else end


def _worked(moment: datetime) -> timedelta:
    """What was worked since a Monday long ago."""
    weeks, weekday = divmod((moment.date() - _MONDAY).days, 7)
    whole = weeks * DAYS + min(weekday, DAYS)
    begun = datetime.combine(moment.date(), OPENS)
    today = min(max(moment.replace(tzinfo=None) - begun, timedelta()), A_DAY)
    return whole * A_DAY + (today if weekday < DAYS else timedelta())


def _moment(worked: timedelta, like: datetime, *, at_the_end: bool) -> datetime:
    """When so much was worked, in the zone of another moment: of an evening and the next morning, which are the same,
    the one or the other."""
    whole, today = divmod(worked, A_DAY)
    if at_the_end and not today:
        whole, today = whole - 1, A_DAY
    weeks, weekday = divmod(whole, DAYS)
    day = _MONDAY + timedelta(days=7 * weeks + weekday)
    return (datetime.combine(day, OPENS) + today).replace(tzinfo=like.tzinfo)
