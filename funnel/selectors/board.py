"""The board: its columns with totals over every card, and their cards by pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Sum

from crm.models import User
from funnel.models import Case, Stage
from funnel.querysets import CaseQuerySet
from funnel.selectors.tiers import tiers_in_force
from tiering.models import Tier

PAGE = 20


@dataclass(frozen=True)
class Card:
    """A case as the board shows it; `tier` is the client's, None before the first."""

    case: Case
    tier: Tier | None
    can_move: bool


@dataclass
class Column:
    """A stage with the number and sum of all its cards, and the cards of one page."""

    stage: Stage
    count: int = 0
    total: Decimal = Decimal(0)
    cards: list[Card] = field(default_factory=list)
    has_more: bool = False

    @property
    def last(self) -> Case:
        """Where the next page starts."""
        return self.cards[-1].case


def columns_with_totals(cases: CaseQuerySet, stages: Iterable[Stage]) -> list[Column]:
    """One column per stage, without cards yet. One query over all the cases."""
    columns = {stage.pk: Column(stage) for stage in stages}
    totals = cases.filter(stage__in=columns).order_by().values("stage")
    for row in totals.annotate(cases=Count("pk"), amount=Sum("amount")):
        columns[row["stage"]].count = row["cases"]
        columns[row["stage"]].total = row["amount"]
    return list(columns.values())


def board(cases: CaseQuerySet, stages: Sequence[Stage], user: User) -> list[Column]:
    """Every column with its first page: four queries, however many stages and cases there are."""
    columns = columns_with_totals(cases, stages)
    firsts = [cases.filter(stage=stage).in_board_order().values("pk")[:PAGE] for stage in stages]
    first_page = (
        Case.objects.filter(pk__in=firsts[0].union(*firsts[1:], all=True)) if firsts else Case.objects.none()
    )
    by_stage: dict[int, list[Card]] = {column.stage.pk: column.cards for column in columns}
    for card in cards(first_page.for_cards().in_board_order(), user):
        by_stage[card.case.stage_id].append(card)
    for column in columns:
        column.has_more = column.count > len(column.cards)
    return columns


def page_of(cases: CaseQuerySet, stage: Stage, user: User) -> Column:
    """The first page of a stage's cases; for the next one the cases come narrowed by `after`."""
    found = cards(cases.filter(stage=stage).in_board_order().for_cards()[: PAGE + 1], user)
    return Column(stage, cards=found[:PAGE], has_more=len(found) > PAGE)


def cards(cases: Iterable[Case], user: User) -> list[Card]:
    """Cases (read with `for_cards`) with their clients' tiers. One further query."""
    cases = list(cases)
    tiers = tiers_in_force(case.client_id for case in cases)
    return [
        Card(case, tiers.get(case.client_id), user.has_perm("funnel.move_case", case.client))
        for case in cases
    ]
