"""Days and moments around the anchor."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of a day by the institution's clock."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(settings.TIME_ZONE))


def months_after(day: date, months: int) -> date:
    """The same day so many months later (earlier when negative), or that month's last day."""
    place = day.year * 12 + day.month - 1 + months
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def month_ends(anchor: date, count: int) -> list[date]:
    """The last days of the `count` months before the anchor's, oldest first."""
    first = anchor.replace(day=1)
    return [months_after(first, -back) - timedelta(days=1) for back in range(count - 1, -1, -1)]


def working_day(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(day.weekday() - 4, 0))
