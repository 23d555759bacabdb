"""What splitting and merging of cases take in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import ServiceForm
from crm.models import Facility
from funnel.forms import AmountField
from funnel.models import Case
from funnel.selectors.lineage import mergeable
from funnel.services.recuts import MOST_PARTS, Part
from funnel.templatetags.funnel import amount_of


class Reasoned(ServiceForm):
    """Why, and which version and revision of the case were seen."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class PartForm(forms.Form):
    """One part; a row that is left empty is none."""

    amount = AmountField(
        label=_("Amount"), min_value=Decimal("0.01"), max_digits=20, decimal_places=2, required=False
    )
    product = forms.ChoiceField(label=_("Product"), required=False)
    purpose = forms.CharField(label=_("What this part is for"), max_length=2000, required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = case.stage.pipeline.products
        offered = [(key, label) for key, label in Facility.Product.choices if not taken or key in taken]
        field = self.fields["product"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("As the case")), *offered]


class PartsFormSet(forms.BaseFormSet):
    @property
    def parts(self) -> list[Part]:
        """The rows that say an amount."""
        return [Part(**form.cleaned_data) for form in self.forms if form.cleaned_data.get("amount")]


ROWS = 3
Parts = forms.formset_factory(
    PartForm, formset=PartsFormSet, extra=ROWS, max_num=MOST_PARTS, absolute_max=MOST_PARTS
)


def parts_of(case: Case, data: Mapping[str, Any] | None = None, more: int = 0) -> PartsFormSet:
    """The rows for the parts; `more` empty ones below those that were filled in."""
    if data is not None and more:
        data = {**{name: data[name] for name in data}, "form-TOTAL_FORMS": _rows(data) + more}
    rows: PartsFormSet = Parts(data, form_kwargs={"case": case})  # type: ignore[assignment]
    return rows


def _rows(data: Mapping[str, Any]) -> int:
    said = str(data.get("form-TOTAL_FORMS", ""))
    return min(int(said), MOST_PARTS) if said.isdecimal() and len(said) < 4 else ROWS


class CaseChoice(forms.ModelChoiceField):
    def label_from_instance(self, case: Case) -> str:
        return f"{case.code} · {case.get_product_display()} · {amount_of(case)} · {case.stage}"


class MergeForm(Reasoned):
    """Into which case, and what that one asks for from now on; it may be left to the sum of both."""

    into = CaseChoice(Case.objects.none(), label=_("Merge into"), empty_label=None)
    amount = AmountField(
        label=_("It then asks for"),
        min_value=Decimal("0.01"),
        max_digits=20,
        decimal_places=2,
        required=False,
        help_text=_("In the currency of the case that stays. Left empty: what both ask for together."),
    )
    into_version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    into_revision = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, case: Case, **kwargs: Any) -> None:
        super().__init__(data, initial={"version": case.version, "revision": case.revision}, **kwargs)
        self.fields["into"].queryset = mergeable(case)  # type: ignore[attr-defined]
