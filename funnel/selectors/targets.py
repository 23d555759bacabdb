"""Targets as a sheet of a year, and those that a choice of cases is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from crm.models import Facility, Role, Team, User
from funnel.models import Pipeline, Target
from funnel.models.targets import name_of
from funnel.selectors.figures.selection import Selection


@dataclass(frozen=True)
class Row:
    """The targets of a team, a manager or a product in the months of a year; None where there is none."""

    of: str
    whose: Any
    targets: Sequence[Target | None]
    can_set: bool

    @property
    def key(self) -> str:
        """What names it in addresses and forms."""
        return str(getattr(self.whose, "pk", self.whose))

    @property
    def name(self) -> str:
        return name_of(self.of, self.whose)

    @property
    def amount(self) -> Decimal | None:
        """Of the whole year."""
        told = [one.amount for one in self.targets if one and one.amount is not None]
        return sum(told, Decimal(0)) if told else None

    @property
    def count(self) -> int | None:
        told = [one.count for one in self.targets if one and one.count is not None]
        return sum(told) if told else None


def months_of(year: int) -> list[date]:
    return [date(year, month, 1) for month in range(1, 13)]


def sheet(pipeline: Pipeline, of: str, year: int, currency: str, user: User) -> list[Row]:
    """A row for each team, manager or product that the user may see targets of. Two queries."""
    rows = Target.objects.visible_to(user).of_kind(of).select_related("team", "rm")
    rows = rows.filter(pipeline=pipeline, currency=currency, month__year=year)
    found = {(getattr(row.whose, "pk", row.whose), row.month): row for row in rows}
    theirs = {getattr(row.whose, "pk", row.whose): row.whose for row in found.values()}
    wanted = {getattr(one, "pk", one): one for one in holders(pipeline, of, user)}
    return [
        Row(
            of,
            whose,
            [found.get((key, month)) for month in months_of(year)],
            user.has_perm("funnel.set_targets", whose),
        )
        for key, whose in {**wanted, **theirs}.items()
    ]


def holders(pipeline: Pipeline, of: str, user: User) -> list[Any]:
    """Whose targets there may be: teams, active managers, or the products of the pipeline."""
    if of == Target.Of.PRODUCT:
        return [
            key for key, _ in Facility.Product.choices if not pipeline.products or key in pipeline.products
        ]
    mine = {} if user.sees_every_client or user.has_perm("crm.add_reference_data") else {"pk": user.team_id}
    if of == Target.Of.TEAM:
        return list(Team.objects.filter(**mine))
    managers = User.objects.filter(
        role=Role.RM, is_active=True, **{f"team__{name}": pk for name, pk in mine.items()}
    )
    return list(managers.select_related("team").order_by("team", "name"))


@dataclass(frozen=True)
class Aim:
    """What a month is held against; None: nothing was set."""

    amount: Decimal | None
    count: int | None


def aims(selection: Selection) -> dict[date, Aim]:
    """Month → what was set for these cases; empty where targets are of other cases than these.

    They are set for teams, managers and products: for one of them alone, or for all cases that the user sees, which are
    those of the own team or of all teams.
    """
    whose = _whose(selection)
    if whose is None:
        return {}
    rows = Target.objects.filter(pipeline=selection.pipeline, currency=selection.currency, **whose)
    summed = rows.order_by("month").values("month").annotate(amounts=Sum("amount"), counts=Sum("count"))
    return {row["month"]: Aim(row["amounts"], row["counts"]) for row in summed}


def _whose(selection: Selection) -> dict[str, Any] | None:
    """The targets of the chosen cases as a condition; None where there are none of just these."""
    if selection.is_narrowed_otherwise or len([one for one in selection.holders if one]) > 1:
        return None
    user = selection.user
    if selection.rm:
        return {"rm": selection.rm}
    if selection.product:
        return {"product": selection.product} if user.sees_every_client else None
    if selection.team:
        return {"team": selection.team}
    return {"team__isnull": False} if user.sees_every_client else {"team": user.team_id}
