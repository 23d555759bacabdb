"""Figures of many clients at a time: what they owe, how far their limits are used, when we last spoke."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import DecimalField, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from crm.models import Facility, Interaction, Payment
from crm.prepared import Among, Given, prepared

MONEY = DecimalField(max_digits=20, decimal_places=2)
NOTHING = Value(Decimal(0), output_field=MONEY)


@dataclass(frozen=True)
class Exposure:
    """What a client owes under open facilities and the limits of these, in units of the book currency."""

    drawn: Decimal
    limit: Decimal

    @property
    def use(self) -> float | None:
        """The share of the limits that is drawn; None without a limit."""
        return float(self.drawn / self.limit) if self.limit else None


NO_EXPOSURE = Exposure(Decimal(0), Decimal(0))


@dataclass(frozen=True)
class Figures:
    """What the head of a client's page tells: what it owes, and the moment at which we last spoke (None: never)."""

    exposure: Exposure
    last_contact: datetime | None


def with_balance(facilities: QuerySet[Facility], on: date | Given) -> QuerySet[Facility]:
    """Facilities with `balance`: what was drawn less the principal paid by that day."""
    paid = (
        Payment.objects.filter(facility=OuterRef("pk"), paid_on__lte=on)
        .order_by()
        .values("facility")
        .values_list(Sum("principal"))
    )
    return facilities.annotate(balance=F("drawn") - Coalesce(Subquery(paid, output_field=MONEY), NOTHING))


def open_on(on: date | Given) -> Q:
    return Q(opened_on__lte=on) & (Q(closed_on__isnull=True) | Q(closed_on__gt=on))


def exposures(client_ids: Iterable[int], on: date) -> dict[int, Exposure]:
    """By client id; clients without an open facility are left out."""
    return {client: Exposure(drawn, limit) for client, drawn, limit in _owed(clients=list(client_ids), on=on)}


@prepared
def _owed(clients: Given, on: Given) -> QuerySet:
    open_facilities = with_balance(Facility.objects.filter(open_on(on), Among("client", clients)), on)
    return open_facilities.order_by().values_list("client").annotate(Sum("balance"), Sum("limit"))


def exposure_of(facilities: Iterable[Facility]) -> Exposure:
    """What is owed under open facilities of `with_balance`, and their limits."""
    found = list(facilities)
    drawn = sum((vars(facility)["balance"] for facility in found), Decimal(0))
    return Exposure(drawn, sum((facility.limit for facility in found), Decimal(0)))


def figures_of(client_id: int, on: date) -> Figures:
    """Those of one client. Two queries."""
    owed = exposures([client_id], on).get(client_id, NO_EXPOSURE)
    return Figures(owed, last_contacts([client_id]).get(client_id))


def last_contacts(client_ids: Iterable[int], until: datetime | None = None) -> dict[int, datetime]:
    """The moment of the latest interaction by client id, up to a moment (None: ever); clients never spoken to are left
    out."""
    clients = list(client_ids)
    return dict(_latest(clients=clients) if until is None else _latest(clients=clients, until=until))


@prepared
def _latest(clients: Given, until: Given | None = None) -> QuerySet:
    rows = Interaction.objects.filter(Among("client", clients)).order_by()
    if until is not None:
        rows = rows.filter(at__lte=until)
    return rows.values_list("client").annotate(Max("at"))


def overdue_since(client_ids: Iterable[int], on: date) -> dict[int, date]:
    """The day on which the oldest payment fell due that was not made by the day, by client id; others are left out."""
    unpaid = Q(paid_on__isnull=True) | Q(paid_on__gt=on)
    open_ones = Q(facility__closed_on__isnull=True) | Q(facility__closed_on__gt=on)
    late = Payment.objects.filter(unpaid, open_ones, due_on__lt=on, facility__client__in=list(client_ids))
    return dict(late.order_by().values_list("facility__client").annotate(Min("due_on")))
