"""Targets of this year and the next: teams, their managers, and the products of the house."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from config.demo.cast import Cast
from config.demo.streams import rounded, stream
from crm.models import Role
from funnel.models import Pipeline, Target, book_currency

MONTHLY = Decimal(110_000_000)
"""What a team is to win in an ordinary month."""
SEASONS = (0.6, 0.5, 1.1, 0.9, 0.9, 1.3, 0.8, 0.8, 1.2, 0.9, 1.0, 1.6)
"""Of an ordinary month: quarters end strong, and the Chinese New Year is quiet."""
PRODUCTS = {
    "term_loan": 0.25,
    "working_capital": 0.25,
    "lease": 0.2,
    "project_loan": 0.2,
    "supply_chain": 0.1,
}
AVERAGE_CASE = Decimal(70_000_000)


def set_targets_of_the_year(cast: Cast, anchor: date, pipeline: Pipeline) -> int:
    """How many were set."""
    made = list(_targets(cast, anchor, pipeline))
    Target.objects.bulk_create(made)
    return len(made)


def _targets(cast: Cast, anchor: date, pipeline: Pipeline) -> Iterator[Target]:
    admin = cast.having(Role.SYSTEM_ADMIN)[0]
    for year in (anchor.year, anchor.year + 1):
        for month, season in enumerate(SEASONS, start=1):
            growth = Decimal("1.1") ** (year - anchor.year)
            ordinary = MONTHLY * Decimal(str(season)) * growth

            def target(amount: Decimal, *, year: int = year, month: int = month, **whose: object) -> Target:
                amount = Decimal(rounded(float(amount)))
                return Target(
                    pipeline=pipeline, month=date(year, month, 1), currency=book_currency(), amount=amount,
                    count=max(round(amount / AVERAGE_CASE), 1), set_by=admin, **whose,
                )  # fmt: skip

            for code, team in cast.teams.items():
                managers = cast.having(Role.RM, team)
                weights = [stream("target", code, one.username).uniform(0.7, 1.3) for one in managers]
                yield target(ordinary, team=team)
                for manager, weight in zip(managers, weights, strict=True):
                    yield target(ordinary * Decimal(weight / sum(weights)), rm=manager)
            for product, share in PRODUCTS.items():
                yield target(ordinary * len(cast.teams) * Decimal(str(share)), product=product)
