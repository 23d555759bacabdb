"""What the pages of term sheets take in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DateInput, ServiceForm
from funnel.forms import AmountField
from funnel.models import TermSheet
from tiering.core.tier_policy import WHOLE

PERCENT = WHOLE // 100


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]


class TermSheetForm(ServiceForm):
    """The terms of a draft; covers are percent here."""

    defines = "term_sheet"

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    amount = AmountField(label=_("Amount"), min_value=Decimal("0.01"), max_digits=20, decimal_places=2)
    valid_until = forms.DateField(label=_("Valid until"), widget=DateInput())
    base_rate = forms.DecimalField(
        label=_("House's rate, % a year"), min_value=0, max_value=100, max_digits=6, decimal_places=3
    )
    add_on = forms.IntegerField(label=_("Add-on, basis points"), min_value=-2000, max_value=5000)
    tenor_months = forms.IntegerField(label=_("Tenor, months"), min_value=1, max_value=600)
    fee = forms.DecimalField(
        label=_("Arrangement fee, % of the amount"), min_value=0, max_value=20, max_digits=5, decimal_places=3
    )
    cover = forms.DecimalField(
        label=_("Covered by collateral, % of the amount"),
        min_value=0,
        max_value=1000,
        max_digits=6,
        decimal_places=2,
    )
    collateral = forms.CharField(
        label=_("Collateral"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    covenants = LinesField(label=_("Covenants"), required=False, help_text=_("One a line."))

    def __init__(self, data: Any = None, *, sheet: TermSheet) -> None:
        shown = {name: getattr(sheet, name) for name in self.base_fields}
        super().__init__(data, initial={**shown, "cover": Decimal(sheet.cover) / PERCENT})

    @property
    def said(self) -> dict[str, Any]:
        """The terms as the record has them."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        return {**said, "cover": int(said["cover"] * PERCENT)}


class SubmitSheet(ServiceForm):
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    why = forms.CharField(
        label=_("Why it departs from the policy"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecideSheet(ServiceForm):
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(choices=[("approve", _("Approve")), ("reject", _("Send back"))])
    remark = forms.CharField(
        label=_("Remark"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Required to send it back."),
    )
