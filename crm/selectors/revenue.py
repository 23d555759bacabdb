"""What a client brought in, by month and project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db.models import QuerySet

from crm.models import Client, Project, Revenue, User

MONTHS_SHOWN = 12


@dataclass(frozen=True)
class RevenueLine:
    """The amounts within a project, or beside any (`project` is None), one for each month."""

    project: Project | None
    amounts: list[Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, Decimal())

    @property
    def trend(self) -> list[float]:
        return [float(amount) for amount in self.amounts]


@dataclass(frozen=True)
class RevenueYear:
    """The last twelve months that are over, oldest first; the projects with the most first. `so_far`: this month's."""

    months: list[date]
    lines: list[RevenueLine]
    so_far: Decimal

    @property
    def amounts(self) -> list[Decimal]:
        """Over all projects, by month."""
        return [sum(column, Decimal()) for column in zip(*(line.amounts for line in self.lines), strict=True)]

    @property
    def by_month(self) -> list[tuple[date, list[Decimal], Decimal]]:
        """The newest month first: its amounts in the order of the lines, and what they come to."""
        columns = zip(*(line.amounts for line in self.lines), strict=True)
        rows = [
            (month, list(column), sum(column, Decimal()))
            for month, column in zip(self.months, columns, strict=True)
        ]
        return rows[::-1]

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, Decimal())

    def share(self, line: RevenueLine) -> float | None:
        """The part of the total that a line makes up; None where there is no total to be part of."""
        return float(line.total / self.total) if self.total > 0 else None


def revenue_year(client: Client, user: User, today: date) -> RevenueYear | None:
    """The client's revenue as it is known on a day; None where nothing is known of these months."""
    current = today.replace(day=1)
    months = [current - relativedelta(months=ago) for ago in range(MONTHS_SHOWN, 0, -1)]
    rows = list(known_revenue(client, user, today).filter(month__gte=months[0], month__lte=current))
    if not rows:
        return None
    past = [row for row in rows if row.month < current]
    so_far = sum((row.amount for row in rows if row.month == current), Decimal())
    return RevenueYear(months, _lines(past, months), so_far)


def known_revenue(client: Client, user: User, today: date) -> QuerySet[Revenue]:
    """Of each month, project and source the amount received last; those of several sources add up."""
    rows = Revenue.objects.visible_to(user).filter(client=client, received_on__lte=today)
    distinct = ("month", "project_id", "source")
    return rows.select_related("project").order_by(*distinct, "-received_on").distinct(*distinct)


def monthly_revenue(clients: Collection[int], today: date) -> dict[int, list[float]]:
    """By client the revenue of the last twelve months that are over, oldest first; those without any are left out."""
    current = today.replace(day=1)
    months = [current - relativedelta(months=ago) for ago in range(MONTHS_SHOWN, 0, -1)]
    distinct = ("client_id", "month", "project_id", "source")
    known = Revenue.objects.filter(
        client__in=clients, month__gte=months[0], month__lt=current, received_on__lte=today
    )
    rows = known.order_by(*distinct, "-received_on").distinct(*distinct)
    amounts: dict[int, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for client, month, amount in rows.values_list("client_id", "month", "amount"):
        amounts[client][month] += amount
    return {
        client: [float(by_month.get(month, 0)) for month in months] for client, by_month in amounts.items()
    }


def _lines(rows: Iterable[Revenue], months: Sequence[date]) -> list[RevenueLine]:
    projects: dict[int | None, Project | None] = {}
    amounts: dict[int | None, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        projects[row.project_id] = row.project
        amounts[row.project_id][row.month] += row.amount
    lines = [
        RevenueLine(project, [amounts[pk].get(month, Decimal()) for month in months])
        for pk, project in projects.items()
    ]
    return sorted(lines, key=lambda line: line.total, reverse=True)
