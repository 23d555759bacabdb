"""Saying which of two clients stays, with what, and how one knows that they are one; or that they are not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DateInput, ServiceForm
from crm.models import Client, User


class MergeForm(ServiceForm):
    """The versions are those that were seen. The side of a field is chosen beside the values (`side_of`)."""

    client_version = forms.IntegerField(widget=forms.HiddenInput)
    gone_version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("How you know that they are the same"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def versions(self) -> tuple[int, int]:
        return self.cleaned_data["client_version"], self.cleaned_data["gone_version"]


def side_of(name: str) -> str:
    """The name of the control that says from which side a field is taken."""
    return f"take_{name}"


class WhichForm(ServiceForm):
    """The code of a client that the user sees, other than the one at hand; cleaned, that client."""

    code = forms.CharField(label=_("Code of the client that is the same"), max_length=40)

    def __init__(self, data: Any, *, user: User, client: Client) -> None:
        super().__init__(data)
        self.others = Client.objects.visible_to(user).exclude(pk=client.pk)

    def clean_code(self) -> Client:
        found = self.others.filter(code__iexact=self.cleaned_data["code"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("No other client that you can see has this code."))
        return found


class NotSameForm(ServiceForm):
    reason = forms.CharField(label=_("How you know that they are not the same"), max_length=300)


class LaterForm(ServiceForm):
    until = forms.DateField(label=_("Ask again on"), widget=DateInput())
