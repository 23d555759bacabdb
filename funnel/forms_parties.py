"""Who takes part in a case beside its leading client, as its page takes it in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import ServiceForm
from crm.models import Client, User
from funnel.models import CaseParty


class _Said(ServiceForm):
    """What is said of a party, whoever it is."""

    defines = "party"

    part = forms.ChoiceField(label=_("Part"), choices=CaseParty.Part.choices)
    share = forms.DecimalField(
        label=_("Share, %"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=100,
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("Of the amount of the case, where one is agreed."),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class NewParty(_Said):
    client = forms.ModelChoiceField(
        Client.objects.none(),
        label=_("Client"),
        error_messages={
            "required": _("Choose the client that takes part."),
            "invalid_choice": _("There is no such client among those you may see."),
        },
    )

    field_order = ("client", "part", "share", "note")

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, auto_id="party-%s")
        self.fields["client"].queryset = Client.objects.visible_to(user)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Client | None:
        """The client of a form that was refused, so that it need not be looked for again."""
        return self.cleaned_data.get("client") if self.is_bound and hasattr(self, "cleaned_data") else None


class ChangeParty(_Said):
    """`version` is the one that the reader saw."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, party: CaseParty) -> None:
        self.party = party
        shown = {name: getattr(party, name) for name in ("part", "share", "note", "version")}
        super().__init__(data, initial=shown, auto_id=f"party-{party.pk}-%s")


class Seen(forms.Form):
    version = forms.IntegerField(min_value=1)
