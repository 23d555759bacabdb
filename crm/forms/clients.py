from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.formats import MISSING
from crm.forms.fields import DateInput, NamedChoice, ServiceModelForm
from crm.models import Client, Industry, Region
from crm.services.clients import EDITABLE_FIELDS, OF_ORGANISATIONS
from crm.services.fields import FieldsChanged


class ClientForm(ServiceModelForm):
    """What a bookholder may say about a client."""

    defines = "client"
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
            if name in OF_ORGANISATIONS:  # client_form.js hides it for others
                field.widget.attrs["data-kinds"] = "corporate institution"
            if isinstance(field, forms.TypedChoiceField) and not field.required:
                named = [
                    choice
                    for choice in getattr(Client._meta.get_field(name), "choices", None) or ()
                    if choice[0]
                ]
                field.choices = [("", MISSING), *named]


class NewClientForm(ClientForm):
    """`despite` is asked once the client looks like others."""

    despite = forms.CharField(
        label=_("Why this is another client"),
        max_length=300,
        required=False,
        widget=forms.HiddenInput,
        help_text=_("Kept with both clients, so that nobody asks again."),
    )

    def ask_why(self) -> None:
        """Show the field: the client looks like others."""
        self.fields["despite"].widget = forms.TextInput()


class ClientEditForm(ClientForm):
    """`version` is the one the reader saw when the form was filled."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta(ClientForm.Meta):
        fields: tuple[str, ...] = EDITABLE_FIELDS

    def rebase(self, error: FieldsChanged) -> None:
        """After a conflict: take the new version as the one seen, and with it what the writer had left alone."""
        kept = {name: self.fields[name].prepare_value(value) for name, value in error.merge.keep.items()}
        self.data = {**dict(self.data.items()), **kept, "version": error.version}

    def only(self, name: str) -> ClientEditForm:
        """The form for a single field."""
        self.fields = {key: field for key, field in self.fields.items() if key in (name, "version")}
        return self
