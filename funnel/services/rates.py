"""Entering what other currencies are worth."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from crm.errors import Invalid, NotPermitted
from crm.models import User
from funnel.models import ExchangeRate


@transaction.atomic
def set_rate(*, currency: str, day: date, rate: Decimal, by: User) -> ExchangeRate:
    """From `day` on a unit of `currency` is worth `rate` units of the book's. A rate of that day is replaced; the
    history keeps it. Raises NotPermitted or Invalid."""
    if not by.has_perm("crm.add_reference_data"):
        raise NotPermitted
    found = ExchangeRate.objects.select_for_update().filter(currency=currency, day=day).first()
    made = found or ExchangeRate(currency=currency, day=day)
    made.rate, made.set_by = rate, by
    try:
        made.full_clean()
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    made.save()
    return made
