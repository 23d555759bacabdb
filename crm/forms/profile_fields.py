"""How an administrator declares a field of clients."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.forms.custom_metrics import CategoriesField
from crm.models import Client, ProfileField
from crm.services.custom_metrics import categories_fault
from crm.services.profile_fields import CHANGEABLE, metric_fault


class ProfileFieldForm(forms.ModelForm):
    """What the service would refuse stands beside its field; the admin saves through it."""

    choices = CategoriesField(
        required=False,
        label=_("Choices"),
        help_text=_("One a line: key | English label | Chinese label. Of other types none."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of client"), choices=Client.Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    is_metric = forms.BooleanField(
        label=_("Criteria may read it"),
        required=False,
        help_text=_("Numbers and choices only. Its values become dated observations; this stays as it is."),
    )

    class Meta:
        model = ProfileField
        fields: tuple[str, ...] = ("key", "type", *CHANGEABLE)
        help_texts = {
            "key": _("Small letters, digits and underscores. It stays as it is."),
            "meaning_en": _("What the field means and where its value comes from; shown beside it."),
            "required": _("The profile of a client is not saved without it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["is_metric"]

    def clean_choices(self) -> list[dict[str, str]]:
        given = self.cleaned_data["choices"] or []
        if fault := categories_fault(self.instance.choices, given):
            raise ValidationError(fault)
        return given

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_known = {"key", "type"} <= cleaned.keys()
        if cleaned.get("is_metric") and is_known and (fault := metric_fault(cleaned["key"], cleaned["type"])):
            self.add_error("is_metric", fault)
        return cleaned
