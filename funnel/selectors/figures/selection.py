"""Which cases the figures are of, and the statements over their moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Industry, Team, User
from funnel.models import Case, Pipeline, Stage, StageMove
from funnel.querysets import CaseQuerySet
from tiering.models import Tier

UNITS = ("month", "quarter", "year")
LABELS = {
    "tier": _("Tier at entry"),
    "rm": _("Relationship manager"),
    "product": _("Product"),
    "sector": _("Sector"),
    "source": _("Source"),
}
DIMENSIONS = tuple(LABELS)
"""What cases can be told apart by."""
NOTHING: dict[str, tuple[str, Any]] = {
    "rm": ("client__rm__isnull", True),
    "sector": ("client__industry__isnull", True),
    "product": ("product", ""),
    "source": ("source", ""),
}
"""What a case is like of which a dimension is not known: a condition on it."""

MOVES = """SELECT m.id, m.case_id, m.to_stage_id AS stage_id, m.moved_at AS at, m.amount
FROM funnel_stagemove m {chosen}
WHERE m.to_stage_id = ANY(%(stages)s) AND m.moved_at <= %(as_of)s"""
"""Every step of the chosen cases up to the day."""

VISITS = """SELECT m.case_id, m.to_stage_id AS stage_id, m.moved_at AS entered_at, m.amount,
    lead(m.to_stage_id) OVER steps AS next_id, lead(m.moved_at) OVER steps AS left_at,
    row_number() OVER steps = 1 AS is_first
FROM funnel_stagemove m {chosen}
WHERE m.to_stage_id = ANY(%(stages)s) AND m.moved_at <= %(as_of)s
WINDOW steps AS (PARTITION BY m.case_id ORDER BY m.id)"""
"""The stays of the chosen cases in their stages: from when to when, and where next; no end while a case is there."""

CLOCK = "SELECT set_config('TimeZone', %s, true)"


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The cases of one pipeline that a user may see and that pass every filter, as they stood at `as_of`.

    `since` and `until` (the day after the last) bound when cases began, or for figures by window when they entered a
    stage. `unit` is how long a cohort is. `tier` is the one that the client was in when the case began. `without` names
    those of `DIMENSIONS` of which nothing is to be known; `cut` the one by which kinds of cases are compared. Money is
    told of cases in `currency` alone.
    """

    user: User
    pipeline: Pipeline
    as_of: datetime
    currency: str
    since: date | None = None
    until: date | None = None
    unit: str = "quarter"
    team: Team | None = None
    rm: User | None = None
    tier: Tier | None = None
    product: str = ""
    industry: Industry | None = None
    source: str = ""
    without: frozenset[str] = frozenset()
    cut: str = DIMENSIONS[0]
    begun_within: bool = True

    @cached_property
    def stages(self) -> list[Stage]:
        """All stages of the pipeline, retired ones too, in order."""
        return list(self.pipeline.stages.order_by("position", "pk"))

    @cached_property
    def steps(self) -> list[Stage]:
        """The way of a case: the open stages in order, then the one that it is won in."""
        return [stage for stage in self.stages if stage.outcome != Stage.Outcome.LOST]

    def ids(self, outcome: str) -> list[int]:
        """The stages of an outcome; a list that is never empty for `ANY`."""
        return [stage.pk for stage in self.stages if stage.outcome == outcome] or [0]

    @property
    def cases(self) -> CaseQuerySet:
        cases = Case.objects.visible_to(self.user).standing().filter(stage__pipeline=self.pipeline)
        named = {
            "client__team": self.team,
            "client__rm": self.rm,
            "client__industry": self.industry,
            "product": self.product,
            "source": self.source,
        }
        cases = cases.filter(**{name: value for name, value in named.items() if value})
        cases = cases.filter(
            **{NOTHING[name][0]: NOTHING[name][1] for name in self.without if name in NOTHING}
        )
        if self.tier or "tier" in self.without:
            first = StageMove.objects.filter(case=OuterRef("pk"), from_stage__isnull=True)
            cases = cases.filter(Exists(first.filter(tier=self.tier)))
        return cases.filter(**self._begun())

    def _begun(self) -> dict[str, datetime]:
        if not self.begun_within:
            return {}
        bounds = {"created_at__gte": self.since, "created_at__lt": self.until}
        return {name: day_begins(day) for name, day in bounds.items() if day}

    @property
    def is_whole(self) -> bool:
        """Whether nothing narrows the cases of the pipeline, so that no move need be joined with its case."""
        narrowed = any(self.holders) or self.is_narrowed_otherwise
        return self.user.sees_every_client and not narrowed

    @property
    def holders(self) -> tuple[Team | None, User | None, str]:
        """What is chosen of what targets are set for."""
        return self.team, self.rm, self.product

    @property
    def is_narrowed_otherwise(self) -> bool:
        """Whether anything is chosen that no target is set for."""
        return any((self.tier, self.without, self.industry, self.source)) or bool(self._begun())

    def relation(self, of: str) -> str:
        """`MOVES` or `VISITS` of the chosen cases, as SQL for `rows`."""
        return of.format(
            chosen=self.standing
            if self.is_whole
            else f"JOIN ({self.chosen()}) chosen ON chosen.id = m.case_id"
        )

    @cached_property
    def standing(self) -> str:
        """Leaves out the moves of the few cases that were split or merged, without a join with all the others."""
        gone = Case.objects.filter(stage__pipeline=self.pipeline, dissolved_by__isnull=False)
        ids = ",".join(str(pk) for pk in gone.values_list("pk", flat=True))
        apart = f"JOIN LATERAL (SELECT WHERE m.case_id <> ALL(ARRAY[{ids}]::bigint[])) standing ON true"
        return apart if ids else ""

    def chosen(self) -> str:
        """The ids of the chosen cases as SQL whose values are in it, quoted by the driver."""
        sql, params = self.cases.order_by().values("id").query.sql_with_params()
        with connection.cursor() as cursor:
            return cursor.mogrify(sql, params).decode().replace("%", "%%")

    def rows(self, statement: str, **params: Any) -> list[tuple[Any, ...]]:
        """The rows of a statement over `stages`, `as_of` and further parameters.

        In the statement `::date` is the day by the clock of the house, which is many times cheaper than AT TIME ZONE. It
        must not give moments: Django reads them on connections in UTC alone.
        """
        given: dict[str, Any] = {
            "stages": [stage.pk for stage in self.stages] or [0],
            "as_of": self.as_of,
            "currency": self.currency,
            "won": self.ids(Stage.Outcome.WON),
            "lost": self.ids(Stage.Outcome.LOST),
            "open": self.ids(Stage.Outcome.OPEN),
        }
        with transaction.atomic(), connection.cursor() as cursor:
            # One group for each case: more than the server's default leaves room for in memory at a million moves.
            cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
            cursor.execute(CLOCK, [timezone.get_default_timezone_name()])
            cursor.execute(statement, {**given, **params})
            found = cursor.fetchall()
            cursor.execute(CLOCK, [connection.timezone_name])
            return found


def day_begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
