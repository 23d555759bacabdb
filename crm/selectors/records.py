"""The dated records of one client, as its page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, QuerySet

from crm.models import (
    Client,
    Facility,
    FinancialStatement,
    Interaction,
    Observation,
    Participation,
    Payment,
    User,
)
from crm.selectors.figures import open_on, with_balance

YEARS_SHOWN = 4
PAYMENTS_SHOWN = 24

STATEMENT_FIGURES = (
    "revenue",
    "operating_profit",
    "interest_expense",
    "net_profit",
    "operating_cash_flow",
    "total_assets",
    "current_assets",
    "inventory",
    "receivables",
    "total_liabilities",
    "current_liabilities",
    "retained_earnings",
)


@dataclass(frozen=True)
class Ratios:
    """Ratios of a year; None where a figure is missing or the divisor is nothing."""

    statement: FinancialStatement
    leverage: float | None
    interest_cover: float | None
    current_ratio: float | None
    net_margin: float | None
    return_on_equity: float | None


def statements_of(client: Client, user: User) -> list[FinancialStatement]:
    """The latest years, newest first, each as last reported."""
    rows = FinancialStatement.objects.visible_to(user).filter(client=client)
    return list(rows.order_by("-period_end", "-received_on").distinct("period_end")[:YEARS_SHOWN])


def figures_of(statements: Sequence[FinancialStatement]) -> list[tuple[str, list[Decimal | None]]]:
    """A row per figure: its name and its values in the order of the statements."""
    names = {field.name: str(field.verbose_name) for field in FinancialStatement._meta.fields}
    return [(names[name], [getattr(item, name) for item in statements]) for name in STATEMENT_FIGURES]


def ratios_of(statement: FinancialStatement) -> Ratios:
    equity = _difference(statement.total_assets, statement.total_liabilities)
    return Ratios(
        statement=statement,
        leverage=_ratio(statement.total_liabilities, statement.total_assets),
        interest_cover=_ratio(statement.operating_profit, statement.interest_expense),
        current_ratio=_ratio(statement.current_assets, statement.current_liabilities),
        net_margin=_ratio(statement.net_profit, statement.revenue),
        return_on_equity=_ratio(statement.net_profit, equity) if equity and equity > 0 else None,
    )


def _ratio(above: Decimal | None, below: Decimal | None) -> float | None:
    return float(above / below) if above is not None and below else None


def _difference(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    return first - second if first is not None and second is not None else None


def interactions_of(client: Client, user: User) -> QuerySet[Interaction]:
    return Interaction.objects.visible_to(user).filter(client=client).select_related("author")


def participations_of(client: Client, user: User) -> QuerySet[Participation]:
    rows = Participation.objects.visible_to(user).filter(client=client)
    return rows.select_related("project__industry").order_by(
        F("project__signed_on").desc(nulls_last=True), "-pk"
    )


def facilities_of(client: Client, user: User, on: date) -> QuerySet[Facility]:
    """Every facility with its `balance` on the day, open ones first."""
    rows = with_balance(Facility.objects.visible_to(user).filter(client=client), on)
    return rows.select_related("project").order_by(F("closed_on").asc(nulls_first=True), "-opened_on", "-pk")


def open_facilities_of(client: Client, user: User, on: date) -> QuerySet[Facility]:
    return facilities_of(client, user, on).filter(open_on(on))


def payments_of(client: Client, user: User) -> QuerySet[Payment]:
    """Payments not made yet, the earliest due first, so that overdue ones lead."""
    facilities = Facility.objects.visible_to(user).filter(client=client)
    unpaid = Payment.objects.filter(facility__in=facilities, paid_on__isnull=True)
    return unpaid.select_related("facility").order_by("due_on", "pk")[:PAYMENTS_SHOWN]


def observations_of(client: Client, user: User) -> QuerySet[Observation]:
    """The latest value of each metric and source, of the client as a whole and within each project."""
    rows = Observation.objects.visible_to(user).filter(client=client).select_related("project")
    distinct = ("metric", "source", "project_id")
    return rows.order_by(*distinct, "-observed_on", "-received_on").distinct(*distinct)
