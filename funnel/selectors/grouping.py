"""The columns of the board: by stage, by tier, by relationship manager or by month of the expected close."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.db import models
from django.db.models import Count, F, FilteredRelation, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from crm.formats import localized, month
from crm.models import User
from funnel.models import Pipeline, Stage
from funnel.querysets import CaseQuerySet
from funnel.selectors.pipelines import stages_ever
from tiering.models import Tier
from tiering.selectors.criteria import primary_scheme

STAGE: Final = "stage"
MOST_COLUMNS = 40


@dataclass(frozen=True)
class Heading:
    """A column: `value` is what its cases have in common (None: nothing is known), `key` the same as text in addresses;
    `stage` where columns are stages, `tier` where they are tiers."""

    value: Any
    key: str
    label: str
    stage: Stage | None = None
    tier: Tier | None = None


@dataclass(frozen=True)
class Sum:
    """How many cases of a column have amounts in a currency, and what these come to."""

    currency: str
    cases: int = 0
    amount: Decimal = Decimal(0)

    def __add__(self, other: Sum) -> Sum:
        """With what others come to in the same currency."""
        return Sum(self.currency, self.cases + other.cases, self.amount + other.amount)


Sums = Mapping[Any, Sequence[Sum]]
"""By what the cases of a column have in common."""


def sums_of(cases: CaseQuerySet) -> Sums:
    """What all cases come to, by their `column` and currency. One query over all of them."""
    found: dict[Any, list[Sum]] = defaultdict(list)
    rows = cases.order_by().values_list("column", "currency")
    for value, *what in rows.annotate(cases=Count("*"), sum=models.Sum("amount")):
        found[value].append(Sum(*what))
    return found


@dataclass(frozen=True)
class Grouped:
    """Cases with `column` annotated, the columns that they fall into, and `found`, what they come to, where the columns
    were made of that."""

    by: str
    cases: CaseQuerySet
    headings: list[Heading]
    found: Sums | None = None

    @cached_property
    def sums(self) -> Sums:
        return sums_of(self.cases) if self.found is None else self.found

    def of(self, heading: Heading) -> CaseQuerySet:
        """The cases of a column."""
        if heading.value is None:
            return self.cases.filter(column__isnull=True)
        return self.cases.filter(column=heading.value)

    def heading(self, key: str | None) -> Heading | None:
        """The column of that key, the first where none is named."""
        return next((one for one in self.headings if key in (None, one.key)), None)


def grouped(cases: CaseQuerySet, pipeline: Pipeline, by: str) -> Grouped:
    """The cases of a pipeline by stage, or only the open ones by one of OF_OPEN_CASES."""
    stages = stages_ever(pipeline)
    if by in OF_OPEN_CASES:
        return OF_OPEN_CASES[by](cases.in_stages(stage for stage in stages if not stage.is_closed))
    return _by_stage(cases.in_stages(stages), stages)


def _by_stage(cases: CaseQuerySet, stages: list[Stage]) -> Grouped:
    retired = [stage.pk for stage in stages if stage.is_retired]
    left = set(cases.filter(stage__in=retired).order_by().values_list("stage", flat=True).distinct())
    headings = [
        Heading(stage.pk, stage.key, str(stage), stage=stage)
        for stage in stages
        if not stage.is_retired or stage.pk in left
    ]
    return Grouped(STAGE, cases.annotate(column=F("stage_id")), headings)


def _by_tier(cases: CaseQuerySet) -> Grouped:
    scheme = primary_scheme()
    in_force = Q(client__assignments__scheme=scheme, client__assignments__valid_to=None)
    held = FilteredRelation("client__assignments", condition=in_force & Q(client__assignments__project=None))
    cases = cases.annotate(held=held, column=F("held__tier"))
    tiers = Tier.objects.filter(scheme=scheme).order_by("rank")
    headings = [Heading(tier.pk, tier.key, str(tier), tier=tier) for tier in tiers]
    return Grouped("tier", cases, [*headings, Heading(None, "none", _("No tier"))])


def _by_rm(cases: CaseQuerySet) -> Grouped:
    cases = cases.annotate(column=F("client__rm"))
    sums = sums_of(cases)
    people = User.objects.filter(pk__in=[value for value in sums if value]).order_by("name")[:MOST_COLUMNS]
    headings = [Heading(person.pk, str(person.pk), localized(person)) for person in people]
    return Grouped("rm", cases, [*headings, Heading(None, "none", _("Nobody"))], sums)


def _by_month(cases: CaseQuerySet) -> Grouped:
    # Summed up by day: there are few days, and the month would be worked out for each of many cases.
    sums = _by_months(sums_of(cases.annotate(column=F("expected_close"))))
    cases = cases.annotate(column=TruncMonth("expected_close"))
    months = sorted(value for value in sums if value)[:MOST_COLUMNS]
    headings = [Heading(first, f"{first:%Y-%m}", month(first)) for first in months]
    return Grouped("month", cases, [*headings, Heading(None, "none", _("No close expected"))], sums)


def _by_months(by_day: Sums) -> Sums:
    """The sums of days as those of their months, each by its first day."""
    found: dict[date | None, dict[str, Sum]] = defaultdict(dict)
    for day, sums in by_day.items():
        of_month = found[day and day.replace(day=1)]
        for one in sums:
            of_month[one.currency] = one + of_month.get(one.currency, Sum(one.currency))
    return {first: list(of_month.values()) for first, of_month in found.items()}


OF_OPEN_CASES: Final[Mapping[str, Callable[[CaseQuerySet], Grouped]]] = {
    "tier": _by_tier,
    "rm": _by_rm,
    "month": _by_month,
}
