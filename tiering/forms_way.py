"""What people say at the steps of a version's way: what changes and why, what has to change, from when on."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import MomentField

LONGEST = 2000


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class SubmitForm(forms.Form):
    """Why somebody should approve it."""

    purpose = forms.CharField(
        label=_("What changes and why"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
        help_text=_("Whoever approves it reads this first. It stays with the version."),
    )


class SeenForm(forms.Form):
    """What whoever decides had before them: the content, and the published version that it was compared with."""

    content_hash = forms.CharField(max_length=64, widget=forms.HiddenInput())
    replaces = forms.IntegerField(min_value=0, widget=forms.HiddenInput())


class ApproveForm(SeenForm):
    """What the second person says. `submitted_at` tells which purpose and test cases they had before them."""

    submitted_at = forms.DateTimeField(widget=forms.HiddenInput())
    comment = forms.CharField(label=_("Comment"), required=False, max_length=LONGEST, widget=_text(2))


class RejectForm(forms.Form):
    reason = forms.CharField(label=_("What has to change"), max_length=LONGEST, widget=_text(3))


class CallOffForm(forms.Form):
    reason = forms.CharField(label=_("Why it is called off"), max_length=LONGEST, widget=_text(3))


class PublishForm(SeenForm):
    """From when on a version is in effect."""

    effective_from = MomentField(
        label=_("In effect from"), required=False, help_text=_("Left empty: from now on.")
    )
