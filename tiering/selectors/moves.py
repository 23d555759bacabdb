"""Which changes of tier a run led to, as far as a user may see the clients."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from crm.models import User
from tiering.models import Assignment, Proposal, Tier, TieringRun
from tiering.selectors.recall import of_same_subject

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
    for moves, ends in (
        (at_once(run, user), ("before", "tier")),
        (proposed(run, user), ("from_tier", "to_tier")),
    ):
        for before, after, clients in moves.values_list(*ends).annotate(clients=Count("pk")):
            counted[before, after] += clients
    return dict(counted)


def clients_moved(run: TieringRun, user: User, before: Tier | None, after: Tier) -> list[MovedClient]:
    """The clients behind one count of `moves_of`, up to a limit: proposals first, the largest exposure first."""
    listed = []
    if before is not None:
        proposals = proposed(run, user).filter(from_tier=before, to_tier=after).select_related("client")
        found = proposals.order_by("-exposure", "pk")[:MOST_LISTED]
        listed = [MovedClient(row.client_id, row.client.name, row) for row in found]
    moved = at_once(run, user).filter(before=before.pk if before else None, tier=after)
    rest = moved.select_related("client").order_by("client")[: MOST_LISTED - len(listed)]
    return listed + [MovedClient(row.client_id, row.client.name, None) for row in rest]


def at_once(run: TieringRun, user: User) -> QuerySet[Any]:
    """Assignments of clients as a whole that the run made without a review, each with the id of the tier `before` it.

    What an override set, or its end gave back, no run moved."""
    made = Assignment.objects.visible_to(user).filter(assessment__run=run, proposal=None, project=None)
    return with_before(made.filter(override=None))


def replaced_since(assignments: QuerySet[Any], moment: datetime) -> QuerySet[Any]:
    """Those that ended since a moment and were followed by the one in force, each with the id of its tier `now`; the
    latest first. What ended is looked at and not what began: in its first month a house has a million of those."""
    following = of_same_subject(Assignment.objects.filter(valid_from=OuterRef("valid_to"), valid_to=None))
    ended = assignments.filter(valid_to__gte=moment).annotate(now=Subquery(following.values("tier")[:1]))
    return ended.filter(now__isnull=False).order_by("-valid_to", "-pk")


def with_before(assignments: QuerySet[Any]) -> QuerySet[Any]:
    """Each with the id of the tier `before` it; None for a subject's first."""
    replaced = of_same_subject(Assignment.objects.filter(valid_to=OuterRef("valid_from")))
    return assignments.annotate(before=Subquery(replaced.values("tier")[:1]))


def proposed(run: TieringRun, user: User) -> QuerySet[Proposal]:
    """The changes the run proposed for clients as a whole, whatever became of them."""
    return Proposal.objects.visible_to(user).filter(run=run, project=None)
