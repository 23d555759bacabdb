"""How far the targets of a year are reached: by team, manager and product, and for one person this month."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from crm.models import Role, User
from funnel.models import Pipeline, Target
from funnel.selectors.figures.forecasts import Month, due, due_params, months
from funnel.selectors.figures.selection import MOVES, Selection

COLUMNS: Final = {Target.Of.TEAM: "k.team_id", Target.Of.RM: "k.rm_id", Target.Of.PRODUCT: "c.product"}


@dataclass
class Progress:
    """What was set for a team, a manager or a product in a year and until its current month, what came true so far, and
    what is weighted in the forecast until the year ends. Counts of cases beside amounts where they were set."""

    of: str
    whose: Any
    year: Decimal = Decimal(0)
    so_far: Decimal = Decimal(0)
    count_so_far: int = 0
    won: int = 0
    won_amount: Decimal = Decimal(0)
    weighted: Decimal = Decimal(0)

    @property
    def reached(self) -> float | None:
        """Of what was set until the current month."""
        return float(self.won_amount / self.so_far) if self.so_far else None

    @property
    def expected(self) -> float | None:
        """Of what was set for the year: what came true and what the forecast adds."""
        return float((self.won_amount + self.weighted) / self.year) if self.year else None


def progress(selection: Selection) -> list[Progress]:
    """Whoever has a target in the calendar year of the selection's day, in its currency; whatever else is chosen. Those
    of products are of all teams, so who sees one team is not told of them. Five statements."""
    selection = whole(selection)
    this = timezone.localtime(selection.as_of).date().replace(day=1)
    told = _set_for(selection, this)
    for of, column in COLUMNS.items():
        if not any(kind == of for kind, _key in told):
            continue
        for key, won, amount in _won(selection, column, date(this.year, 1, 1)):
            if (one := told.get((of, key))) is not None:
                one.won, one.won_amount = won, amount
        for key, weighted in _weighted(selection, column, date(this.year + 1, 1, 1)):
            if (one := told.get((of, key))) is not None:
                one.weighted = weighted
    return list(told.values())


def whole(selection: Selection) -> Selection:
    """All cases of the pipeline that the user may see."""
    return replace(
        selection, since=None, until=None, team=None, rm=None, tier=None, product="", industry=None, source="",
        without=frozenset(),
    )  # fmt: skip


def _set_for(selection: Selection, this: date) -> dict[tuple[str, Any], Progress]:
    rows = Target.objects.visible_to(selection.user).filter(
        pipeline=selection.pipeline, currency=selection.currency, month__year=this.year
    )
    told: dict[tuple[str, Any], Progress] = {}
    for row in sorted(rows.select_related("team", "rm"), key=lambda row: list(COLUMNS).index(row.of)):
        if row.of == Target.Of.PRODUCT and not selection.user.sees_every_client:
            continue
        key = (row.of, getattr(row.whose, "pk", row.whose))
        one = told.setdefault(key, Progress(row.of, row.whose))
        one.year += row.amount or 0
        if row.month <= this:
            one.so_far += row.amount or 0
            one.count_so_far += row.count or 0
    return told


def _won(selection: Selection, column: str, first: date) -> list[tuple]:
    return selection.rows(
        f"""SELECT {column}, count(*), sum(c.amount)
            FROM ({selection.relation(MOVES)}) m JOIN funnel_case c ON c.id = m.case_id
            JOIN crm_client k ON k.id = c.client_id
            WHERE m.stage_id = ANY(%(won)s) AND m.at >= %(first)s AND c.currency = %(currency)s AND NOT EXISTS (
                SELECT FROM funnel_stagemove later WHERE later.case_id = m.case_id AND later.id > m.id
                AND later.to_stage_id = ANY(%(stages)s) AND later.moved_at <= %(as_of)s
            ) GROUP BY 1""",
        first=first,
    )


def _weighted(selection: Selection, column: str, until: date) -> list[tuple]:
    return selection.rows(
        f"""SELECT {column}, sum(due.amount * due.chance::numeric)
            FROM ({due(selection, "{}::date".format)}) due JOIN funnel_case c ON c.id = due.case_id
            JOIN crm_client k ON k.id = c.client_id WHERE due.month >= %(this)s AND due.month < %(until)s GROUP BY 1""",
        until=until,
        **due_params(selection),
    )


@dataclass(frozen=True)
class Standing:
    """This month of somebody's own target, in one pipeline and currency."""

    pipeline: Pipeline
    currency: str
    month: Month

    @property
    def won(self) -> Decimal:
        return self.month.won_amount or Decimal(0)

    @property
    def expected(self) -> Decimal:
        """What came true and what the forecast adds."""
        return self.won + self.month.weighted


def standing_of(user: User, at: datetime) -> list[Standing]:
    """The targets of a manager, or of a lead's team, for the month of a moment."""
    this = timezone.localtime(at).date().replace(day=1)
    if user.role not in (Role.RM, Role.TEAM_LEAD):
        return []
    own = Q(rm=user) if user.role == Role.RM else Q(team__isnull=False, team=user.team_id)
    rows = Target.objects.filter(own, month=this).select_related("pipeline").order_by("pipeline", "currency")
    told = []
    for row in rows:
        chosen = Selection(user=user, pipeline=row.pipeline, as_of=at, currency=row.currency)
        chosen = replace(chosen, rm=user) if row.rm_id else chosen
        month = next(one for one in months(chosen) if one.begins == this)
        told.append(Standing(row.pipeline, row.currency, month))
    return told
