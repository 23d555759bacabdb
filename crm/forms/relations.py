"""Entering what clients are to one another, as seen from one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DateInput, ServiceForm
from crm.models import Client, Relation, User

Kind = Relation.Kind
PLACES: Final[Mapping[str, tuple[str, bool]]] = {
    "parent": (Kind.PARENT, False),
    "subsidiary": (Kind.PARENT, True),
    "shareholder": (Kind.SHAREHOLDER, False),
    "holding": (Kind.SHAREHOLDER, True),
    "guarantor": (Kind.GUARANTOR, False),
    "guaranteed": (Kind.GUARANTOR, True),
    "related": (Kind.RELATED, False),
}
"""What the other client is → the kind of relation, and whether the client of the page is its party."""


def client_named(text: str, user: User) -> Client:
    """The client that the user sees by a code or a whole name in either language. Raises ValidationError."""
    said = " ".join(text.split())
    named = Q(code__iexact=said) | Q(name_zh=said) | Q(name_en__iexact=said)
    found = list(Client.objects.visible_to(user).filter(named)[:2])
    if not found:
        raise ValidationError(gettext("No client that you may see has this code or name."))
    if len(found) > 1:
        raise ValidationError(gettext("Several clients have this name. Enter the code of the one you mean."))
    return found[0]


class RelationTerms(ServiceForm):
    """How much and how long."""

    defines = "relation"

    share = forms.FloatField(
        label=_("Share, %"),
        required=False,
        help_text=_("Of a parent or shareholder: what part it owns."),
        widget=forms.NumberInput(attrs={"step": "any", "min": 0, "max": 100}),
    )
    amount = forms.DecimalField(
        label=_("Amount guaranteed"),
        required=False,
        max_digits=20,
        decimal_places=2,
        help_text=_("Of a guarantor, in units of the book currency; empty for everything."),
        widget=forms.NumberInput(attrs={"step": "any", "min": 0}),
    )
    since = forms.DateField(label=_("Since"), required=False, widget=DateInput())
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DateInput(),
        help_text=_("The first day on which it has ended."),
    )
    note = forms.CharField(
        label=_("What connects them"),
        max_length=200,
        required=False,
        help_text=_("For a related party: family, a director in common, one depends on the other."),
    )

    def clean_share(self) -> float | None:
        share: float | None = self.cleaned_data["share"]
        return None if share is None else round(share / 100, 8)


class RelationEditForm(RelationTerms):
    """`version` is the one the reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def initial_of(relation: Relation) -> dict[str, Any]:
        """What the form shows of a relation."""
        shown = {name: getattr(relation, name) for name in ("amount", "since", "until", "note", "version")}
        return {"share": None if relation.share is None else round(relation.share * 100, 6), **shown}


class RelationForm(RelationTerms):
    """What another client is to the one of the page."""

    place = forms.ChoiceField(
        label=_("The other client is its"),
        choices=[
            ("parent", pgettext_lazy("relation", "Parent")),
            ("subsidiary", pgettext_lazy("relation", "Subsidiary")),
            ("shareholder", pgettext_lazy("relation", "Shareholder without control")),
            ("holding", pgettext_lazy("relation", "Shareholding without control")),
            ("guarantor", pgettext_lazy("relation", "Guarantor")),
            ("guaranteed", pgettext_lazy("relation", "Guaranteed by this client")),
            ("related", pgettext_lazy("relation", "Related party")),
        ],
    )
    other = forms.CharField(
        label=_("Other client"),
        max_length=300,
        help_text=_("Its code, or its whole name in either language."),
    )

    field_order = ("place", "other", "share", "amount", "since", "until", "note")

    def __init__(self, data: Any, *, client: Client, user: User) -> None:
        super().__init__(data)
        self.client, self.user = client, user

    def clean_other(self) -> Client:
        return client_named(self.cleaned_data["other"], self.user)

    def given(self) -> dict[str, Any]:
        """What was said, for the service; only after `is_valid()`."""
        terms = dict(self.cleaned_data)
        kind, turned = PLACES[terms.pop("place")]
        other = terms.pop("other")
        ends = (other, self.client) if turned else (self.client, other)
        return {"kind": kind, "client": ends[0], "party": ends[1], **terms}

    def refuse(self, error: Any) -> None:
        """What the service says of an end belongs to the other client here, what it says of the kind to its place."""
        names = {"client": "other", "party": "other", "kind": "place"}
        for name, reasons in error.fields.items():
            place = names.get(name, name)
            for reason in reasons:
                self.add_error(place if place in self.fields else None, reason)


class EndForm(ServiceForm):
    until = forms.DateField(label=_("The first day on which it has ended"), widget=DateInput())
