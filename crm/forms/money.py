"""Amounts of money in forms, as people write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.core.amounts import read_amount

DIGITS, PLACES = 20, 2
LARGEST = Decimal(10) ** (DIGITS - PLACES)


class AmountField(forms.Field):
    """An amount: with thousands separators, 万 and 亿, k, m and bn; shown with separators. Two decimals count."""

    default_error_messages = {
        "unreadable": _("This is no amount. Write 1,234,567.89, 123.5万, 1.2亿 or 1.2 m."),
        "too_large": _("This amount is too large."),
        "negative": _("This amount is not negative."),
    }

    def __init__(self, *, signed: bool = False, places: int = PLACES, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "class": "number"})
        super().__init__(**{"widget": widget, **kwargs})
        self.signed, self.places = signed, places

    def to_python(self, value: Any) -> Decimal | None:
        said = str(value).strip() if value is not None else ""
        if not said:
            return None
        try:
            amount = round(read_amount(said), self.places)
        except (ValueError, ArithmeticError) as error:
            raise ValidationError(self.error_messages["unreadable"], code="unreadable") from error
        if abs(amount) >= LARGEST:
            raise ValidationError(self.error_messages["too_large"], code="too_large")
        if amount < 0 and not self.signed:
            raise ValidationError(self.error_messages["negative"], code="negative")
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,f}".removesuffix(".00") if isinstance(value, Decimal) else value
