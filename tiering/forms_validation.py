"""What people ask of the past, and why a version is to run beside what is in effect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.formats import day as told
from tiering.forms import version_name
from tiering.models import CriteriaVersion, Validation
from tiering.selectors.validations import HORIZONS
from tiering.services.questions import MOST_MONTHS
from tiering.validation.outcomes import OUTCOMES


class QuestionForm(forms.Form):
    """What became, within so many months, of clients as they were known on some days. What the past can answer is the
    service's rule."""

    version = forms.ChoiceField(label=_("Criteria"))
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(key, one.label) for key, one in OUTCOMES.items()],
        widget=forms.RadioSelect,
        initial="default",
    )
    months = forms.IntegerField(
        label=_("Horizon in months"),
        min_value=1,
        max_value=MOST_MONTHS,
        initial=HORIZONS[0],
        help_text=_("The outcome counts when it comes within so many months after the day."),
    )
    days = forms.MultipleChoiceField(
        label=_("Days"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Month ends of which facts are stored and whose horizon is over. A client counts once for each day: leave "
            "some out to validate the proposal on them."
        ),
        error_messages={"required": _("Choose at least one day.")},
    )

    def __init__(self, *args: Any, versions: Sequence[CriteriaVersion], days: Sequence[date], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.versions = {str(version.pk): version for version in versions}
        self.days_offered = [(day.isoformat(), told(day)) for day in days]
        self.offer("version", [(pk, version_name(one)) for pk, one in self.versions.items()])
        self.offer("days", self.days_offered)

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_version(self) -> CriteriaVersion:
        return self.versions[self.cleaned_data["version"]]

    def clean_days(self) -> list[date]:
        return [date.fromisoformat(text) for text in self.cleaned_data["days"]]


class ValidationForm(QuestionForm):
    """How well a version told an outcome."""

    basis = forms.ChoiceField(
        label=_("What is looked at"),
        choices=Validation.Basis.choices,
        widget=forms.RadioSelect,
        initial=Validation.Basis.HELD,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["days"].help_text = _(
            "Month ends of which facts are stored and whose horizon is over. The first and the last are compared with "
            "each other."
        )


class ChallengeForm(forms.Form):
    """A version that is to run beside what is in effect, and what that is to show."""

    version = forms.ChoiceField(label=_("Version"))
    reason = forms.CharField(
        label=_("What it is to show"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, versions: Sequence[CriteriaVersion], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.versions = {str(version.pk): version for version in versions}
        field = self.fields["version"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(pk, version_name(one)) for pk, one in self.versions.items()]

    def clean_version(self) -> CriteriaVersion:
        return self.versions[self.cleaned_data["version"]]
