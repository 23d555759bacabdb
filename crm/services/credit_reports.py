"""Writing down what bureaus and agencies say of a client."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from crm.errors import Invalid
from crm.models import Client, CreditReport, User
from crm.models.conduct import today
from crm.services.holding import check_hold
from crm.services.saving import save
from crm.signals import records_changed

FIELDS: Final = ("score", "pd", "rating", "reference", "negative_items", "negative_note")


@transaction.atomic
def record_credit_report(
    *, by: User, client: Client, bureau: str, reported_on: date, **fields: Any
) -> CreditReport:
    """A report of a bureau of a day, as known from today on; `pd` is a fraction.

    The same bureau and day again corrects it: as a further row, or in place of what was recorded today. Raises
    NotPermitted, and Invalid: among others for a report that says nothing.
    """
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"Not fields to set: {', '.join(sorted(unknown))}")
    check_hold(by, client)
    if reported_on > today():
        raise Invalid({"reported_on": [_("This day has not come yet.")]})
    place = {"client": client, "bureau": bureau.strip(), "reported_on": reported_on, "received_on": today()}
    row = CreditReport.objects.select_for_update().filter(**place).first() or CreditReport(**place)
    for name, value in fields.items():
        setattr(row, name, value)
    if row.score is None and row.pd is None and not row.rating and row.negative_items is None:
        message = _("Give what the report says: a score, a probability, a rating, or the negative items.")
        raise Invalid({"score": [message]})
    if row.negative_items and not row.negative_note:
        raise Invalid({"negative_note": [_("Say what the negative items are.")]})
    row.entered_by = by
    save(row)
    records_changed()
    return row
