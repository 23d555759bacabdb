"""Filling in the declared fields of a client: the fields of its kind, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from crm.core.profiles import plain
from crm.formats import MISSING
from crm.forms.fields import DateInput, ServiceForm
from crm.models import CustomMetric, ProfileField
from crm.models.profiles import LONGEST_TEXT
from crm.selectors.profiles import Known


class ProfileForm(ServiceForm):
    """`version` is that of the client which the reader saw. What a field means stands below it."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, version: int, known: Sequence[Known]) -> None:
        said = {one.field.key: _shown(one.value) for one in known}
        super().__init__(data, initial={**said, "version": version})
        for one in known:
            self.fields[one.field.key] = form_field(one.field)

    def given(self) -> dict[str, Any]:
        """What was said, for the service; only after `is_valid()`."""
        values = dict(self.cleaned_data)
        return {"version": values.pop("version"), "values": values}


class OneFieldForm(ServiceForm):
    """A single field, changed in its place. `version` carries what stood there when it was opened."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def __init__(self, data: Any, *, known: Known) -> None:
        key = known.field.key
        super().__init__(data, initial={key: _shown(known.value), "version": plain(known.value)})
        self.fields[key] = form_field(known.field)


def _unit_text(unit: str) -> str:
    """In what a number is to be entered, as a sentence."""
    if unit == CustomMetric.Unit.MONEY:
        return _("In units of the book currency.")
    return _("%(unit)s.") % {"unit": CustomMetric.Unit(unit).label}


def _shown(value: Any) -> Any:
    """A whole number as one, without a point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def form_field(field: ProfileField) -> forms.Field:
    """The input of a declared field. Whether one is required is the service's to say, so that the API says the same."""
    common: dict[str, Any] = {"label": field.label, "help_text": field.meaning, "required": False}
    if field.type == ProfileField.Type.NUMBER:
        if field.unit:
            common["help_text"] = " ".join(filter(None, (_unit_text(field.unit), field.meaning)))
        return forms.FloatField(**common)
    if field.type == ProfileField.Type.DATE:
        return forms.DateField(widget=DateInput(), **common)
    if field.type == ProfileField.Type.TEXT:
        return forms.CharField(max_length=LONGEST_TEXT, **common)
    return forms.ChoiceField(choices=[("", MISSING), *field.options.items()], **common)
