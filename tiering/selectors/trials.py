"""What runs that only try something out found, as far as a user may see the clients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce

from crm.models import User
from tiering.models import TieringRun, TrialResult
from tiering.preview.chosen import Only
from tiering.selectors.overrides import tiers_held

Way = Literal["up", "down", "same", "first"]
RankMove = tuple[int | None, int]
"""The rank held and the rank that would come into force; None held: no tier was in force."""

WAYS: dict[str, Q] = {
    "up": Q(after__lt=F("held_rank")),
    "down": Q(after__gt=F("held_rank")),
    "same": Q(after=F("held_rank")),
    "first": Q(held_rank__isnull=True),
}
HELD_BACK = Q(overridden=True) & ~Q(rank=F("held_rank"))
"""Who would move but for an override."""


@dataclass(frozen=True)
class Level:
    """Which subjects of a run: clients as a whole, or clients within their projects."""

    within_projects: bool

    @property
    def condition(self) -> Q:
        return Q(project__isnull=not self.within_projects)


def with_overrides(results: QuerySet[TrialResult], run: TieringRun) -> QuerySet[Any]:
    """Results of a run with `overridden`, whether an override held the tier at the run's moment, and `after`, the rank
    that would come into force; `core.evaluate.in_force_after` says what it means."""
    holding = tiers_held(run.version.criteria.scheme, run.as_of).annotate(within=Coalesce("project", 0))
    same = holding.filter(client=OuterRef("client"), within=Coalesce(OuterRef("project"), 0))
    found = results.annotate(overridden=Q(held_rank__isnull=False) & Exists(same))
    return found.annotate(after=Case(When(overridden=True, then="held_rank"), default="rank"))


def results_of(run: TieringRun, user: User, level: Level) -> QuerySet[Any]:
    """The results of a run for the clients that the user may see."""
    return with_overrides(TrialResult.objects.visible_to(user).filter(level.condition, run=run), run)


def moves_found(run: TieringRun, user: User, level: Level) -> dict[RankMove, int]:
    """How many subjects go from the tier in force to another, by rank. One pass over the results."""
    counted = results_of(run, user, level).values_list("held_rank", "after").annotate(subjects=Count("pk"))
    return {(held, after): subjects for held, after, subjects in counted.order_by()}


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
    only: Only | None = None,
) -> QuerySet[TrialResult]:
    """The subjects that go one of the `WAYS`, or between the two tiers of a cell, or that only an override holds; those
    of one group, or of all."""
    rows = results_of(run, user, level).select_related("client", "project")
    if group is not None:
        rows = rows.filter(**{GROUPS[group[0]] + ("__isnull" if group[1] is None else ""): group[1] or True})
    if only == "held":
        return rows.filter(HELD_BACK)
    if cell is None:
        return rows.filter(WAYS[way])
    held, after = cell
    return rows.filter(after=after, **({"held_rank__isnull": True} if held is None else {"held_rank": held}))
