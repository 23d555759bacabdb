from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import MomentField, ServiceModelForm
from crm.models import Interaction


class InteractionForm(ServiceModelForm):
    """A contact with a client, as the person who had it tells it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Interaction.Kind.choices)
    at = MomentField(label=_("When"))

    class Meta:
        model = Interaction
        fields = ("kind", "at", "subject", "body")
        widgets = {"body": forms.Textarea(attrs={"rows": 5})}
