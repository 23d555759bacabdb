"""What people say about alerts, covenants, the watch list and asset classes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DateInput
from crm.models import Client, Facility, User
from tiering import display
from tiering.core.catalogue import CLIENT_METRICS
from tiering.core.json_text import json_of
from tiering.models import Alert, AssetClass, Covenant, WatchlistEntry
from tiering.pages.conditions import Builder, form_builder
from tiering.selectors.alerts import AlertFilter
from tiering.selectors.catalogue import catalogue
from tiering.services.leaving import exit_refusals

WHOSE = [("mine", _("Mine")), ("team", _("My team's"))]


class AlertFilterForm(forms.Form):
    """The filters of the list. Values that nobody offered are left out, so that an old link still opens."""

    severity = forms.MultipleChoiceField(
        label=_("Severity"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(reversed(Alert.Severity.choices)),
    )
    indicator = forms.MultipleChoiceField(
        label=_("Indicator"), required=False, widget=forms.CheckboxSelectMultiple
    )
    state = forms.MultipleChoiceField(
        label=_("State"), required=False, widget=forms.CheckboxSelectMultiple, choices=Alert.Status.choices
    )
    whose = forms.MultipleChoiceField(
        label=_("Whose"), required=False, widget=forms.CheckboxSelectMultiple, choices=WHOSE
    )

    def __init__(self, data: QueryDict, *, indicators: list[tuple[str, str]], user: User) -> None:
        super().__init__(data)
        self.given = data
        chosen = WHOSE if user.team_id else WHOSE[:1]
        self.fields["indicator"].choices = indicators  # type: ignore[attr-defined]
        self.fields["whose"].choices = chosen  # type: ignore[attr-defined]

    @property
    def wanted(self) -> AlertFilter:
        """What was asked for, as far as it was offered."""
        given: dict[str, Any] = {
            name: [value for value in self.given.getlist(name) if field.valid_value(value)]  # type: ignore[attr-defined]
            for name, field in self.fields.items()
        }
        return AlertFilter(given["severity"], given["indicator"], given["state"], given["whose"])

    @property
    def query(self) -> str:
        """The filters for an address, with the question mark."""
        kept = QueryDict(mutable=True)
        for name in self.fields:
            values = self.given.getlist(name)
            if any(values):
                kept.setlist(name, values)
        return f"?{kept.urlencode()}"

    @property
    def is_narrowed(self) -> bool:
        return self.query != "?"


class SnoozeForm(forms.Form):
    until = forms.DateField(label=_("Until"), widget=DateInput)
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ResolveForm(forms.Form):
    reason = forms.CharField(
        label=_("How it was dealt with"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AlertTaskForm(forms.Form):
    due_on = forms.DateField(label=_("Due on"), widget=DateInput)


class CovenantForm(forms.Form):
    """A bound that a client has agreed to keep, as it stands in the contract."""

    metric = forms.ChoiceField(label=_("Metric"))
    op = forms.ChoiceField(label=_("Relation"), choices=Covenant.Op.choices)
    value = forms.FloatField(
        label=_("Bound"), help_text=_("A ratio or share as a fraction: 0.7 for 70%. Money in units.")
    )
    facility = forms.ModelChoiceField(
        label=_("Facility"),
        queryset=Facility.objects.none(),
        required=False,
        empty_label=_("The client as a whole"),
        help_text=_(
            "Exposure, limit, utilisation and days overdue are then those of the facility, from its instalments; "
            "records tell nothing else of a facility, so any other metric is the client's."
        ),
    )
    starts_on = forms.DateField(label=_("From"), widget=DateInput)
    ends_on = forms.DateField(label=_("Until"), widget=DateInput, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, data: QueryDict | None = None, *, client: Client, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        names = catalogue()
        known = [
            key
            for key, one in names.items()
            if one.is_number and (key in CLIENT_METRICS or one.source == "custom")
        ]
        labels = sorted((display.metric_label(key, names), key) for key in known)
        self.fields["metric"].choices = [(key, label) for label, key in labels]  # type: ignore[attr-defined]
        self.fields["facility"].queryset = client.facilities.filter(closed_on=None)  # type: ignore[attr-defined]


class EndForm(forms.Form):
    ends_on = forms.DateField(label=_("Until"), widget=DateInput)


class ExitCriteriaForm(forms.Form):
    """What has to hold before a client may leave the watch list: in words, and as a condition that Strata looks at."""

    exit_criteria = forms.CharField(
        label=_("Exit criteria"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What has to hold before the client may leave the list."),
    )
    exit_when = forms.CharField(
        label=_("Exit condition"),
        required=False,
        max_length=20_000,
        widget=forms.HiddenInput(),
        help_text=_("As far as facts tell: Strata looks at it daily, and says when it holds."),
    )

    def clean_exit_when(self) -> dict[str, Any] | None:
        """The condition; None where there is none."""
        if not self.cleaned_data["exit_when"]:
            return None
        try:
            data = json_of(self.cleaned_data["exit_when"])
        except ValueError as error:
            raise ValidationError(gettext("The page sent something that is no condition.")) from error
        if refusals := exit_refusals(data):
            raise ValidationError([f"{one.text(gettext)} {one.remedy(gettext)}" for one in refusals])
        return data

    @property
    def rules(self) -> Builder:
        """The condition as rules."""
        return form_builder("exit_when", self["exit_when"].value(), without=gettext("no condition"))


class WatchForm(ExitCriteriaForm):
    """Why a client goes to the watch list, by what strategy, and how it leaves."""

    field_order = ("reason", "strategy", "next_review_on", "exit_criteria", "exit_when")

    reason = forms.CharField(
        label=_("Reason for entry"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    strategy = forms.ChoiceField(label=_("Strategy"), choices=WatchlistEntry.Strategy.choices)
    next_review_on = forms.DateField(label=_("Next review"), widget=DateInput)


class WatchReviewForm(forms.Form):
    found = forms.CharField(label=_("Findings"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    strategy = forms.ChoiceField(label=_("Strategy"), choices=WatchlistEntry.Strategy.choices)
    next_review_on = forms.DateField(label=_("Next review"), widget=DateInput)


class ExitForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason for exit"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AssetClassForm(forms.Form):
    """The class of what a client owes, as a whole or by one facility."""

    facility = forms.ModelChoiceField(
        label=_("Facility"),
        queryset=Facility.objects.none(),
        required=False,
        empty_label=_("The client as a whole"),
    )
    grade = forms.ChoiceField(label=_("Class"), choices=AssetClass.Grade.choices)
    day = forms.DateField(label=_("As of"), widget=DateInput)
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: QueryDict | None = None, *, client: Client, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["facility"].queryset = client.facilities.filter(closed_on=None)  # type: ignore[attr-defined]
