"""Entering statements and credit reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.statement_checks import Finding
from crm.formats import MISSING
from crm.forms.currencies import CarriedForm
from crm.forms.fields import DateInput, ServiceForm
from crm.forms.money import AmountField
from crm.models import CreditReport, FinancialStatement
from crm.services.statements import FIGURES, UNITS

UNIT_NAMES: Final = (
    ("1", pgettext_lazy("unit of entry", "units")),
    ("1000", pgettext_lazy("unit of entry", "thousands")),
    ("10000", pgettext_lazy("unit of entry", "ten thousands (万)")),
    ("1000000", pgettext_lazy("unit of entry", "millions")),
    ("100000000", pgettext_lazy("unit of entry", "hundred millions (亿)")),
)
GROUPS: Final = (
    (_("Income"), ("revenue", "operating_profit", "interest_expense", "net_profit")),
    (
        _("Assets"),
        ("total_assets", "current_assets", "cash", "cash_before", "inventory", "receivables"),
    ),
    (
        _("Liabilities and equity"),
        ("total_liabilities", "current_liabilities", "equity", "retained_earnings"),
    ),
    (_("Cash flow"), ("operating_cash_flow", "investing_cash_flow", "financing_cash_flow")),
)
HEAD: Final = ("span", "period_end", "audited", "source", "currency", "exchange_rate", "unit")


class StatementForm(CarriedForm):
    """A statement of a period, with doubts to accept where there are any.

    `replaces` is the statement that the reader saw, `shown` the keys of the doubts that were shown.
    """

    defines = "statement"
    span = forms.ChoiceField(
        label=pgettext_lazy("of a statement", "Period"), choices=FinancialStatement.Span.choices
    )
    period_end = forms.DateField(label=_("Period end"), widget=DateInput())
    unit = forms.ChoiceField(label=_("Figures are in"), choices=UNIT_NAMES, initial="10000")
    audited = forms.BooleanField(label=_("Audited"), required=False)
    source = forms.CharField(label=_("Source"), max_length=80, required=False)
    note = forms.CharField(
        label=_("Why it is restated"),
        max_length=300,
        required=False,
        help_text=_("Only where a statement of the period is there already."),
    )
    accept = forms.BooleanField(label=_("These figures are right"), required=False)
    acceptance = forms.CharField(
        label=pgettext_lazy("doubtful figures", "Why they are right"), max_length=300, required=False
    )
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)
    shown = forms.CharField(required=False, max_length=600, widget=forms.HiddenInput)

    data: QueryDict

    def __init__(self, data: QueryDict | None, *, of: FinancialStatement | None = None) -> None:
        super().__init__(data, initial=_restated(of) if of else None)
        self.doubts: Sequence[Finding] = ()
        for name in FIGURES:
            label = capfirst(str(FinancialStatement._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
            self.fields[name] = AmountField(label=label, required=False, signed=True, places=6)

    @cached_property
    def groups(self) -> list[tuple[Any, list[BoundField]]]:
        return [(heading, [self[name] for name in names]) for heading, names in GROUPS]

    @cached_property
    def head(self) -> list[BoundField]:
        return [self[name] for name in HEAD]

    def doubt(self, found: Sequence[Finding]) -> None:
        """Show doubts, to be accepted as they are shown."""
        self.doubts = found
        said = self.data.copy()
        said["shown"] = ",".join(one.key for one in found)
        self.data = said

    def given(self) -> dict[str, Any]:
        """What was said, for the service; only after `is_valid()`."""
        said = dict(self.cleaned_data)
        shown, accepts = said.pop("shown"), said.pop("accept")
        figures = {name: said.pop(name) for name in FIGURES}
        accepted = [key for key in shown.split(",") if key] if accepts else []
        return {**said, "unit": UNITS[said["unit"]], "figures": figures, "accepted": accepted}


def _restated(of: FinancialStatement) -> dict[str, Any]:
    """What the form shows of the statement that it restates, in units of its currency."""
    figures = {name: of.in_own(getattr(of, name)) for name in FIGURES}
    same = {name: getattr(of, name) for name in ("span", "period_end", "audited", "source")}
    rate = of.exchange_rate.normalize() if of.is_foreign else None
    own = {"currency": of.own_currency, "exchange_rate": rate, "unit": "1", "replaces": of.pk}
    return {**same, **own, **figures}


class CreditReportForm(ServiceForm):
    """What a bureau says; the probability in percent."""

    defines = "credit_report"
    bureau = forms.CharField(label=_("Source"), max_length=80, help_text=_("The bureau or agency."))
    reported_on = forms.DateField(label=_("Reported on"), widget=DateInput())
    reference = forms.CharField(label=_("Number of the report"), max_length=80, required=False)
    score = forms.FloatField(
        label=_("Score"), required=False, widget=forms.NumberInput(attrs={"step": "any"})
    )
    pd = forms.FloatField(
        label=_("Probability of default, %"),
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    rating = forms.ChoiceField(
        label=_("Rating"), choices=[("", MISSING), *CreditReport.Rating.choices], required=False
    )
    negative_items = forms.IntegerField(
        label=_("Negative items"), required=False, min_value=0, max_value=10_000
    )
    negative_note = forms.CharField(label=_("What they are"), max_length=500, required=False)

    def clean_pd(self) -> float | None:
        pd: float | None = self.cleaned_data["pd"]
        return None if pd is None else round(pd / 100, 10)
