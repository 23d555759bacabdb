"""Which clients need attention."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from crm.models import Client, Facility, Interaction, Revenue
from crm.querysets import ClientQuerySet
from crm.selectors.stages import client_rules

SILENT_DAYS = 90
WARNED_BEFORE = 30
"""So many days before a client goes dormant, somebody is told."""


def without_contact(clients: ClientQuerySet) -> ClientQuerySet:
    """Clients nobody has spoken to for 90 days, potential ones aside: they are not yet owed a contact."""
    since = timezone.now() - timedelta(days=SILENT_DAYS)
    recent = Interaction.objects.filter(client=OuterRef("pk"), at__gte=since)
    return clients.exclude(status=Client.Status.POTENTIAL).filter(~Exists(recent))


def silent_clients(clients: ClientQuerySet) -> ClientQuerySet:
    """Those of the clients, with `last_contact`, never contacted and longest silent first."""
    return with_last_contact(without_contact(clients)).order_by(F("last_contact").asc(nulls_first=True), "pk")


def going_dormant(clients: ClientQuerySet, on: date) -> ClientQuerySet:
    """Active clients whom the rules make dormant within the month unless somebody speaks to them, with `last_contact`.

    They had business with us, nothing is lent to them, and neither a contact nor revenue nor the end of a facility is
    recent (`crm.selectors.stages`).
    """
    since = on - timedelta(days=client_rules().dormant_days - WARNED_BEFORE)
    mine = {"client": OuterRef("pk")}
    earned = Revenue.objects.filter(amount__gt=0, **mine)
    lent = Facility.objects.filter(**mine)
    recent = (
        Exists(Interaction.objects.filter(at__date__gte=since, **mine))
        | Exists(earned.filter(month__gte=since.replace(day=1)))
        | Exists(lent.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=since)))
    )
    business = Exists(lent) | Exists(earned.filter(project__isnull=True))
    quiet = clients.filter(business, ~recent, status=Client.Status.ACTIVE)
    return with_last_contact(quiet).order_by(F("last_contact").asc(nulls_first=True), "pk")


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
