"""What a facility owes, what secures it, and how its instalments stand on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.models import Collateral, Facility, Payment


@dataclass(frozen=True)
class Line:
    """An instalment on a day. `days_overdue` is 0 where it is paid or not due yet."""

    payment: Payment
    days_overdue: int
    left: Decimal


@dataclass(frozen=True)
class Account:
    """A facility on a day; amounts in units of the book currency. `left` is the principal after all instalments."""

    lines: list[Line]
    collateral: list[Collateral]
    repaid: Decimal
    overdue: Decimal
    days_overdue: int
    balance: Decimal
    secured: Decimal
    planned: Decimal

    @property
    def cover(self) -> float | None:
        """What of the balance the collateral covers; not known where nothing is owed."""
        return float(self.secured / self.balance) if self.balance else None

    @property
    def unplanned(self) -> Decimal:
        """The principal owed that no instalment repays."""
        return self.balance - self.planned


def account_of(facility: Facility, day: date) -> Account:
    """Two queries."""
    payments = list(facility.payments.order_by("due_on"))
    collateral = list(facility.collateral.all())
    lines, left = [], facility.drawn
    for payment in payments:
        left -= payment.principal
        lines.append(Line(payment, _days_overdue(payment, day), max(left, Decimal(0))))
    repaid = sum((one.principal for one in payments if one.paid_on), Decimal(0))
    late = [line for line in lines if line.days_overdue]
    standing = [one for one in collateral if one.released_on is None]
    return Account(
        lines=lines,
        collateral=collateral,
        repaid=repaid,
        overdue=sum((line.payment.outstanding for line in late), Decimal(0)),
        days_overdue=max((line.days_overdue for line in late), default=0),
        balance=max(facility.drawn - repaid, Decimal(0)),
        secured=sum((one.value for one in standing), Decimal(0)),
        planned=sum((one.principal for one in payments if not one.paid_on), Decimal(0)),
    )


def _days_overdue(payment: Payment, day: date) -> int:
    return 0 if payment.paid_on else max((day - payment.due_on).days, 0)
