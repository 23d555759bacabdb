"""The board: its columns with totals over every card, and their cards by pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.db import connection
from django.db.models import Count, F, Q, Sum, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import RowNumber
from django.utils import timezone

from crm.models import User
from funnel.models import Case, GateLapse, Recut, Stage, StageMove
from funnel.querysets import CaseQuerySet
from funnel.selectors.grouping import Grouped, Heading
from funnel.selectors.parties import further_clients
from funnel.selectors.rates import Total, rates_on, total_of
from funnel.selectors.tiers import tiers_in_force
from tiering.models import Tier

FIRST = 12
"""Cards of a column that the board shows at first: as many as stand in a large window."""
PAGE = 20
"""Cards that a column shows more of at a time."""
MANY: Final = 10_000
"""Cases, from which on reading all of them for some takes long."""
RARE: Final = 200
"""A column is rare where it has less than one in so many."""
LATEST: Final = "SELECT (SELECT max(id) FROM funnel_stagemove), (SELECT max(id) FROM funnel_recut)"


@dataclass(frozen=True)
class Card:
    """A case as the board shows it; `tier` is the client's, None before the first. `is_lapsed`: it passed a gate that is
    no longer met. `further`: part and name of its other clients."""

    case: Case
    tier: Tier | None
    can_move: bool
    is_lapsed: bool
    further: Sequence[str]


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
    rates = rates_on(timezone.localdate())
    columns = []
    for heading in grouped.headings:
        sums = grouped.sums.get(heading.value, ())
        amounts = total_of(((one.currency, one.amount) for one in sums), rates)
        columns.append(Column(heading, sum(one.cases for one in sums), amounts))
    return columns


def total_of_cases(cases: CaseQuerySet) -> tuple[int, Total]:
    """How many the cases are, and what they come to, by currency and converted. One query, and one for the rates."""
    rows = list(
        cases.order_by().values("currency").annotate(cases=Count("*"), sum=Sum("amount")).order_by("currency")
    )
    amounts = [(row["currency"], row["sum"]) for row in rows]
    return sum(row["cases"] for row in rows), total_of(amounts, rates_on(timezone.localdate()))


def board(grouped: Grouped, user: User) -> list[Column]:
    """Every column with its first page: as many queries for one case as for many."""
    columns = columns_with_totals(grouped)
    # Read before the cards: joined to them the pages would be looked for anew for every case.
    value_of = _first_pages(grouped, columns)
    by_value: dict[object, list[Card]] = {column.heading.value: column.cards for column in columns}
    for card in cards(Case.objects.filter(pk__in=value_of).for_board().in_board_order(), user):
        by_value[value_of[card.case.pk]].append(card)
    for column in columns:
        column.has_more = column.count > len(column.cards)
    return columns


def _first_pages(grouped: Grouped, columns: list[Column]) -> dict[int, object]:
    """The ids of the first cards of every column, with what the column has in common.

    Where cases are many, those of a column are found on a walk from the largest case on, which is short where one in
    `RARE` or more is of the column. The others, and all where cases are few, are ranked at once.
    """
    total = sum(column.count for column in columns)
    walked: list[Heading] = []
    ranked: list[Heading] = []
    for column in columns:
        is_common = total > MANY and column.count * RARE >= total
        if column.count:
            (walked if is_common else ranked).append(column.heading)
    return {**_walked(grouped, walked), **_ranked(grouped, ranked)}


def _walked(grouped: Grouped, headings: list[Heading]) -> dict[int, object]:
    """One statement for all columns, and one for the cases of which nothing is known."""
    found: dict[int, object] = {}
    if values := [heading.value for heading in headings if heading.value is not None]:
        page = grouped.cases.filter(column=RawSQL("heading.value", ())).in_board_order().values("pk")[:FIRST]
        text, params = page.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT value, ARRAY({text}) FROM unnest(%s) AS heading (value)",  # noqa: S608
                [*params, values],
            )
            found = {case: value for value, cases in cursor.fetchall() for case in cases}
    for heading in headings:
        if heading.value is None:
            unknown = grouped.of(heading).in_board_order().values_list("pk", flat=True)[:FIRST]
            found |= dict.fromkeys(unknown)
    return found


def _ranked(grouped: Grouped, headings: list[Heading]) -> dict[int, object]:
    """One statement, that reads every case of the columns."""
    values = [heading.value for heading in headings if heading.value is not None]
    which = Q(column__in=values)
    if len(values) < len(headings):
        which |= Q(column__isnull=True)
    place = Window(RowNumber(), partition_by=F("column"), order_by=[F("amount").desc(), F("pk").asc()])
    first = grouped.cases.filter(which).annotate(place=place).filter(place__lte=FIRST)
    return dict(first.values_list("pk", "column"))


def page_of(cases: CaseQuerySet, heading: Heading, user: User) -> Column:
    """The first page of a column's cases; for the next one the cases come narrowed by `after`."""
    found = cards(cases.in_board_order().for_board()[: PAGE + 1], user)
    return Column(heading, cards=found[:PAGE], has_more=len(found) > PAGE)


def cards(cases: Iterable[Case], user: User) -> list[Card]:
    """Cases (read with `for_cards`) with their clients' tiers. Three further queries."""
    cases = list(cases)
    tiers = tiers_in_force(case.client_id for case in cases)
    lapsed = set(GateLapse.objects.filter(case__in=cases).values_list("case", flat=True))
    further = further_clients(cases, user)
    return [
        Card(
            case,
            tiers.get(case.client_id),
            user.has_perm("funnel.move_case", case.client),
            case.pk in lapsed,
            further.get(case.pk, ()),
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
