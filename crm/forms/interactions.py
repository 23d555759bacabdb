"""Logging a contact, writing a note, putting off a line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DateInput, MomentField, ServiceForm, ServiceModelForm
from crm.models import Client, ContactPerson, Interaction, User
from crm.selectors.audience import readers_of

MOST_COLLEAGUES = 40


class InteractionForm(ServiceModelForm):
    """A contact with a client, as the person who had it tells it, and what is to be done next."""

    defines = "interaction"

    client = forms.ModelChoiceField(
        label=_("Client"),
        queryset=Client.objects.none(),
        widget=forms.HiddenInput(),
        error_messages={
            "required": _("Choose the client."),
            "invalid_choice": _("There is no such client among those that you may change."),
        },
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Interaction.Kind.choices, widget=forms.RadioSelect())
    at = MomentField(label=_("When"))
    people = forms.ModelMultipleChoiceField(queryset=ContactPerson.objects.none(), required=False)
    colleagues = forms.ModelMultipleChoiceField(queryset=User.objects.none(), required=False)
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_due = forms.DateField(label=_("Due on"), widget=DateInput(), required=False)

    class Meta:
        model = Interaction
        fields = ("client", "kind", "at", "subject", "outcome", "body")
        widgets = {"body": forms.Textarea(attrs={"rows": 3, "data-mentions": True})}

    def __init__(self, data: Any, *, user: User, about: Client | None = None) -> None:
        initial = {"client": about.pk if about else None, "kind": "call", "at": timezone.localtime()}
        super().__init__(data, initial=initial, auto_id="log_%s")
        self.user = user
        mine = Client.objects.editable_by(user)
        self.fields["client"].queryset = mine  # type: ignore[attr-defined]
        chosen = data.get("client", "") if data is not None else ""
        self.about = about or (mine.filter(pk=chosen).first() if str(chosen).isdecimal() else None)
        if self.about is not None:
            self.fields["people"].queryset = self.about.people.filter(ended_on=None)  # type: ignore[attr-defined]
            self.fields["colleagues"].queryset = readers_of(self.about)  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """What was said; only after `is_valid()`."""
        said = dict(self.cleaned_data)
        for name in ("people", "colleagues"):
            said[name] = [one.pk for one in said[name]]
        return said


class NoteForm(ServiceForm):
    text = forms.CharField(
        label=_("Note"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3, "data-mentions": True})
    )
    is_pinned = forms.BooleanField(label=_("Pin to the top"), required=False)


class NoteEditForm(NoteForm):
    """With the version of the note that the writer saw."""

    version = forms.IntegerField(widget=forms.HiddenInput(), min_value=1)
