"""What several commands ask for in the same words."""

from datetime import date, datetime, time

from django.core.management.base import CommandError
from django.utils.dateparse import parse_date
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _


def day_of(text: str) -> date:
    """The day that an option names. Raises CommandError."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(_("“%(text)s” is not a date such as 2026-01-31.") % {"text": text})
    return day


def beginning_of(text: str | None) -> datetime | None:
    """The first moment of a day, where the institution is."""
    return make_aware(datetime.combine(day_of(text), time.min)) if text else None


def end_of(text: str | None) -> datetime | None:
    """The last moment of a day, where the institution is."""
    return make_aware(datetime.combine(day_of(text), time.max)) if text else None
