from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from crm.formats import MISSING, localized
from crm.forms.fields import DateInput, NamedChoice, ServiceModelForm
from crm.models import Client, Industry, Region
from crm.services.clients import EDITABLE_FIELDS


@dataclass(frozen=True)
class Difference:
    """A field that two people changed: as it is now, and as the reader typed it."""

    label: str
    theirs: str
    yours: str


class ClientForm(ServiceModelForm):
    """What a bookholder may say about a client."""

    industry = NamedChoice(Industry.objects.all(), label=_("Industry"), required=False, empty_label=MISSING)
    region = NamedChoice(Region.objects.all(), label=_("Region"), required=False, empty_label=MISSING)

    class Meta:
        model = Client
        fields: tuple[str, ...] = ("code", *EDITABLE_FIELDS)
        widgets = {"client_since": DateInput()}
        help_texts = {
            "code": _("Your institution's number for the client; it cannot change later."),
            "registration_number": _("Unified social credit code or company number."),
            "registered_capital": _("In units of the book currency."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.TypedChoiceField) and not field.required:
                named = [
                    choice
                    for choice in getattr(Client._meta.get_field(name), "choices", None) or ()
                    if choice[0]
                ]
                field.choices = [("", MISSING), *named]


class ClientEditForm(ClientForm):
    """`version` is the one the reader saw when the form was filled."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta(ClientForm.Meta):
        fields: tuple[str, ...] = EDITABLE_FIELDS

    def rebase(self, client: Client) -> list[Difference]:
        """After a conflict: take the new version as the one seen; where it differs from what was typed."""
        self.data = {**dict(self.data.items()), "version": client.version}
        pairs = ((name, getattr(client, name), self.cleaned_data[name]) for name in EDITABLE_FIELDS)
        return [
            Difference(str(self.fields[name].label), self._shown(name, theirs), self._shown(name, yours))
            for name, theirs, yours in pairs
            if (theirs or None) != (yours or None)
        ]

    def _shown(self, name: str, value: object) -> str:
        if value in (None, ""):
            return MISSING
        if isinstance(value, Model):
            return localized(value)
        choices = getattr(self.fields[name], "choices", ())
        return str(dict(choices).get(value, value))
