"""Marking clients by tags, and keeping the tags of a team."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.forms.fields import ServiceForm

NAMES = (
    pgettext_lazy("colour", "Blue"),
    pgettext_lazy("colour", "Green"),
    pgettext_lazy("colour", "Pink"),
    pgettext_lazy("colour", "Amber"),
    pgettext_lazy("colour", "Violet"),
    pgettext_lazy("colour", "Grey"),
)
"""What the colours of tags are called, in their order."""


class TagForm(ServiceForm):
    name = forms.CharField(label=pgettext_lazy("of a tag", "Name"), max_length=40)
    colour = forms.TypedChoiceField(label=_("Colour"), coerce=int, choices=list(enumerate(NAMES, start=1)))
