"""Repayment schedules: what falls due when, to the hundredth, so that the principal adds up exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from dateutil.relativedelta import relativedelta

Plan = Literal["annuity", "equal_principal", "bullet"]
MONTHS_IN_YEAR: Final = 12
MOST_INSTALMENTS: Final = 600
CENT: Final = Decimal("0.01")


@dataclass(frozen=True)
class Instalment:
    """What falls due on a day."""

    due_on: date
    principal: Decimal
    interest: Decimal


def instalments(
    *, plan: Plan, owed: Decimal, rate: Decimal, first_on: date, last_on: date, every: int
) -> list[Instalment]:
    """A schedule that repays what is `owed` from the first day on, every so many months, and whole on the last one.

    `rate` is a year's interest as a fraction; a period bears `rate` × months ÷ 12. An annuity pays about the same each
    time, equal principal less and less, a bullet interest alone until all is due at the end. Raises ValueError for more
    instalments than MOST_INSTALMENTS.
    """
    days = list(_days(first_on, last_on, every))
    period = rate * every / MONTHS_IN_YEAR
    payment = _annuity(owed, period, len(days)) if plan == "annuity" else Decimal(0)
    planned, left = [], owed
    for number, day in enumerate(days, start=1):
        interest = _round(left * period)
        principal = _principal(plan, owed, len(days), payment - interest)
        principal = left if number == len(days) else min(principal, left)
        planned.append(Instalment(day, principal, interest))
        left -= principal
    return planned


def _days(first_on: date, last_on: date, every: int) -> Iterator[date]:
    """Each so many months after the first, by its day of the month; the ends of months after the end of one. The last
    day whatever it is."""
    number, ends = 0, {"day": 31} if (first_on + timedelta(days=1)).day == 1 else {}
    while (day := first_on + relativedelta(months=every * number, **ends)) < last_on:
        if number >= MOST_INSTALMENTS:
            raise ValueError(number)
        yield day
        number += 1
    yield last_on


def _principal(plan: Plan, owed: Decimal, count: int, after_interest: Decimal) -> Decimal:
    if plan == "bullet":
        return Decimal("0.00")
    return max(_round(after_interest), Decimal(0)) if plan == "annuity" else _round(owed / count)


def _annuity(owed: Decimal, period: Decimal, count: int) -> Decimal:
    if not period:
        return owed / count
    return owed * period / (1 - (1 + period) ** -count)


def _round(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
