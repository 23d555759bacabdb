"""Schedules of facilities: generated, entered or read from a list; and instalments that are paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.schedules import MOST_INSTALMENTS, Instalment, Plan, instalments
from crm.errors import Conflict, DomainError, Invalid
from crm.formats import money
from crm.models import Facility, Payment, User
from crm.models.conduct import today
from crm.services.carrying import in_book
from crm.services.facilities import repaid
from crm.services.holding import check_hold, held
from crm.signals import records_changed

ROUNDING: Final = Decimal("1")


class PaidAlready(DomainError):
    code = "paid_already"
    message = gettext_lazy("This instalment is paid already. Reload the page to see its state.")


class NotPaid(DomainError):
    code = "not_paid"
    message = gettext_lazy("Nothing of this instalment is paid.")


@transaction.atomic
def plan_repayment(
    *, by: User, facility: Facility, version: int, plan: Plan, first_on: date, every: int
) -> list[Payment]:
    """Put a schedule of one of three plans in place of the instalments of which nothing is paid.

    It repays what is owed, from the first day on every so many months, and whole at maturity. Raises NotPermitted,
    Conflict where the facility was changed since `version`, and Invalid.
    """
    found = _to_schedule(by, facility, version)
    if found.rate is None and plan != "equal_principal":
        raise Invalid({"plan": [_("The facility has no interest rate; enter one first.")]})
    if not found.opened_on <= first_on <= found.matures_on:
        raise Invalid({"first_on": [_("The first day lies between opening and maturity.")]})
    if not 1 <= every <= 12:
        raise Invalid({"every": [_("Every 1 to 12 months.")]})
    owed = _to_plan(found)
    rate = Decimal(str(found.rate or 0))
    try:
        planned = instalments(
            plan=plan, owed=owed, rate=rate, first_on=first_on, last_on=found.matures_on, every=every
        )
    except ValueError as error:
        most = {"most": MOST_INSTALMENTS}
        raise Invalid({"every": [_("A schedule has at most %(most)d instalments.") % most]}) from error
    return _replace(found, planned)


@transaction.atomic
def enter_schedule(
    *, by: User, facility: Facility, version: int, planned: Sequence[Instalment]
) -> list[Payment]:
    """Put the given instalments, in the facility's currency, in place of those of which nothing is paid.

    Raises NotPermitted, Conflict where the facility was changed since `version`, and Invalid: for a day given twice or
    paid already, a day outside the facility's life, and for more principal than is owed.
    """
    found = _to_schedule(by, facility, version)
    carried = [
        Instalment(one.due_on, in_book(found, one.principal), in_book(found, one.interest)) for one in planned
    ]
    _check_days(found, carried)
    owed = _to_plan(found)
    together = sum((one.principal for one in carried), Decimal(0))
    if together > owed + ROUNDING:
        message = _("The instalments repay %(together)s, but %(owed)s is owed: %(over)s too much.")
        amounts = {"together": together, "owed": owed, "over": together - owed}
        raise Invalid({"lines": [message % {name: f"{value:,.2f}" for name, value in amounts.items()}]})
    return _replace(found, carried)


@transaction.atomic
def note_payment(
    *, by: User, payment: Payment, paid_on: date, amount: Decimal, known: Decimal | None
) -> Payment:
    """Note that an amount, in the facility's currency, came in for an instalment on a day.

    Part payments add up; the instalment is paid on the day on which all of it is there. `known` is what the writer saw
    as paid so far. Raises NotPermitted, PaidAlready, Invalid, and Conflict where another payment was noted meanwhile.
    """
    found = _locked_payment(by, payment)
    facility = found.facility
    if found.paid_on is not None:
        raise PaidAlready
    if facility.in_own(found.paid_amount) != known:
        raise Conflict
    came = in_book(facility, amount)
    _check_payment(found, paid_on, came)
    found.paid_amount = (found.paid_amount or Decimal(0)) + came
    if found.paid_amount >= found.due - _least(facility):
        found.paid_on, found.paid_amount = paid_on, max(found.paid_amount, found.due)
    found.save()
    records_changed()
    return found


@transaction.atomic
def take_payment_back(*, by: User, payment: Payment) -> Payment:
    """Undo what was noted as paid of an instalment; its history keeps it. Raises NotPermitted and NotPaid."""
    found = _locked_payment(by, payment)
    if found.paid_on is None and not found.paid_amount:
        raise NotPaid
    found.paid_on = found.paid_amount = None
    found.save()
    records_changed()
    return found


def _to_schedule(by: User, facility: Facility, version: int) -> Facility:
    found = held(facility, by)
    if found.version != version:
        raise Conflict
    if found.closed_on is not None:
        raise Invalid({"": [_("The facility is closed; nothing more falls due.")]})
    return found


def _to_plan(facility: Facility) -> Decimal:
    """What is owed and not promised by an instalment that stays: one of which a part is paid."""
    begun = _begun(facility)
    return facility.drawn - repaid(facility) - sum((one.principal for one in begun), Decimal(0))


def _begun(facility: Facility) -> list[Payment]:
    return list(facility.payments.filter(paid_on__isnull=True, paid_amount__gt=0))


def _check_days(facility: Facility, planned: Sequence[Instalment]) -> None:
    refused, seen = [], set()
    for number, one in enumerate(planned, start=1):
        if one.due_on in seen:
            refused.append(_("Line %(number)d: this day is given twice.") % {"number": number})
        if not facility.opened_on <= one.due_on:
            refused.append(_("Line %(number)d: the facility was not open yet.") % {"number": number})
        seen.add(one.due_on)
    if not planned:
        refused.append(_("Give at least one instalment."))
    if len(planned) > MOST_INSTALMENTS:
        refused.append(_("A schedule has at most %(most)d instalments.") % {"most": MOST_INSTALMENTS})
    if refused:
        raise Invalid({"lines": refused})


def _replace(facility: Facility, planned: Sequence[Instalment]) -> list[Payment]:
    """With the facility locked."""
    facility.payments.filter(paid_on__isnull=True, paid_amount__isnull=True).delete()
    facility.payments.filter(paid_on__isnull=True, paid_amount=0).delete()
    standing = set(facility.payments.values_list("due_on", flat=True))
    if taken := sorted(one.due_on for one in planned if one.due_on in standing):
        message = _("An instalment of %(day)s is paid, whole or in part, and stays. Leave that day out.")
        raise Invalid({"lines": [message % {"day": taken[0].isoformat()}]})
    facility.version += 1
    facility.save(update_fields=["version"])
    rows = [
        Payment(facility=facility, due_on=one.due_on, principal=one.principal, interest=one.interest)
        for one in planned
    ]
    Payment.objects.bulk_create(rows)
    records_changed()
    return rows


def _locked_payment(by: User, payment: Payment) -> Payment:
    rows = Payment.objects.select_for_update(of=("self",)).select_related("facility__client")
    found = rows.get(pk=payment.pk)
    check_hold(by, found.facility.client)
    return found


def _check_payment(payment: Payment, paid_on: date, came: Decimal) -> None:
    if paid_on > today():
        raise Invalid({"paid_on": [_("This day has not come yet.")]})
    if paid_on < payment.facility.opened_on:
        raise Invalid({"paid_on": [_("The facility was not open yet.")]})
    if came <= 0:
        raise Invalid({"amount": [_("An amount above 0.")]})
    if came > payment.outstanding + _least(payment.facility):
        message = _("Only %(amount)s of this instalment is open.")
        raise Invalid({"amount": [message % {"amount": money(payment.outstanding)}]})


def _least(facility: Facility) -> Decimal:
    """What carrying an amount at a rate may lose by rounding."""
    return Decimal("0.01") if facility.is_foreign else Decimal(0)
