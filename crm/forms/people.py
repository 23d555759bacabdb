"""Entering people and addresses of a client."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.formats import MISSING
from crm.forms.fields import DateInput, NamedChoice, ServiceForm
from crm.models import Address, ContactPerson, Region

Consent = ContactPerson.Consent


class PersonForm(ServiceForm):
    """Somebody at a client. Of one whom we know the number is not shown: left empty, it stays as it is."""

    defines = "person"
    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=120)
    position = forms.CharField(label=_("Position"), max_length=120, required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=ContactPerson.Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", MISSING), *settings.LANGUAGES], required=False
    )
    consent = forms.ChoiceField(label=_("Consent to offers and events"), choices=Consent.choices)
    consent_on = forms.DateField(label=_("Given or refused on"), required=False, widget=DateInput())
    do_not_contact = forms.BooleanField(label=_("Not to be contacted, unless they ask"), required=False)
    note = forms.CharField(label=pgettext_lazy("of a person", "Note"), max_length=500, required=False)


class PersonEditForm(PersonForm):
    """`version` is the one the reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    forget_phone = forms.BooleanField(label=_("Take the telephone number away"), required=False)

    field_order = (
        "name",
        "position",
        "roles",
        "phone",
        "email",
        "language",
        "consent",
        "consent_on",
        "do_not_contact",
        "note",
        "forget_phone",
    )

    def __init__(self, data: Any, *, person: ContactPerson) -> None:
        names = (*PersonForm.base_fields, "version")
        super().__init__(data, initial={name: getattr(person, name, None) for name in names})
        if person.phone_sealed:
            help_text = _("%(known)s is known. Left empty, it stays.") % {"known": person.phone_masked}
            self.fields["phone"].help_text = help_text
        else:
            del self.fields["forget_phone"]

    def given(self) -> dict[str, Any]:
        """What was said, for the service; only after `is_valid()`."""
        said = dict(self.cleaned_data)
        forget = said.pop("forget_phone", False)
        phone = said.pop("phone")
        return {**said, "phone": "" if forget else phone or None}


class AddressForm(ServiceForm):
    defines = "address"
    kind = forms.ChoiceField(label=_("Kind"), choices=Address.Kind.choices)
    text = forms.CharField(label=_("Address"), max_length=300)
    region = NamedChoice(Region.objects.all(), label=_("Region"), required=False, empty_label=MISSING)
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)


class AddressEditForm(AddressForm):
    """`version` is the one the reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, address: Address) -> None:
        names = ("kind", "text", "region", "postcode", "version")
        super().__init__(data, initial={name: getattr(address, name) for name in names})


class RevealForm(ServiceForm):
    reason = forms.CharField(
        label=_("What you need it for"), max_length=300, help_text=_("Kept with your name; auditors read it.")
    )
