"""What runs that only try something out found, as far as a user may see the clients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.db.models import Count, F, Q, QuerySet

from crm.models import User
from tiering.models import TieringRun, TrialResult

Way = Literal["up", "down", "same", "first"]
RankMove = tuple[int | None, int]
"""The rank held and the rank found; None held: no tier was in force."""

WAYS: dict[str, Q] = {
    "up": Q(rank__lt=F("held_rank")),
    "down": Q(rank__gt=F("held_rank")),
    "same": Q(rank=F("held_rank")),
    "first": Q(held_rank__isnull=True),
}


@dataclass(frozen=True)
class Level:
    """Which subjects of a run: clients as a whole, or clients within their projects."""

    within_projects: bool

    @property
    def condition(self) -> Q:
        return Q(project__isnull=not self.within_projects)


def results_of(run: TieringRun, user: User, level: Level) -> QuerySet[TrialResult]:
    """The results of a run for the clients that the user may see."""
    return TrialResult.objects.visible_to(user).filter(level.condition, run=run)


def moves_found(run: TieringRun, user: User, level: Level) -> dict[RankMove, int]:
    """How many subjects go from the tier in force to the one found, by rank. One pass over the results."""
    counted = results_of(run, user, level).values_list("held_rank", "rank").annotate(subjects=Count("pk"))
    return {(held, rank): subjects for held, rank, subjects in counted.order_by()}


GROUPS: dict[str, str] = {
    "segment": "scorecard",
    "sector": "client__industry",
    "rm": "client__rm",
    "team": "client__team",
    "region": "client__region",
}
"""The fields by which a book is told apart."""


def movers(
    run: TieringRun,
    user: User,
    level: Level,
    way: str,
    cell: RankMove | None,
    group: tuple[str, int | str | None] | None = None,
) -> QuerySet[TrialResult]:
    """The subjects that go one of the `WAYS`, or between the two tiers of a cell; those of one group, or of all."""
    rows = results_of(run, user, level).select_related("client", "project")
    if group is not None:
        rows = rows.filter(**{GROUPS[group[0]] + ("__isnull" if group[1] is None else ""): group[1] or True})
    if cell is None:
        return rows.filter(WAYS[way])
    held, rank = cell
    return rows.filter(rank=rank, **({"held_rank__isnull": True} if held is None else {"held_rank": held}))
