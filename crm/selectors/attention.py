"""Which clients need attention."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from crm.models import Client, Facility, Interaction
from crm.querysets import ClientQuerySet
from crm.selectors.figures import open_on

SILENT_DAYS = 90
DORMANT_DAYS = 365
"""After so many days without a contact, a client to whom nothing is lent counts as dormant."""
WARNED_BEFORE = 30


def without_contact(clients: ClientQuerySet) -> ClientQuerySet:
    """Clients nobody has spoken to for 90 days, potential ones aside: they are not yet owed a contact."""
    since = timezone.now() - timedelta(days=SILENT_DAYS)
    recent = Interaction.objects.filter(client=OuterRef("pk"), at__gte=since)
    return clients.exclude(status=Client.Status.POTENTIAL).filter(~Exists(recent))


def silent_clients(clients: ClientQuerySet) -> ClientQuerySet:
    """Those of the clients, with `last_contact`, never contacted and longest silent first."""
    return with_last_contact(without_contact(clients)).order_by(F("last_contact").asc(nulls_first=True), "pk")


def going_dormant(clients: ClientQuerySet, on: date) -> ClientQuerySet:
    """Active clients to whom nothing is lent and nobody has spoken for eleven months, with `last_contact`."""
    since = timezone.now() - timedelta(days=DORMANT_DAYS - WARNED_BEFORE)
    recent = Interaction.objects.filter(client=OuterRef("pk"), at__gte=since)
    spoken = Interaction.objects.filter(client=OuterRef("pk"))
    lent = Facility.objects.filter(open_on(on), client=OuterRef("pk"))
    quiet = clients.filter(~Exists(recent), ~Exists(lent), Exists(spoken), status=Client.Status.ACTIVE)
    return with_last_contact(quiet).order_by("last_contact", "pk")


def with_last_contact(clients: ClientQuerySet) -> ClientQuerySet:
    latest = (
        Interaction.objects.filter(client=OuterRef("pk")).order_by().values("client").values_list(Max("at"))
    )
    return clients.annotate(last_contact=Subquery(latest))


def overdue_clients(clients: ClientQuerySet, on: date) -> ClientQuerySet:
    """Those of the clients with payments overdue: `overdue_since` and `overdue_amount`, the oldest first."""
    late = Q(facilities__payments__paid_on__isnull=True, facilities__payments__due_on__lt=on)
    return (
        clients.filter(late)
        .annotate(
            overdue_since=Min("facilities__payments__due_on"),
            overdue_amount=Sum(F("facilities__payments__principal") + F("facilities__payments__interest")),
        )
        .order_by("overdue_since", "pk")
    )
