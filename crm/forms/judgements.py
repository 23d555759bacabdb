"""Judging all factors of a client in one form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.forms.fields import DateInput, ServiceForm
from crm.metrics import ObservableMetric
from crm.models.conduct import today
from crm.selectors.judgements import GRADES, Factor
from crm.services.judgements import LONGEST_EVIDENCE, NewJudgement

AS_IT_WAS = pgettext_lazy("judgement", "– not now –")


class JudgementForm(ServiceForm):
    """For each factor a grade and its evidence; those without a grade stay as they are."""

    judged_on = forms.DateField(label=_("Judged on"), widget=DateInput(), initial=today)
    source = forms.CharField(
        label=_("Source"),
        max_length=80,
        help_text=_("A meeting, a visit, a questionnaire: where it comes from."),
    )

    defines = "judgement"

    def __init__(self, data: Any, *, factors: Sequence[Factor]) -> None:
        super().__init__(data)
        self.factors = factors
        for factor in factors:
            key, label = factor.metric.key, factor.metric.label
            self.fields[key] = forms.ChoiceField(
                label=label, choices=grades_of(factor.metric), required=False
            )
            self.fields[f"{key}_evidence"] = forms.CharField(
                label=_("Evidence"),
                required=False,
                max_length=LONGEST_EVIDENCE,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"{key}_evidence"].defined_as = "evidence"  # type: ignore[attr-defined]

    @property
    def lines(self) -> list[tuple[Factor, BoundField, BoundField]]:
        """Each factor with the fields for its grade and its evidence."""
        return [
            (factor, self[factor.metric.key], self[f"{factor.metric.key}_evidence"])
            for factor in self.factors
        ]

    def given(self) -> dict[str, Any]:
        """What was said, for the service; only after `is_valid()`."""
        said = self.cleaned_data
        keys = [factor.metric.key for factor in self.factors]
        judgements = [
            NewJudgement(metric=key, grade=said[key], evidence=said[f"{key}_evidence"])
            for key in keys
            if said[key] or said[f"{key}_evidence"]
        ]
        return {"judged_on": said["judged_on"], "source": said["source"], "judgements": judgements}


def grades_of(metric: ObservableMetric) -> list[tuple[str, Any]]:
    """The grades that a factor takes, in words."""
    if metric.type == "category":
        return [("", AS_IT_WAS), *metric.categories.items()]
    return [("", AS_IT_WAS), *((str(grade), f"{grade} · {word}") for grade, word in GRADES.items())]
