from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DateInput, NamedChoice
from crm.metrics import ObservableMetric, named
from crm.models import Client, Project, User
from crm.models.conduct import today
from crm.services.observations import ItemsRefused, NewObservation

FIELDS = {"text": "value", "received_on": "observed_on"}
"""Where the form shows what the service says of a field that it does not have."""


class ObservationForm(forms.Form):
    """A value of one metric; which value it takes depends on the metric that is chosen."""

    defines = "observation"

    metric = forms.ChoiceField(label=_("Metric"))
    project = NamedChoice(
        label=_("Project"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=_("the client as a whole"),
    )
    observed_on = forms.DateField(label=_("Observed on"), widget=DateInput(), initial=today)
    source = forms.CharField(label=_("Source"), max_length=80)

    def __init__(self, *args: Any, client: Client, user: User, chosen: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["metric"] = chosen
        metrics = {key: metric for key, metric in named().items() if not metric.retired}
        field = self.fields["metric"]
        assert isinstance(field, forms.ChoiceField)
        by_label = sorted(metrics.values(), key=lambda metric: str(metric.label))
        field.choices = [("", "–"), *((metric.key, metric.label) for metric in by_label)]
        self.fields["value"] = value_field(metrics.get(chosen))
        self.order_fields(["metric", "value", "project", "observed_on", "source"])
        self._offer_projects(client, user, metrics, chosen)

    def _offer_projects(
        self, client: Client, user: User, metrics: Mapping[str, ObservableMetric], chosen: str
    ) -> None:
        if chosen not in metrics or not metrics[chosen].in_projects:
            del self.fields["project"]
            return
        project = self.fields["project"]
        assert isinstance(project, forms.ModelChoiceField)
        own = Project.objects.visible_to(user).filter(participations__client=client)
        project.queryset = own.distinct().order_by("code")
        project.required = not metrics[chosen].of_clients

    def observation(self, client: Client) -> NewObservation:
        """What the filled-in form says of a client."""
        given = self.cleaned_data
        value, project = given["value"], given.get("project")
        return NewObservation(
            index=0,
            client_id=client.pk,
            metric=given["metric"],
            value=None if isinstance(value, str) else value,
            text=value if isinstance(value, str) else "",
            observed_on=given["observed_on"],
            received_on=today(),
            source=given["source"],
            project_id=project.pk if project else None,
        )

    def refuse(self, error: ItemsRefused) -> None:
        for refusal in error.refusals:
            name = FIELDS.get(refusal.field, refusal.field)
            self.add_error(name if name in self.fields else None, refusal.reason)


def value_field(metric: ObservableMetric | None) -> forms.Field:
    """What takes a value of a metric: its categories, or a number."""
    if metric and metric.type == "category":
        return forms.ChoiceField(label=_("Value"), choices=[("", "–"), *metric.categories.items()])
    help_text = _("A share of the whole: 0.62 is 62%.") if metric and metric.unit == "fraction" else ""
    return forms.FloatField(
        label=_("Value"),
        help_text=help_text,
        min_value=metric.lowest if metric else None,
        max_value=metric.highest if metric else None,
    )
