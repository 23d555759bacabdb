"""In which currency amounts are entered, and at what rate the book carries them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import ServiceForm

CODE = r"^[A-Z]{3}$"


class CurrencyField(forms.RegexField):
    """The ISO code of a currency, in letters of any size."""

    widget = forms.TextInput(attrs={"maxlength": 3, "autocapitalize": "characters", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            CODE,
            **{
                "label": _("Currency"),
                "initial": settings.CURRENCY,
                "error_messages": {"invalid": _("A currency is named by its three letters, as CNY.")},
                **kwargs,
            },
        )

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).upper()


class CarriedForm(ServiceForm):
    """Amounts in a currency. For another one than the book's it asks what a unit is worth in the book's."""

    currency = CurrencyField()
    exchange_rate = forms.DecimalField(
        label=_("Exchange rate"),
        required=False,
        max_digits=20,
        decimal_places=10,
        min_value=Decimal("0.0000000001"),
        widget=forms.NumberInput(attrs={"step": "any"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        help_text = gettext(
            "Units of %(book)s for one unit of the currency; only for another one than %(book)s."
        )
        self.fields["exchange_rate"].help_text = help_text % {"book": settings.CURRENCY}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        currency = said.get("currency")
        if currency == settings.CURRENCY:
            said["exchange_rate"] = Decimal(1)
        elif currency and said.get("exchange_rate") is None and "exchange_rate" not in self.errors:
            message = gettext("Say how many %(book)s one %(currency)s is worth.")
            self.add_error(
                "exchange_rate",
                ValidationError(message % {"book": settings.CURRENCY, "currency": currency}),
            )
        return said
