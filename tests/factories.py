"""Plain functions that make records. Names are unique by a counter; everything else has a plain default."""

from datetime import date, timedelta
from itertools import count

from dateutil.relativedelta import relativedelta

from crm.models import (
    Client,
    Facility,
    FinancialStatement,
    Industry,
    Observation,
    Payment,
    Project,
    Region,
    Revenue,
    Role,
    Team,
    User,
)

numbers = count(1)
PASSWORD = "correct horse battery"


def make_team(**fields) -> Team:
    n = next(numbers)
    return Team.objects.create(**{"code": f"team-{n}", "name": f"Team {n}", "name_zh": f"团队{n}", **fields})


def make_user(role: str = Role.RM, password: str | None = None, **fields) -> User:
    """A user who can be logged in with `client.force_login`; give `password=PASSWORD` to log in by page."""
    n = next(numbers)
    if role in (Role.RM, Role.TEAM_LEAD) and "team" not in fields:
        fields["team"] = make_team()
    return User.objects.create_user(
        **{"username": f"user{n}", "name": f"User {n}", **fields}, role=role, password=password
    )


def make_client(**fields) -> Client:
    n = next(numbers)
    if "rm" in fields and "team" not in fields:
        fields["team"] = fields["rm"].team
    defaults = {
        "code": f"C{n:06}",
        "name_zh": f"华信{n}有限公司",
        "name_en": f"Huaxin {n} Ltd",
        "sort_key": f"huaxin{n:06}",
        "status": Client.Status.ACTIVE,
    }
    return Client.objects.create(**{**defaults, **fields})


def make_industry(**fields) -> Industry:
    n = next(numbers)
    return Industry.objects.create(
        **{"code": f"industry-{n}", "name": f"Industry {n}", "risk_coefficient": 1.0, **fields}
    )


def make_region(**fields) -> Region:
    n = next(numbers)
    return Region.objects.create(**{"code": f"region-{n}", "name": f"Region {n}", **fields})


def make_statement(client: Client, **fields) -> FinancialStatement:
    """A sound company: leverage 0.5, current ratio 2, positive margins."""
    period_end = fields.pop("period_end", date(2025, 12, 31))
    defaults = {
        "period_end": period_end,
        "received_on": period_end + timedelta(days=90),
        "revenue": 100_000_000,
        "operating_profit": 15_000_000,
        "interest_expense": 2_000_000,
        "net_profit": 10_000_000,
        "operating_cash_flow": 12_000_000,
        "total_assets": 120_000_000,
        "current_assets": 60_000_000,
        "inventory": 10_000_000,
        "receivables": 15_000_000,
        "total_liabilities": 60_000_000,
        "current_liabilities": 30_000_000,
        "retained_earnings": 30_000_000,
    }
    return FinancialStatement.objects.create(client=client, **{**defaults, **fields})


def make_observation(client: Client, metric: str, value: float | str, **fields) -> Observation:
    observed_on = fields.pop("observed_on", date(2026, 6, 30))
    given = {"text": value} if isinstance(value, str) else {"value": value}
    defaults = {"observed_on": observed_on, "received_on": observed_on, "source": "test"}
    return Observation.objects.create(client=client, metric=metric, **given, **{**defaults, **fields})


def make_facility(client: Client, **fields) -> Facility:
    n = next(numbers)
    defaults = {
        "number": f"F{n:06}",
        "product": Facility.Product.TERM_LOAN,
        "limit": 10_000_000,
        "drawn": 8_000_000,
        "opened_on": date(2025, 1, 1),
        "matures_on": date(2028, 1, 1),
    }
    return Facility.objects.create(client=client, **{**defaults, **fields})


def make_payment(facility: Facility, due_on: date, **fields) -> Payment:
    return Payment.objects.create(facility=facility, due_on=due_on, **{"principal": 500_000, **fields})


def make_project(**fields) -> Project:
    n = next(numbers)
    return Project.objects.create(
        **{"code": f"P{n:06}", "name_en": f"Project {n}", "amount": 50_000_000, **fields}
    )


def make_revenue(client: Client, month: date, amount: float = 10_000, **fields) -> Revenue:
    """What the client brought in a month, known from the first day of the next."""
    defaults = {"received_on": month + relativedelta(months=1), "source": "ledger"}
    return Revenue.objects.create(client=client, month=month, amount=amount, **{**defaults, **fields})
