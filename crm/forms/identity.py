"""Entering the numbers that identify a client."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.forms.fields import DateInput, ServiceForm
from crm.models import Client, IdentityNumber


class NumberForm(ServiceForm):
    """Only kinds that a client of its kind can have. `even_so` is asked for where another client has the number."""

    defines = "number"

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    number = forms.CharField(label=gettext_lazy("Number"), max_length=60)
    country = forms.CharField(
        label=gettext_lazy("Country"),
        max_length=2,
        required=False,
        help_text=gettext_lazy("Two letters, as CN or DE: whose authority gave it."),
    )
    expires_on = forms.DateField(label=gettext_lazy("Valid until"), required=False, widget=DateInput())
    note = forms.CharField(label=pgettext_lazy("of a number", "Note"), max_length=200, required=False)
    even_so = forms.BooleanField(label=gettext_lazy("It is another client: enter it even so"), required=False)

    def __init__(self, data: Any, *, client: Client, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["number"].widget.attrs["autocomplete"] = "off"
        self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=kinds_of(client))
        if not (data and "even_so" in data):
            del self.fields["even_so"]

    def ask_even_so(self) -> None:
        """Offer to go past the warning that another client has the number."""
        self.fields["even_so"] = self.base_fields["even_so"]


class NumberEditForm(NumberForm):
    """`version` is the one the reader saw. The number is not shown: left empty, it stays."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, row: IdentityNumber) -> None:
        names = ("kind", "country", "expires_on", "note", "version")
        initial = {name: getattr(row, name) for name in names}
        super().__init__(data, client=row.client, initial=initial)
        number = self.fields["number"]
        number.required = False
        number.help_text = _("%(known)s is known. Left empty, it stays.") % {"known": row.masked}

    def given(self) -> dict[str, Any]:
        """What was said, for the service; only after `is_valid()`."""
        return {**self.cleaned_data, "number": self.cleaned_data["number"] or None}


def kinds_of(client: Client) -> list[tuple[str, Any]]:
    """The kinds that a client of its kind can have."""
    is_person = client.kind == Client.Kind.INDIVIDUAL
    barred = IdentityNumber.OF_ORGANISATIONS if is_person else IdentityNumber.OF_PERSONS
    return [choice for choice in IdentityNumber.Kind.choices if choice[0] not in barred]
