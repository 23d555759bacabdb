"""What officers enter beside a decision."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tiering.core.authority_document import MOST_MEMBERS


class CommitteeForm(forms.Form):
    """How many decide, how many of them have to approve, and why. The bounds are the service's rule."""

    members = forms.IntegerField(label=_("Members"), min_value=0, max_value=MOST_MEMBERS, initial=3)
    needs = forms.IntegerField(label=_("Approvals needed"), min_value=0, max_value=MOST_MEMBERS, initial=2)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=2000)


class ViewForm(forms.Form):
    """The name of a view of the queue, and whether others use it too."""

    name = forms.CharField(label=_("Name"), required=False, max_length=60)
    is_shared = forms.BooleanField(label=_("For all risk officers"), required=False)


class SeenViewForm(forms.Form):
    """A view as it was seen, and what is to become of it."""

    revision = forms.IntegerField(min_value=0)
    act = forms.ChoiceField(choices=[("replace", "replace"), ("remove", "remove")])
