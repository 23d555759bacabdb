"""Opening and changing facilities, and what secures them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.errors import Conflict, DomainError, Invalid
from crm.formats import money
from crm.models import Client, Collateral, Facility, Participation, Payment, User
from crm.models.conduct import today
from crm.services.carrying import carry, in_book
from crm.services.holding import check_hold, check_version, held
from crm.services.saving import save
from crm.signals import records_changed

FIELDS: Final = ("project", "number", "product", "rate", "opened_on", "matures_on", "closed_on")
AMOUNTS: Final = ("limit", "drawn")
COLLATERAL_FIELDS: Final = ("kind", "name", "valued_on", "valuer")


class ReleasedAlready(DomainError):
    code = "released_already"
    message = gettext_lazy("This collateral is released already. Reload the page to see its state.")


@transaction.atomic
def open_facility(
    *, by: User, client: Client, currency: str = "", exchange_rate: Decimal | None = None, **fields: Any
) -> Facility:
    """A facility of a client; `limit` and `drawn` are in `currency` (empty: the book's).

    Raises NotPermitted, and Invalid with the fields that break a rule.
    """
    check_hold(by, client)
    facility = Facility(client=client)
    carry(facility, currency, exchange_rate)
    _set(facility, fields)
    _save(facility)
    return facility


@transaction.atomic
def change_facility(
    *,
    by: User,
    facility: Facility,
    version: int,
    reason: str,
    currency: str | None = None,
    exchange_rate: Decimal | None = None,
    **fields: Any,
) -> Facility:
    """Change a facility as it was at `version`, for a reason that its history keeps.

    Another exchange rate values its instalments anew as well. Raises NotPermitted, Invalid, and Conflict where somebody
    changed it since that version.
    """
    found = held(facility, by)
    if found.version != version:
        raise Conflict
    if not reason.strip():
        raise Invalid({"reason": [_("Say why it is changed; the history keeps it.")]})
    own = {name: found.in_own(getattr(found, name)) for name in AMOUNTS}
    rate_before = found.exchange_rate
    carry(found, found.currency if currency is None else currency, exchange_rate or found.exchange_rate)
    _set(found, {**own, **fields})
    found.change_reason = reason.strip()
    found.version += 1
    _save(found)
    if found.exchange_rate != rate_before:
        _value_anew(found, rate_before)
    return found


@transaction.atomic
def add_collateral(
    *,
    by: User,
    facility: Facility,
    value: Decimal,
    currency: str = "",
    exchange_rate: Decimal | None = None,
    **fields: Any,
) -> Collateral:
    """What secures a facility, at its value on a day. Raises NotPermitted and Invalid."""
    found = held(facility, by)
    row = Collateral(client_id=found.client_id, facility=found, **_known(fields, COLLATERAL_FIELDS))
    carry(row, currency, exchange_rate)
    row.value = in_book(row, value)
    _save_collateral(row)
    return row


@transaction.atomic
def change_collateral(
    *,
    by: User,
    collateral: Collateral,
    version: int,
    value: Decimal | None = None,
    currency: str | None = None,
    exchange_rate: Decimal | None = None,
    **fields: Any,
) -> Collateral:
    """Correct or value anew what secures a facility, as at `version`.

    Raises NotPermitted, ReleasedAlready, Invalid and Conflict.
    """
    found = _standing(by, collateral, version)
    own = value if value is not None else found.in_own(found.value)
    carry(found, found.currency if currency is None else currency, exchange_rate or found.exchange_rate)
    for name, given in _known(fields, COLLATERAL_FIELDS).items():
        setattr(found, name, given)
    found.value = in_book(found, own or Decimal(0))
    found.version += 1
    _save_collateral(found)
    return found


@transaction.atomic
def release_collateral(*, by: User, collateral: Collateral) -> Collateral:
    """Note that something secures a facility no more. Raises NotPermitted and ReleasedAlready."""
    found = _standing(by, collateral)
    found.released_on = today()
    found.version += 1
    save(found)
    records_changed()
    return found


def repaid(facility: Facility) -> Decimal:
    """The principal that was paid back."""
    paid = Payment.objects.filter(facility=facility, paid_on__isnull=False)
    return paid.aggregate(sum=Sum("principal"))["sum"] or Decimal(0)


def _standing(by: User, collateral: Collateral, version: int | None = None) -> Collateral:
    found = held(collateral, by)
    if found.released_on is not None:
        raise ReleasedAlready
    check_version(found, version)
    return found


def _known(fields: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    if unknown := set(fields) - set(names):
        raise TypeError(f"Not fields to set: {', '.join(sorted(unknown))}")
    return fields


def _set(facility: Facility, fields: dict[str, Any]) -> None:
    for name, value in _known(fields, (*FIELDS, *AMOUNTS)).items():
        setattr(facility, name, in_book(facility, value) if name in AMOUNTS else value)


def _save(facility: Facility) -> None:
    project = facility.project
    if project and not Participation.objects.filter(project=project, client=facility.client).exists():
        raise Invalid({"project": [_("The client takes no part in such a project.")]})
    if facility.rate is not None and not 0 <= facility.rate < 1:
        raise Invalid({"rate": [_("A yearly rate lies between 0% and 100%.")]})
    if facility.closed_on and facility.closed_on > today():
        raise Invalid({"closed_on": [_("This day has not come yet.")]})
    if facility.pk and facility.drawn is not None and (paid := repaid(facility)) > facility.drawn:
        message = _("%(paid)s of it is repaid already; what was drawn cannot be less.")
        raise Invalid({"drawn": [message % {"paid": money(paid)}]})
    save(facility)
    records_changed()


def _save_collateral(row: Collateral) -> None:
    if row.valued_on and row.valued_on > today():
        raise Invalid({"valued_on": [_("This day has not come yet.")]})
    save(row)
    records_changed()


def _value_anew(facility: Facility, rate_before: Decimal) -> None:
    """Carry the instalments at the new rate. One statement."""
    rows = facility.payments.select_for_update()
    changed = []
    for row in rows:
        for name in ("principal", "interest", "paid_amount"):
            if (amount := getattr(row, name)) is not None:
                setattr(row, name, in_book(facility, amount / rate_before))
        changed.append(row)
    Payment.objects.bulk_update(changed, ["principal", "interest", "paid_amount"])
