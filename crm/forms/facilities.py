"""Entering facilities, what secures them, their schedules and what is paid."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.core.amounts import read_amount
from crm.core.schedules import Instalment
from crm.forms.currencies import CarriedForm
from crm.forms.fields import DateInput, NamedChoice, ServiceForm
from crm.forms.money import AmountField
from crm.models import Client, Collateral, Facility, Payment, Project, User
from crm.models.conduct import today

LONGEST_LIST: Final = 60_000
PLANS: Final = (
    ("annuity", _("Annuity: the same amount each time")),
    ("equal_principal", _("Equal principal: interest falls")),
    ("bullet", _("Bullet: interest, and all principal at the end")),
)
EVERY: Final = ((1, _("month")), (3, _("quarter")), (6, _("half-year")), (12, pgettext_lazy("every", "year")))
SPLIT: Final = re.compile(r"[\t;]|,(?!\d{3}(?:\D|$))")


def initial_of(
    row: Facility | Collateral, names: tuple[str, ...], amounts: tuple[str, ...]
) -> dict[str, Any]:
    """What a form shows of a record: its amounts in the currency of its papers."""
    own = {name: row.in_own(getattr(row, name)) for name in amounts}
    rate = row.exchange_rate.normalize() if row.is_foreign else None
    plain = {name: getattr(row, name) for name in names}
    return {**plain, **own, "currency": row.own_currency, "exchange_rate": rate}


class FacilityForm(CarriedForm):
    """The terms of a facility; the rate in percent."""

    defines = "facility"
    number = forms.CharField(label=_("Number"), max_length=40)
    product = forms.ChoiceField(label=_("Product"), choices=Facility.Product.choices)
    project = NamedChoice(
        label=_("Project"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=_("beside any project"),
    )
    limit = AmountField(label=_("Limit"))
    drawn = AmountField(label=_("Drawn at opening"))
    rate = forms.FloatField(
        label=_("Yearly interest rate, %"),
        required=False,
        min_value=0,
        max_value=99,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    opened_on = forms.DateField(label=_("Opened on"), widget=DateInput())
    matures_on = forms.DateField(label=_("Matures on"), widget=DateInput())

    field_order = ("number", "product", "project", "currency", "exchange_rate", "limit", "drawn", "rate")

    def __init__(self, data: Any, *, client: Client, user: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        project = self.fields["project"]
        assert isinstance(project, forms.ModelChoiceField)
        own = Project.objects.visible_to(user).filter(participations__client=client)
        project.queryset = own.distinct().order_by("code")

    def clean_rate(self) -> float | None:
        rate: float | None = self.cleaned_data["rate"]
        return None if rate is None else round(rate / 100, 8)


class FacilityEditForm(FacilityForm):
    """`version` is the one the reader saw."""

    closed_on = forms.DateField(label=_("Closed on"), required=False, widget=DateInput())
    reason = forms.CharField(
        label=_("Reason of the change"), max_length=300, help_text=_("The history keeps it.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, facility: Facility, user: User) -> None:
        names = ("number", "product", "project", "opened_on", "matures_on", "closed_on", "version")
        initial = initial_of(facility, names, ("limit", "drawn"))
        initial["rate"] = None if facility.rate is None else round(facility.rate * 100, 6)
        super().__init__(data, client=facility.client, user=user, initial=initial)


class CollateralForm(CarriedForm):
    """What secures a facility."""

    defines = "collateral"
    kind = forms.ChoiceField(label=_("Kind"), choices=Collateral.Kind.choices)
    name = forms.CharField(label=_("What it is"), max_length=200)
    value = AmountField(label=pgettext_lazy("of collateral", "Value"))
    valued_on = forms.DateField(label=_("Valued on"), widget=DateInput(), initial=today)
    valuer = forms.CharField(label=_("Valued by"), max_length=120, required=False)

    field_order = ("kind", "name", "currency", "exchange_rate", "value", "valued_on", "valuer")


class CollateralEditForm(CollateralForm):
    """`version` is the one the reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, collateral: Collateral) -> None:
        names = ("kind", "name", "valued_on", "valuer", "version")
        super().__init__(data, initial=initial_of(collateral, names, ("value",)))


class PlanForm(ServiceForm):
    """A schedule by one of three plans."""

    plan = forms.ChoiceField(label=_("Plan"), choices=PLANS)
    first_on = forms.DateField(label=_("First day"), widget=DateInput())
    every = forms.TypedChoiceField(
        label=pgettext_lazy("instalments", "Every"), choices=EVERY, coerce=int, initial=3
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, facility: Facility) -> None:
        first = max(facility.opened_on, today()) + relativedelta(months=3)
        initial = {"first_on": min(first, facility.matures_on), "version": facility.version}
        super().__init__(data, initial=initial)


class ScheduleForm(ServiceForm):
    """A schedule as a list, a line for each instalment: typed, or pasted from a spreadsheet."""

    lines = forms.CharField(
        label=_("Instalments"),
        max_length=LONGEST_LIST,
        help_text=_("A line for each: day, principal, interest. As 2026-03-31, 1,000,000, 2.5万."),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, facility: Facility) -> None:
        super().__init__(data, initial={"version": facility.version, "lines": _listed(facility)})

    def clean_lines(self) -> list[Instalment]:
        lines = [line.strip() for line in self.cleaned_data["lines"].splitlines()]
        found, refused = [], []
        for number, line in enumerate(lines, start=1):
            if not line:
                continue
            try:
                found.append(_instalment(line))
            except (ValueError, ArithmeticError):
                message = gettext("Line %(number)d is no day with two amounts: %(line)s")
                refused.append(message % {"number": number, "line": line[:60]})
        if refused:
            raise ValidationError(refused[:10])
        return found


class PaymentForm(ServiceForm):
    """What came in for an instalment. `known` is what the reader saw as paid so far."""

    defines = "payment"

    paid_on = forms.DateField(label=_("Paid on"), widget=DateInput(), initial=today)
    amount = AmountField(label=_("Amount"))
    known = AmountField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, payment: Payment) -> None:
        facility = payment.facility
        initial = {
            "amount": facility.in_own(payment.outstanding),
            "known": facility.in_own(payment.paid_amount),
        }
        super().__init__(data, initial=initial)
        self.fields["amount"].help_text = facility.own_currency or settings.CURRENCY


def _instalment(line: str) -> Instalment:
    parts = [part.strip() for part in SPLIT.split(line) if part.strip()]
    if not 2 <= len(parts) <= 3:
        raise ValueError(line)
    year, month, day = (int(part) for part in re.split(r"[-/.年月]", parts[0].rstrip("日")))
    principal, interest = (round(read_amount(part), 2) for part in (*parts[1:], "0")[:2])
    if principal < 0 or interest < 0 or principal + interest == 0:
        raise ValueError(line)
    return Instalment(date(year, month, day), principal, interest)


def _listed(facility: Facility) -> str:
    """The instalments of which nothing is paid, as the field takes them."""
    rows = facility.payments.filter(paid_on__isnull=True, paid_amount__isnull=True)
    return "\n".join(
        f"{row.due_on.isoformat()}\t{_plain(facility, row.principal)}\t{_plain(facility, row.interest)}"
        for row in rows
    )


def _plain(facility: Facility, amount: Decimal) -> str:
    return f"{facility.in_own(amount):,.2f}"
