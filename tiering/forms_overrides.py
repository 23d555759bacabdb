"""What people may ask, decide and look for about overrides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.formats import localized
from crm.forms.fields import DateInput, ServiceForm
from crm.forms.observations import value_field
from crm.metrics import ObservableMetric
from crm.models import Attachment, Client, Project, User
from tiering.models import Override, Tier, TierScheme
from tiering.selectors.overrides import Wish

EMPTY = ("", "–")


class OverrideForm(ServiceForm):
    """What to override, why, and until when. Which value it takes follows from the metric that is chosen."""

    kind = forms.ChoiceField(
        label=_("What is overridden"),
        choices=[
            ("output", _("The tier: it holds, whatever the criteria say")),
            ("input", _("A value: the criteria go by it")),
        ],
        widget=forms.RadioSelect,
        initial="output",
    )
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=TierScheme.objects.none(), empty_label=None)
    project = forms.ModelChoiceField(
        label=_("Project"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=_("the client as a whole"),
    )
    tier = forms.ModelChoiceField(label=_("Tier"), queryset=Tier.objects.none(), required=False)
    metric = forms.ChoiceField(label=_("Metric"), required=False)
    reason = forms.ChoiceField(label=_("Reason"), choices=[EMPTY, *Override.Reason.choices])
    grounds = forms.CharField(
        label=_("Grounds"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What the criteria do not see, and why that will last until the last day."),
    )
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        help_text=_("A PDF, a workbook, a document or a picture, up to 10 MB."),
    )
    attached = forms.ModelChoiceField(
        queryset=Attachment.objects.none(), required=False, widget=forms.HiddenInput()
    )
    last_day = forms.DateField(
        label=_("Last day"),
        widget=DateInput(),
        help_text=_("After it the override lapses, and the criteria tier the client again."),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Any = None,
        *,
        client: Client,
        user: User,
        schemes: Sequence[TierScheme],
        metrics: Mapping[str, ObservableMetric],
        latest: date | None,
        **kwargs: Any,
    ):
        super().__init__(data, files, **kwargs)
        self.client, self.user = client, user
        self.chosen = self._chosen(schemes)
        self.is_value = self._given("kind") == "input"
        self._choices("scheme", TierScheme.objects.filter(pk__in=[scheme.pk for scheme in schemes]))
        self._choices("attached", Attachment.objects.visible_to(user).filter(client=client))
        self._offer_projects()
        self._offer_what(metrics)
        if latest:
            self.fields["last_day"].widget.attrs["max"] = latest.isoformat()

    def _given(self, name: str) -> Any:
        """What was sent or is shown at first."""
        return self[name].value()

    def _chosen(self, schemes: Sequence[TierScheme]) -> TierScheme:
        by_id = {str(scheme.pk): scheme for scheme in schemes}
        return by_id.get(str(self._given("scheme")), schemes[0])

    def _choices(self, name: str, queryset: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queryset

    def _offer_projects(self) -> None:
        if self.chosen.subject == TierScheme.Subject.CLIENT:
            del self.fields["project"]
            return
        own = Project.objects.visible_to(self.user).filter(participations__client=self.client)
        self._choices("project", own.distinct().order_by("code"))

    def _offer_what(self, metrics: Mapping[str, ObservableMetric]) -> None:
        """A tier of the scheme, or a metric and the value that it takes."""
        if not self.is_value:
            del self.fields["metric"]
            self.fields["tier"].required = True
            self._choices("tier", Tier.objects.filter(scheme=self.chosen).order_by("rank"))
            return
        del self.fields["tier"]
        metric = self.fields["metric"]
        assert isinstance(metric, forms.ChoiceField)
        by_label = sorted(metrics.values(), key=lambda one: str(one.label))
        metric.choices = [EMPTY, *((one.key, one.label) for one in by_label)]
        metric.required = True
        self.fields["value"] = value_field(metrics.get(str(self._given("metric") or "")))
        self.order_fields(["kind", "scheme", "project", "tier", "metric", "value"])

    @property
    def asked(self) -> dict[str, Any]:
        """The filled-in form as `services.overrides.Wanted` takes it, but for the evidence."""
        given = self.cleaned_data
        value = given.get("value")
        return {
            "client": self.client,
            "scheme": given["scheme"],
            "project": given.get("project"),
            "tier": given.get("tier"),
            "metric": given.get("metric", ""),
            "value": value if isinstance(value, float) else None,
            "category": value if isinstance(value, str) else "",
            "reason": given["reason"],
            "grounds": given["grounds"],
            "last_day": given["last_day"],
        }


class OverrideDecisionForm(forms.Form):
    """A vote. `assessment` is the one that was shown. That a rejection needs a comment is the service's rule."""

    decision = forms.ChoiceField(choices=[("approve", _("Approve")), ("reject", _("Reject"))])
    assessment = forms.IntegerField(required=False, widget=forms.HiddenInput())
    comment = forms.CharField(required=False, max_length=2000)


class OverrideEndForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it ends before its last day"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class RegisterForm(forms.Form):
    """The filters of the register. Values that nobody offered are left out, so that an old link still opens."""

    status = forms.MultipleChoiceField(
        label=pgettext_lazy("override", "State"),
        required=False,
        choices=Override.Status.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    scheme = forms.MultipleChoiceField(label=_("Scheme"), required=False, widget=forms.CheckboxSelectMultiple)
    direction = forms.ChoiceField(
        label=_("Direction"),
        required=False,
        choices=[("", _("Both")), *Override.Direction.choices],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("Both")), *Override.Kind.choices],
        widget=forms.RadioSelect,
    )
    officer = forms.MultipleChoiceField(
        label=pgettext_lazy("override", "Person"), required=False, widget=forms.CheckboxSelectMultiple
    )
    segment = forms.MultipleChoiceField(
        label=_("Segment"), required=False, widget=forms.CheckboxSelectMultiple
    )
    expiring = forms.BooleanField(label=_("Ends within 14 days"), required=False)

    def __init__(self, data: QueryDict, *, people: Sequence[User], segments: Sequence[tuple[str, str]]):
        super().__init__(data)
        self.offer("scheme", [(str(scheme.pk), scheme.label) for scheme in TierScheme.objects.order_by("pk")])
        self.offer("officer", [(str(person.pk), localized(person)) for person in people])
        self.offer("segment", segments)
        self.is_valid()

    def offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [*choices]

    @property
    def wish(self) -> Wish:
        given = self.cleaned_data
        return Wish(
            status=tuple(given.get("status", ())),
            scheme=tuple(map(int, given.get("scheme", ()))),
            direction=given.get("direction", ""),
            kind=given.get("kind", ""),
            officer=tuple(map(int, given.get("officer", ()))),
            segment=tuple(given.get("segment", ())),
            expiring=given.get("expiring", False),
        )

    @property
    def is_narrowed(self) -> bool:
        return self.wish != Wish()

    @property
    def query(self) -> str:
        """The filter as the query of an address, with its question mark; empty when it does not narrow."""
        chosen = QueryDict(mutable=True)
        for name, value in self.cleaned_data.items():
            values = (
                value if isinstance(value, list) else ["on"] if value is True else [value] if value else []
            )
            chosen.setlist(name, values)
        text = chosen.urlencode()
        return f"?{text}" if text else ""
