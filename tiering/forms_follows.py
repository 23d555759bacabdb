"""What people enter about what follows from tiers: decisions on facilities, findings of reviews."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tiering.models import PeriodicReview

LONGEST = 2000


class FacilityDecisionForm(forms.Form):
    """A verdict on the changes that are chosen, with its reason."""

    verdict = forms.ChoiceField(choices=[("accept", _("Accept")), ("decline", _("Decline"))])
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}), required=False
    )


class FindingsForm(forms.Form):
    """What whoever prepares a review found, and concludes."""

    conclusion = forms.ChoiceField(label=_("Conclusion"), choices=PeriodicReview.Conclusion.choices)
    findings = forms.CharField(
        label=_("Findings"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8})
    )


class SignatureForm(forms.Form):
    """What whoever signs a review says; needed where it is sent back."""

    remark = forms.CharField(
        label=_("Remark"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
