"""The dated records of one client, as its page shows them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.db.models import F, QuerySet

from crm.models import (
    Client,
    Facility,
    Interaction,
    Observation,
    Participation,
    Payment,
    User,
)
from crm.prepared import Given, Sight, prepared
from crm.selectors.figures import open_on, with_balance

PAYMENTS_SHOWN = 24
LAST = datetime.max.replace(tzinfo=UTC)


def latest_interactions(
    client: Client, user: User, most: int, until: datetime | None = None
) -> list[Interaction]:
    """The latest ones, up to a moment (None: ever), newest first."""
    return _interactions(Sight.of(user), most, client=client.pk, until=until or LAST)


@prepared
def _interactions(sight: Sight, most: int, client: Given, until: Given) -> QuerySet[Interaction]:
    rows = Interaction.objects.visible_to(sight.user).filter(client=client, at__lte=until)
    return rows.select_related("author")[:most]


def participations_of(client: Client, user: User) -> QuerySet[Participation]:
    rows = Participation.objects.visible_to(user).filter(client=client)
    return rows.select_related("project__industry").order_by(
        F("project__signed_on").desc(nulls_last=True), "-pk"
    )


def facilities_of(client: Client | Given, user: User, on: date | Given) -> QuerySet[Facility]:
    """Every facility with its `balance` on the day, open ones first."""
    rows = with_balance(Facility.objects.visible_to(user).filter(client=client), on)
    return rows.order_by(F("closed_on").asc(nulls_first=True), "-opened_on", "-pk")


def open_facilities_of(client: Client, user: User, on: date) -> list[Facility]:
    """Those open on the day, with their `balance`."""
    return _open_facilities(Sight.of(user), client=client.pk, on=on)


@prepared
def _open_facilities(sight: Sight, client: Given, on: Given) -> QuerySet[Facility]:
    return facilities_of(client, sight.user, on).filter(open_on(on))


def payments_of(client: Client, user: User) -> QuerySet[Payment]:
    """Payments not made yet, the earliest due first, so that overdue ones lead."""
    facilities = Facility.objects.visible_to(user).filter(client=client)
    unpaid = Payment.objects.filter(facility__in=facilities, paid_on__isnull=True)
    return unpaid.select_related("facility").order_by("due_on", "pk")[:PAYMENTS_SHOWN]


def observations_of(client: Client, user: User) -> QuerySet[Observation]:
    """The latest value of each metric and source, of the client as a whole and within each project."""
    rows = Observation.objects.visible_to(user).filter(client=client).select_related("project")
    distinct = ("metric", "source", "project_id")
    return rows.order_by(*distinct, "-observed_on", "-received_on").distinct(*distinct)
