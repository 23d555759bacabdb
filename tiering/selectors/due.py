"""What is due by the tier in force: contacts, from the last interaction on, and reviews, from the review before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import (
    Case,
    Count,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate, TruncMonth
from django.utils import timezone

from crm.models import Client, Interaction, User
from crm.querysets import ClientQuerySet, OfClientQuerySet
from tiering.models import PeriodicReview, Tier, TierScheme
from tiering.selectors.tier_policies import InEffect

AHEAD = timedelta(days=30)
"""From when on a review that is due is asked for."""
SOON = timedelta(days=7)
MOST_MONTHS = 12
"""Nobody goes longer without an assessment."""
DAY = Value(timedelta(days=1))


def _plus(day: Any, days: Any) -> Func:
    """A day so many days later."""
    return Func(day, days, template="(%(expressions)s)", arg_joiner=" + ", output_field=DateField())


def _days_before(at: datetime, days: F) -> ExpressionWrapper:
    """The moment so many days before another."""
    moment = DateTimeField()
    return ExpressionWrapper(Value(at, output_field=moment) - days * DAY, output_field=moment)


def with_tier(clients: ClientQuerySet, scheme: TierScheme, policy: InEffect) -> ClientQuerySet:
    """Clients with a tier of the scheme for which the policy has terms: `held`, its assignment, and `contact_days`.

    Potential ones are left out: nothing is owed to them yet.
    """
    in_force = Q(assignments__valid_to=None, assignments__scheme=scheme, assignments__project=None)
    days = {tier: terms.contact_days for tier, terms in policy.by_tier(scheme).items()}
    return (
        clients.exclude(status=Client.Status.POTENTIAL)
        .annotate(held=FilteredRelation("assignments", condition=in_force))
        .filter(held__tier__in=list(days))
        .annotate(contact_days=_by_tier(days))
    )


def _by_tier(days: Mapping[Tier, int]) -> Case:
    whens = [When(held__tier=tier, then=Value(number)) for tier, number in days.items()]
    return Case(*whens, output_field=IntegerField())


def contacts_due(
    clients: ClientQuerySet, scheme: TierScheme, policy: InEffect, at: datetime
) -> ClientQuerySet:
    """Clients whom nobody has spoken to for as long as their tier allows; who never was spoken to counts from the day on
    which they got the tier."""
    spoken = Interaction.objects.filter(client=OuterRef("pk"))
    lately = spoken.filter(at__gt=_days_before(at, OuterRef("contact_days")))
    return (
        with_tier(clients, scheme, policy)
        .filter(~Exists(lately))
        .filter(Q(held__valid_from__lte=_days_before(at, F("contact_days"))) | Exists(spoken))
    )


def with_contact_due(clients: ClientQuerySet) -> ClientQuerySet:
    """Clients of `with_tier` with `last_contact` (a moment, or null) and `contact_due_on`."""
    spoken = Interaction.objects.filter(client=OuterRef("pk")).order_by().values("client")
    local = timezone.get_default_timezone()
    last = Coalesce("last_contact", "held__valid_from", output_field=DateTimeField())
    return clients.annotate(last_contact=Subquery(spoken.values_list(Max("at")))).annotate(
        contact_due_on=_plus(TruncDate(last, tzinfo=local), F("contact_days"))
    )


def contact_days_due(clients: Iterable[int], scheme: TierScheme, policy: InEffect) -> dict[int, date]:
    """By client id the day by which the client is to be contacted; those to whom nothing is owed are left out."""
    found = with_contact_due(with_tier(Client.objects.filter(pk__in=list(clients)), scheme, policy))
    return dict(found.values_list("pk", "contact_due_on"))


def reviews_to_do(user: User, scheme: TierScheme | None = None) -> OfClientQuerySet:
    """The reviews that are not done, of the clients that the user may see."""
    rows = PeriodicReview.objects.visible_to(user).exclude(status=PeriodicReview.Status.DONE)
    rows = rows.filter(client__merged_into__isnull=True)
    return rows.filter(scheme=scheme) if scheme else rows


def overdue(rows: QuerySet[PeriodicReview], day: date) -> QuerySet[PeriodicReview]:
    """Those that should have been done before a day."""
    return rows.filter(due_on__lt=day)


def beyond_a_year(rows: QuerySet[PeriodicReview], day: date) -> QuerySet[PeriodicReview]:
    """Those of clients who have not been assessed by people for more than twelve months."""
    return overdue(rows, day).filter(last_on__lt=day - relativedelta(months=MOST_MONTHS))


@dataclass(frozen=True)
class Month:
    """The reviews of a month: how many are due in it, and how many of these wait for a signature."""

    first: date
    due: int
    prepared: int


def months_of_reviews(rows: QuerySet[PeriodicReview], first: date, count: int) -> list[Month]:
    """What falls due month by month, from the first day of a month on."""
    until = first + relativedelta(months=count)
    due = rows.filter(due_on__gte=first, due_on__lt=until).order_by()
    prepared = Count("pk", filter=Q(status=PeriodicReview.Status.PREPARED))
    found = due.values(month=TruncMonth("due_on")).annotate(due=Count("pk"), prepared=prepared)
    by_month = {row["month"]: row for row in found}
    days = [first + relativedelta(months=month) for month in range(count)]
    return [
        Month(day, row["due"], row["prepared"]) if (row := by_month.get(day)) else Month(day, 0, 0)
        for day in days
    ]
