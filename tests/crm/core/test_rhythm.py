"""When mails of notices are due, in the house's time zone."""

from datetime import datetime, time

import pytest

from crm.core.rhythm import Wish, slot_at

DAILY = Wish(rhythm="daily", hour=8, weekday=0)
WEEKLY = Wish(rhythm="weekly", hour=8, weekday=4)
NIGHT = Wish(rhythm="at_once", hour=8, weekday=0, quiet_from=time(22), quiet_until=time(7))
NOON = Wish(rhythm="at_once", hour=8, weekday=0, quiet_from=time(12), quiet_until=time(13))


@pytest.mark.parametrize(
    ("wish", "now", "key", "closes"),
    [
        (DAILY, "2026-11-22T08:00", "day:2026-11-22", "2026-11-22T08:00"),
        (DAILY, "2026-11-22T07:59", "day:2026-11-21", "2026-11-21T08:00"),
        (DAILY, "2026-11-22T23:10", "day:2026-11-22", "2026-11-22T08:00"),
        (WEEKLY, "2026-11-27T08:00", "week:2026-11-27", "2026-11-27T08:00"),
        (WEEKLY, "2026-11-27T07:00", "week:2026-11-20", "2026-11-20T08:00"),
        (WEEKLY, "2026-11-22T12:00", "week:2026-11-20", "2026-11-20T08:00"),
        (NIGHT, "2026-11-22T21:59", "now:2026-11-22T21:59", "2026-11-22T21:59"),
        (NIGHT, "2026-11-22T07:00", "now:2026-11-22T07:00", "2026-11-22T07:00"),
    ],
)
def test_slot_is_the_latest_that_has_begun(wish, now, key, closes):
    slot = slot_at(wish, datetime.fromisoformat(now))
    assert (slot.key, slot.closes) == (key, datetime.fromisoformat(closes))


@pytest.mark.parametrize(
    ("wish", "at"),
    [(NIGHT, "22:00"), (NIGHT, "03:00"), (NIGHT, "06:59"), (NOON, "12:00"), (NOON, "12:59")],
)
def test_what_would_go_at_once_waits_for_quiet_hours_to_end(wish, at):
    assert slot_at(wish, datetime.fromisoformat(f"2026-11-22T{at}")) is None


def test_whoever_wants_no_mails_has_no_slot():
    assert slot_at(Wish(rhythm="none", hour=8, weekday=0), datetime(2026, 11, 22, 12)) is None
