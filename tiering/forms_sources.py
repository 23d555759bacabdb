"""Choosing between sources, and putting them in order."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import ServiceForm
from crm.models.sources import DAYS_APART, TOLERANCE
from tiering.core.metric import Catalogue


class DecisionForm(ServiceForm):
    source = forms.CharField(max_length=80, error_messages={"required": _("Choose one of the values.")})
    reason = forms.CharField(
        label=_("Why this value counts"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)


class OrderForm(ServiceForm):
    """The sources are rows named `sources`, the one to believe first; empty ones count for nothing."""

    metric = forms.ChoiceField(label=_("Metric"), required=False)
    tolerance = forms.FloatField(
        label=_("Numbers differ from (%)"),
        min_value=0,
        max_value=99,
        help_text=_("Of the larger number. What is nearer counts as the same."),
    )
    days_apart = forms.IntegerField(
        label=_("Days between values of the same time"),
        min_value=0,
        max_value=36500,
        help_text=_("An older value of another source is no contradiction."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, names: Catalogue, order: Any = None) -> None:
        super().__init__(
            data,
            initial={
                "metric": order.metric if order else "",
                "tolerance": round((order.tolerance if order else TOLERANCE) * 100, 4),
                "days_apart": order.days_apart if order else DAYS_APART,
                "version": order.version if order else None,
            },
        )
        self.order = order
        choice = self.fields["metric"]
        assert isinstance(choice, forms.ChoiceField)
        labels = sorted(
            ((key, gettext(metric.label)) for key, metric in names.items()), key=lambda one: one[1]
        )
        choice.choices = [("", _("Every metric without an order of its own")), *labels]
        if order:
            choice.disabled = True

    @property
    def rows(self) -> list[str]:
        """The sources as they stand in the form."""
        if self.is_bound:
            return [one for one in cast(QueryDict, self.data).getlist("sources") if one.strip()]
        return list(self.order.sources) if self.order else []

    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "metric": said["metric"],
            "sources": self.rows,
            "tolerance": said["tolerance"] / 100,
            "days_apart": said["days_apart"],
            "version": said["version"],
        }
