"""The board: its columns with totals over every card, and their cards by pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, F, OuterRef, Sum, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from crm.models import User
from funnel.models import Case, GateLapse, Recut, Stage, StageMove
from funnel.querysets import CaseQuerySet
from funnel.selectors.grouping import STAGE, Grouped, Heading
from funnel.selectors.rates import Total, rates_on, total_of
from funnel.selectors.tiers import tiers_in_force
from tiering.models import Tier

PAGE = 20
LATEST: Final = "SELECT (SELECT max(id) FROM funnel_stagemove), (SELECT max(id) FROM funnel_recut)"


@dataclass(frozen=True)
class Card:
    """A case as the board shows it; `tier` is the client's, None before the first. `is_lapsed`: it passed a gate that is
    no longer met."""

    case: Case
    tier: Tier | None
    can_move: bool
    is_lapsed: bool


@dataclass
class Column:
    """A column with number and total of all its cards, by currency and converted, and the cards of one page."""

    heading: Heading
    count: int = 0
    amounts: Total = field(default_factory=lambda: Total((), Decimal(0), ()))
    cards: list[Card] = field(default_factory=list)
    has_more: bool = False

    @property
    def stage(self) -> Stage | None:
        return self.heading.stage

    @property
    def total(self) -> Decimal:
        """In the book's currency."""
        return self.amounts.converted

    @property
    def last(self) -> Case:
        """Where the next page starts."""
        return self.cards[-1].case


def columns_with_totals(grouped: Grouped) -> list[Column]:
    """The columns, without cards yet. One query over all the cases, and one for the rates."""
    counts: dict[object, int] = defaultdict(int)
    amounts: dict[object, list[tuple[str, Decimal]]] = defaultdict(list)
    totals = grouped.cases.order_by().values("column", "currency")
    for row in totals.annotate(cases=Count("*"), sum=Sum("amount")):
        counts[row["column"]] += row["cases"]
        amounts[row["column"]].append((row["currency"], row["sum"]))
    rates = rates_on(timezone.localdate())
    return [Column(one, counts[one.value], total_of(amounts[one.value], rates)) for one in grouped.headings]


def total_of_cases(cases: CaseQuerySet) -> tuple[int, Total]:
    """How many the cases are, and what they come to, by currency and converted. One query, and one for the rates."""
    rows = list(
        cases.order_by().values("currency").annotate(cases=Count("*"), sum=Sum("amount")).order_by("currency")
    )
    amounts = [(row["currency"], row["sum"]) for row in rows]
    return sum(row["cases"] for row in rows), total_of(amounts, rates_on(timezone.localdate()))


def board(grouped: Grouped, user: User) -> list[Column]:
    """Every column with its first page: as many queries for one column and case as for many."""
    columns = columns_with_totals(grouped)
    # Read before the cards: joined to them the pages would be looked for anew for every case.
    value_of = _first_pages(grouped)
    by_value: dict[object, list[Card]] = {column.heading.value: column.cards for column in columns}
    for card in cards(Case.objects.filter(pk__in=value_of).for_board().in_board_order(), user):
        if (shown := by_value.get(value_of[card.case.pk])) is not None:
            shown.append(card)
    for column in columns:
        column.has_more = column.count > len(column.cards)
    return columns


def _first_pages(grouped: Grouped) -> dict[int, object]:
    """The ids of the first cards of every column, with what the column has in common. One query: by stage through the
    index of the board, column by column; otherwise all cases are ranked at once."""
    if grouped.by == STAGE:
        first = grouped.cases.filter(stage=OuterRef("pk")).in_board_order().values("pk")[:PAGE]
        stages = Stage.objects.filter(pk__in=[heading.value for heading in grouped.headings])
        pages = stages.order_by().values_list("pk", ArraySubquery(first))
        return {case: stage for stage, cases in pages for case in cases}
    place = Window(RowNumber(), partition_by=F("column"), order_by=[F("amount").desc(), F("pk").asc()])
    return dict(grouped.cases.annotate(place=place).filter(place__lte=PAGE).values_list("pk", "column"))


def page_of(cases: CaseQuerySet, heading: Heading, user: User) -> Column:
    """The first page of a column's cases; for the next one the cases come narrowed by `after`."""
    found = cards(cases.in_board_order().for_board()[: PAGE + 1], user)
    return Column(heading, cards=found[:PAGE], has_more=len(found) > PAGE)


def cards(cases: Iterable[Case], user: User) -> list[Card]:
    """Cases (read with `for_cards`) with their clients' tiers. Two further queries."""
    cases = list(cases)
    tiers = tiers_in_force(case.client_id for case in cases)
    lapsed = set(GateLapse.objects.filter(case__in=cases).values_list("case", flat=True))
    return [
        Card(
            case,
            tiers.get(case.client_id),
            user.has_perm("funnel.move_case", case.client),
            case.pk in lapsed,
        )
        for case in cases
    ]


def latest() -> tuple[int, int]:
    """The ids of the last step, and of the last split or merge, of any case; 0 before the first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(LATEST)
        step, recut = cursor.fetchone()
    return step or 0, recut or 0


def moves_since(since: int, user: User) -> list[StageMove]:
    """What others moved after a step, of the cases that the user may see; the latest first, a page of them."""
    visible = Case.objects.visible_to(user).values("pk")
    moves = StageMove.objects.filter(pk__gt=since, case__in=visible, is_inherited=False).exclude(
        moved_by=user
    )
    return list(moves.select_related("case__client", "to_stage", "moved_by").order_by("-pk")[:PAGE])


def recuts_since(since: int, user: User) -> list[Recut]:
    """What others split and merged after a split or merge, of the cases that the user may see; the latest first."""
    found = Recut.objects.visible_to(user).filter(pk__gt=since).exclude(by=user)
    return list(found.select_related("case", "by").order_by("-pk")[:PAGE])
