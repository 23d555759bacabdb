"""Handing over as it is looked at: before, what everybody would have; after, what became of each thing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.apps import apps
from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.errors import DomainError, Invalid, NotAManager, NotPermitted
from crm.formats import day, localized
from crm.models import Absence, Client, Handover, HandoverItem, Role, Task, User
from crm.models.conduct import today
from crm.querysets import HandoverQuerySet
from crm.selectors.figures import NO_EXPOSURE, exposures

SHOWN = 12
CLIENTS: Final = slots.HandoverPart(
    key="clients",
    label=gettext_lazy("Clients"),
    order=0,
    model="crm.Client",
    owner="rm_id",
    client="t.id",
    version="version",
)


class NothingToHandOver(DomainError):
    code = "nothing_to_hand_over"
    message = gettext_lazy("None of these clients is in the book of %(name)s. Choose others.")
    status = 400


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Which clients (ids) of an RM go to whom, and the keys of what goes with them."""

    giver: User
    receivers: Sequence[User]
    clients: Collection[int]
    parts: Collection[str]


@dataclass(frozen=True)
class Share:
    """What one receiver gets: by client id the drawn amount."""

    receiver: User
    clients: dict[int, Decimal]

    @property
    def exposure(self) -> Decimal:
        return sum(self.clients.values(), Decimal())


def parts_of(plan: Plan, by: User) -> list[slots.HandoverPart]:
    """The parts that go, clients first."""
    return [CLIENTS, *(part for part in slots.handover_parts.for_user(by) if part.key in plan.parts)]


def usual_parts(user: User, *, is_whole: bool) -> list[str]:
    """The keys of what goes along unless somebody says otherwise: with a whole book also what is of no client."""
    return [part.key for part in slots.handover_parts.for_user(user) if part.client or is_whole]


def shares_of(plan: Plan, by: User) -> list[Share]:
    """Who gets which clients: over several, the largest first to whom has got least. Two queries.

    Raises NotPermitted, NotAManager, Invalid and NothingToHandOver.
    """
    _check(plan, by)
    held = Client.objects.editable_by(by).filter(rm=plan.giver, pk__in=plan.clients)
    ids = list(held.order_by("pk").values_list("pk", flat=True))
    if not ids:
        raise NothingToHandOver(name=plan.giver.name)
    drawn = exposures(ids, today())
    sized = sorted(((drawn.get(pk, NO_EXPOSURE).drawn, pk) for pk in ids), key=lambda one: (-one[0], one[1]))
    shares = [Share(receiver, {}) for receiver in plan.receivers]
    totals = {share.receiver.pk: Decimal() for share in shares}
    for amount, pk in sized:
        least = min(shares, key=lambda one: (totals[one.receiver.pk], len(one.clients)))
        least.clients[pk] = amount
        totals[least.receiver.pk] += amount
    return shares


def _check(plan: Plan, by: User) -> None:
    if not by.has_perm("crm.assign_rm"):
        raise NotPermitted
    if plan.giver.team_id != by.team_id:
        raise NotAManager(name=plan.giver.name)
    if not plan.receivers:
        raise Invalid({"receivers": [_("Choose at least one colleague who gets the clients.")]})
    for receiver in plan.receivers:
        if receiver.pk == plan.giver.pk:
            raise Invalid({"receivers": [_("Choose somebody else than who hands over.")]})
        check_manager(receiver, by)


def check_manager(person: User, by: User) -> None:
    if person.role != Role.RM or person.team_id != by.team_id or not person.is_active:
        raise NotAManager(name=person.name)


@dataclass(frozen=True)
class Coming:
    """What a receiver has now and would have, and what speaks against it."""

    receiver: User
    clients: int
    clients_now: int
    exposure: Decimal
    exposure_now: Decimal
    tasks_now: int
    examples: Sequence[Client]
    warning: str

    @property
    def clients_after(self) -> int:
        return self.clients_now + self.clients

    @property
    def exposure_after(self) -> Decimal:
        return self.exposure_now + self.exposure


@dataclass(frozen=True)
class Preview:
    """Who would get what, and how many of each part would go."""

    coming: list[Coming]
    counts: list[tuple[slots.HandoverPart, int]]
    clients: list[int]


def preview_of(plan: Plan, by: User) -> Preview:
    """What handing over would do; it changes nothing. Raises what `shares_of` raises. A constant number of queries for
    each receiver and part."""
    shares = shares_of(plan, by)
    away = {one.user_id: one.ends_on for one in Absence.objects.on(today()).filter(is_away=True)}
    ids = [pk for share in shares for pk in share.clients]
    coming = []
    for share in shares:
        book = list(Client.objects.filter(rm=share.receiver).values_list("pk", flat=True))
        largest = list(share.clients)[:SHOWN]
        named = Client.objects.in_bulk(largest)
        coming.append(
            Coming(
                receiver=share.receiver,
                clients=len(share.clients),
                clients_now=len(book),
                exposure=share.exposure,
                exposure_now=sum((one.drawn for one in exposures(book, today()).values()), Decimal()),
                tasks_now=Task.objects.open().filter(assignee=share.receiver).count(),
                examples=[named[pk] for pk in largest],
                warning=warning_of(share.receiver, away),
            )
        )
    counts = [(part, count_of(part, plan.giver, ids)) for part in parts_of(plan, by)]
    return Preview(coming, counts, sorted(ids))


def warning_of(person: User, away: dict[int, date]) -> str:
    if person.pk not in away:
        return ""
    return _("%(name)s is away until %(day)s.") % {"name": localized(person), "day": day(away[person.pk])}


def count_of(part: slots.HandoverPart, giver: User, clients: Sequence[int]) -> int:
    """How many rows of a part would go."""
    table = apps.get_model(part.model)._meta.db_table
    theirs = f"{part.client} = ANY(%(clients)s)" if part.client else "true"
    statement = (
        f"SELECT count(*) FROM {table} t WHERE {theirs} AND t.{part.owner} = %(giver)s"  # noqa: S608
        f" AND ({part.current})"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"clients": list(clients), "giver": giver.pk})
        found: int = cursor.fetchone()[0]
    return found


@dataclass(frozen=True)
class Outcome:
    """How many of a part are in a state."""

    part: slots.HandoverPart | None
    counts: dict[str, int]

    @property
    def lines(self) -> list[tuple[str, int]]:
        labels = dict(HandoverItem.State.choices)
        return [(str(labels[state]), count) for state, count in sorted(self.counts.items())]


def outcomes_of(handover: Handover) -> list[Outcome]:
    """Part by part; one query."""
    known = {CLIENTS.key: CLIENTS} | {part.key: part for part in slots.handover_parts}
    rows = handover.items.order_by().values_list("part", "state").annotate(Count("pk"))
    counts: dict[str, dict[str, int]] = {}
    for part, state, count in rows:
        counts.setdefault(part, {})[state] = count
    order = {key: place for place, key in enumerate(known)}
    return [
        Outcome(known.get(key), counts[key]) for key in sorted(counts, key=lambda key: order.get(key, 99))
    ]


def with_counts(handovers: HandoverQuerySet) -> HandoverQuerySet:
    """With the number of `clients` that went."""
    named = handovers.select_related("from_rm", "by", "undone_by", "team")
    return named.annotate(clients=Count("items", filter=Q(items__part=CLIENTS.key)))
