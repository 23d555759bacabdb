"""Writing down what a client said about being contacted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.forms.fields import DateInput, ServiceForm
from crm.models import Channel, Client, ConsentRecord, ContactPerson
from crm.models.conduct import today


class ConsentForm(ServiceForm):
    defines = "consent"

    person = forms.ModelChoiceField(
        label=_("Of whom"),
        queryset=ContactPerson.objects.none(),
        required=False,
        empty_label=_("the client as a whole"),
    )
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("", _("every channel")), *Channel.choices], required=False
    )
    stance = forms.ChoiceField(label=_("What was said"), choices=ConsentRecord.Stance.choices)
    source = forms.CharField(
        label=_("Source"), max_length=120, help_text=_("A form, a mail, a call: where it can be looked up.")
    )
    since = forms.DateField(label=pgettext_lazy("consent", "Since"), widget=DateInput(), initial=today)
    until = forms.DateField(label=pgettext_lazy("consent", "Until"), widget=DateInput(), required=False)

    def __init__(self, data: Any, *, client: Client) -> None:
        super().__init__(data)
        person = self.fields["person"]
        assert isinstance(person, forms.ModelChoiceField)
        person.queryset = client.people.filter(ended_on=None)
