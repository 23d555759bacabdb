"""Entering projects and who takes part in them."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.formats import MISSING
from crm.forms.currencies import CurrencyField
from crm.forms.fields import DateInput, NamedChoice, ServiceForm
from crm.forms.money import AmountField
from crm.forms.relations import client_named
from crm.models import Client, Industry, Participation, Project, Region, User
from crm.models.conduct import today
from crm.services.projects import FIELDS

ES_CHOICES: Final = (
    ("", MISSING),
    ("A", _("A: significant effects")),
    ("B", _("B: limited effects")),
    ("C", _("C: minimal effects")),
    ("FI", _("FI: through an intermediary")),
    ("FI-1", _("FI-1: through an intermediary, high risk")),
    ("FI-2", _("FI-2: through an intermediary, medium risk")),
    ("FI-3", _("FI-3: through an intermediary, low risk")),
    ("Other", _("Other")),
)


def share_field() -> forms.FloatField:
    return forms.FloatField(
        label=_("Share of revenue, %"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("The shares of everybody with the same part come to 100% at most."),
        widget=forms.NumberInput(attrs={"step": "any"}),
    )


def fraction(share: float | None) -> float | None:
    """A percentage as it is kept."""
    return None if share is None else round(share / 100, 8)


class ProjectFields(ServiceForm):
    """What a project is."""

    defines = "project"
    name_zh = forms.CharField(label=_("Chinese name"), max_length=300, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=300, required=False)
    industry = NamedChoice(Industry.objects.all(), label=_("Industry"), required=False, empty_label=MISSING)
    region = NamedChoice(
        Region.objects.all(), label=_("Country or region"), required=False, empty_label=MISSING
    )
    status = forms.ChoiceField(label=_("Status"), choices=Project.Status.choices)
    es_category = forms.ChoiceField(
        label=_("Environmental and social category (IFC)"), choices=ES_CHOICES, required=False
    )
    currency = CurrencyField()
    capex = AmountField(label=_("Capital expenditure"), required=False)
    amount = AmountField(label=_("Financing amount"), required=False)
    disclosed_on = forms.DateField(label=_("Disclosed on"), required=False, widget=DateInput())
    approved_on = forms.DateField(label=_("Approved on"), required=False, widget=DateInput())
    signed_on = forms.DateField(label=_("Signed on"), required=False, widget=DateInput())
    invested_on = forms.DateField(label=_("Invested on"), required=False, widget=DateInput())
    completed_on = forms.DateField(label=_("Completed on"), required=False, widget=DateInput())
    description = forms.CharField(
        label=_("Description"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class ProjectForm(ProjectFields):
    """A new project of a client."""

    code = forms.CharField(
        label=_("Code"), max_length=40, required=False, help_text=_("Left empty, it is given one.")
    )
    part = forms.ChoiceField(label=_("Part of the client"), choices=Participation.Part.choices)
    revenue_share = share_field()

    field_order = ("code", "name_zh", "name_en", "part", "revenue_share")

    def clean_revenue_share(self) -> float | None:
        return fraction(self.cleaned_data["revenue_share"])


class ProjectEditForm(ProjectFields):
    """`version` is the one the reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, project: Project) -> None:
        super().__init__(data, initial={name: getattr(project, name) for name in (*FIELDS, "version")})
        if project.es_category not in dict(ES_CHOICES):
            choice = self.fields["es_category"]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = [*ES_CHOICES, (project.es_category, project.es_category)]


class PartForm(ServiceForm):
    """What a client is in a project, and how long."""

    defines = "project"
    part = forms.ChoiceField(label=_("Part"), choices=Participation.Part.choices)
    revenue_share = share_field()
    since = forms.DateField(label=_("Since"), required=False, widget=DateInput())
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DateInput(),
        help_text=_("The first day on which it has ended."),
    )

    def clean_revenue_share(self) -> float | None:
        return fraction(self.cleaned_data["revenue_share"])


class ParticipantForm(PartForm):
    """Another client in a project."""

    client = forms.CharField(
        label=_("Client"), max_length=300, help_text=_("Its code, or its whole name in either language.")
    )
    field_order = ("client", "part")

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.user = user

    def clean_client(self) -> Client:
        return client_named(self.cleaned_data["client"], self.user)


class PartEditForm(PartForm):
    """`version` is the one the reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, participation: Participation) -> None:
        initial = {name: getattr(participation, name) for name in ("part", "since", "until", "version")}
        share = participation.revenue_share
        initial["revenue_share"] = None if share is None else round(share * 100, 6)
        super().__init__(data, initial=initial)


class CoverForm(ServiceForm):
    """How well the cash of a project covers its debt."""

    defines = "project"
    dscr = forms.FloatField(
        label=_("Debt service cover (DSCR)"),
        required=False,
        help_text=_("The lowest period, as a multiple: 1.25."),
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    llcr = forms.FloatField(
        label=_("Loan life cover (LLCR)"), required=False, widget=forms.NumberInput(attrs={"step": "any"})
    )
    observed_on = forms.DateField(label=_("As of"), widget=DateInput(), initial=today)
    source = forms.CharField(
        label=_("Source"), max_length=80, help_text=_("The financing model, or the covenant certificate.")
    )

    def given(self) -> dict[str, Any]:
        """What was said, for the service; only after `is_valid()`."""
        said = dict(self.cleaned_data)
        covers = {name: said.pop(name) for name in ("dscr", "llcr")}
        return {**said, "covers": {name: value for name, value in covers.items() if value is not None}}
