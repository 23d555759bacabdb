"""Amounts of papers in another currency, brought into the book's."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from crm.errors import Invalid
from crm.models.conduct import Carried

CODE: Final = re.compile(r"[A-Z]{3}")
CENT: Final = Decimal("0.01")
Amount = TypeVar("Amount", Decimal, Decimal | None)


def carry(row: Carried, currency: str, exchange_rate: Decimal | None) -> None:
    """Say in which currency the papers of a record are, and at what rate the book carries it. Raises Invalid."""
    code = currency or settings.CURRENCY
    if not CODE.fullmatch(code):
        raise Invalid({"currency": [_("A currency is named by its three letters, as CNY.")]})
    if code == settings.CURRENCY:
        row.currency, row.exchange_rate = "", Decimal(1)
        return
    if exchange_rate is None or exchange_rate <= 0:
        message = _("Say how many %(book)s one %(currency)s is worth.")
        raise Invalid({"exchange_rate": [message % {"book": settings.CURRENCY, "currency": code}]})
    row.currency, row.exchange_rate = code, exchange_rate


def in_book(row: Carried, amount: Amount) -> Amount:
    """An amount of the papers as the book carries it, to the hundredth."""
    if amount is None:
        return amount
    return (amount * row.exchange_rate).quantize(CENT, ROUND_HALF_UP)
