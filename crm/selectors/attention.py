"""Which clients of a user's book need attention."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from crm.models import Client, Interaction, User
from crm.querysets import ClientQuerySet

SILENT_DAYS = 90


def without_contact(clients: ClientQuerySet) -> ClientQuerySet:
    """Clients nobody has spoken to for 90 days, potential ones aside: they are not yet owed a contact."""
    since = timezone.now() - timedelta(days=SILENT_DAYS)
    recent = Interaction.objects.filter(client=OuterRef("pk"), at__gte=since)
    return clients.exclude(status=Client.Status.POTENTIAL).filter(~Exists(recent))


def silent_clients(user: User) -> ClientQuerySet:
    """Those of the user's book, with `last_contact`, never contacted and longest silent first."""
    latest = (
        Interaction.objects.filter(client=OuterRef("pk")).order_by().values("client").values_list(Max("at"))
    )
    clients = without_contact(Client.objects.editable_by(user)).annotate(last_contact=Subquery(latest))
    return clients.order_by(F("last_contact").asc(nulls_first=True), "pk")


def overdue_clients(user: User, on: date) -> ClientQuerySet:
    """Clients of the user's book with payments overdue: `overdue_since` and `overdue_amount`, the oldest first."""
    late = Q(facilities__payments__paid_on__isnull=True, facilities__payments__due_on__lt=on)
    clients = Client.objects.editable_by(user).filter(late)
    return clients.annotate(
        overdue_since=Min("facilities__payments__due_on"),
        overdue_amount=Sum(F("facilities__payments__principal") + F("facilities__payments__interest")),
    ).order_by("overdue_since", "pk")
