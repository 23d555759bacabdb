"""Which changes of tier a run led to, as far as a user may see the clients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery

from crm.models import User
from tiering.models import Assignment, Proposal, Tier, TieringRun

Move = tuple[int | None, int]
"""Ids of the tiers before and after; None before: the client's first tier."""

MOST_LISTED = 200


@dataclass(frozen=True)
class MovedClient:
    """A client that moved: at once (`proposal` is None), or by a proposal in whatever state that is."""

    client_id: int
    name: str
    proposal: Proposal | None


def moves_of(run: TieringRun, user: User) -> dict[Move, int]:
    """How many clients the run moves from one tier to another: those moved at once and those proposed."""
    counted: Counter[Move] = Counter()
    for before, after, clients in (
        at_once(run, user).values("before", "tier").annotate(n=Count("pk")).values_list("before", "tier", "n")
    ):
        counted[before, after] += clients
    for before, after, clients in (
        proposed(run, user)
        .values("from_tier", "to_tier")
        .annotate(n=Count("pk"))
        .values_list("from_tier", "to_tier", "n")
    ):
        counted[before, after] += clients
    return dict(counted)


def clients_moved(run: TieringRun, user: User, before: Tier | None, after: Tier) -> Sequence[MovedClient]:
    """The clients behind one count of `moves_of`, up to a limit, the largest proposals first."""
    moved = at_once(run, user).filter(before=before.pk if before else None, tier=after)
    listed = [
        MovedClient(row.client_id, row.client.name, None)
        for row in moved.select_related("client")[:MOST_LISTED]
    ]
    if before is None:
        return listed
    waiting = (
        proposed(run, user).filter(from_tier=before, to_tier=after).select_related("client", "decided_by")
    )
    found = waiting.order_by("-exposure", "pk")[: MOST_LISTED - len(listed)]
    return [MovedClient(row.client_id, row.client.name, row) for row in found] + listed


def at_once(run: TieringRun, user: User) -> QuerySet[Assignment]:
    """Tiers the run assigned without a review, each with the tier `before` it."""
    replaced = Assignment.objects.filter(
        client=OuterRef("client"), scheme=OuterRef("scheme"), valid_to=OuterRef("valid_from")
    )
    assigned = Assignment.objects.visible_to(user).filter(assessment__run=run, proposal__isnull=True)
    return assigned.annotate(before=Subquery(replaced.values("tier")[:1])).order_by("client")


def proposed(run: TieringRun, user: User) -> QuerySet[Proposal]:
    """The changes the run proposed, whatever became of them."""
    return Proposal.objects.visible_to(user).filter(run=run)
