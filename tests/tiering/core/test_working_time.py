"""Working time, beside counting it minute by minute."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiering.core.working_time import due_after, worked_before, worked_between

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
FIRST = datetime(2026, 11, 1, tzinfo=ZONE)
moments = st.integers(0, 30 * 24 * 60).map(lambda minutes: FIRST + minutes * MINUTE)
spans = st.integers(0, 30 * 60).map(lambda minutes: minutes * MINUTE)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026; the 2nd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        pytest.param(at(2, 9), 9, at(2, 18), id="a day"),
        pytest.param(at(2, 16), 9, at(3, 16), id="over night"),
        pytest.param(at(6, 17), 2, at(9, 10), id="over the weekend"),
        pytest.param(at(7, 12), 1, at(9, 10), id="from a Saturday"),
        pytest.param(at(2, 20), 9, at(3, 18), id="from an evening"),
        pytest.param(at(2, 7), 45, at(6, 18), id="a week"),
        pytest.param(at(8, 3), 0, at(8, 3), id="at once"),
    ],
)
def test_due_counts_from_nine_to_six_on_weekdays(start, hours, due):
    assert due_after(start, timedelta(hours=hours)) == due


@given(moments, spans)
@settings(max_examples=40)
def test_span_is_what_is_worked_minute_by_minute(start, span):
    until = start + 2 * span
    minutes = (start + n * MINUTE for n in range(int((until - start) / MINUTE)))
    counted = sum(9 <= moment.hour < 18 and moment.weekday() < 5 for moment in minutes)
    assert worked_between(start, until) == counted * MINUTE


@given(moments, spans)
def test_due_is_the_first_moment_and_before_the_last(start, span):
    due, begun = due_after(start, span), worked_before(start, span)
    assert worked_between(start, due) == span == worked_between(begun, start)
    if span:
        assert worked_between(start, due - MINUTE) < span
        assert worked_between(begun + MINUTE, start) < span
