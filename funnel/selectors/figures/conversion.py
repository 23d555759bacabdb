"""How far cases come: step by step, by when they began, and by when they entered a stage."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from funnel.models import Stage
from funnel.selectors.figures.selection import MOVES, VISITS, Selection, day_begins

MOST_STAGES = 62
"""Stages that a case entered are kept as the bits of one number."""
PLACE = "array_position(%(stages)s::bigint[], m.stage_id) - 1"
LAST = f"(max(m.id * {MOST_STAGES + 2} + {PLACE}) %% {MOST_STAGES + 2})::int"
"""Of `MOVES`: the place of a stage, and that of the stage that a case stands in."""


@dataclass
class Step:
    """A stage of the way, and what became of the cases there.

    `entered` counts cases with a move into the stage. `reached` counts those that came so far: into it or one further
    on, since stages may be jumped. Of those, `went_on` reached the next step, `lost` were lost before it, `waiting` are
    open.
    """

    stage: Stage
    entered: int = 0
    reached: int = 0
    went_on: int = 0
    lost: int = 0
    waiting: int = 0

    @property
    def rate(self) -> float | None:
        """The share of those that reached the step which reached the next one, open ones among them."""
        return self.went_on / self.reached if self.reached else None

    @property
    def settled_rate(self) -> float | None:
        """The share among those of which it is settled: open ones left out."""
        return self.went_on / (self.reached - self.waiting) if self.reached > self.waiting else None


@dataclass(kw_only=True)
class Fates:
    """How many of some cases `reached` each step, and what became of them."""

    cases: int = 0
    won: int = 0
    lost: int = 0
    reached: list[int] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        return self.cases - self.won - self.lost


@dataclass
class Cohort(Fates):
    """The cases that began in one stretch of time."""

    begun: date


@dataclass(frozen=True)
class Conversion:
    steps: list[Step]
    cohorts: list[Cohort]
    cases: int
    won: int
    lost: int

    @property
    def win_rate(self) -> float | None:
        """Won of won and lost."""
        return self.won / (self.won + self.lost) if self.won + self.lost else None


Walks = Counter[tuple[date, int, int]]


def walks(selection: Selection) -> Walks:
    """How many cases began in the cohort, entered the set of stages (bits by place) and stand in the last stage (its
    place)."""
    starts = _starts(selection)
    found = selection.rows(
        f"""SELECT width_bucket(begun, %(starts)s::timestamptz[]), entered, last, count(*) FROM (
                SELECT case_id, min(at) AS begun, bit_or(1::bigint << {PLACE}) AS entered, {LAST} AS last
                FROM ({selection.relation(MOVES)}) m GROUP BY case_id
            ) walked GROUP BY 1, 2, 3""",
        starts=[day_begins(start) for start in starts],
    )
    return Counter({(starts[place - 1], entered, last): cases for place, entered, last, cases in found})


def _starts(selection: Selection) -> list[date]:
    """When each cohort begins, from the first case's to the selection's day. Cases are put into them by bounds, which
    takes a fraction of working out the calendar for each."""
    [(first,)] = selection.rows(
        "SELECT min(created_at)::date FROM funnel_case WHERE stage_id = ANY(%(stages)s)"
    )
    last = timezone.localtime(selection.as_of).date()
    begun = min(first, last) if first else last
    months = {"month": 1, "quarter": 3, "year": 12}[selection.unit]
    start = date(begun.year, (begun.month - 1) // months * months + 1, 1)
    starts = []
    while start <= last:
        starts.append(start)
        start += relativedelta(months=months)
    return starts


def conversion(selection: Selection) -> Conversion:
    """Steps and cohorts of the cases that began within the selection's days. One statement."""
    stages, steps = selection.stages, selection.steps
    told = [Step(stage) for stage in steps]
    at = {stage.pk: place for place, stage in enumerate(stages)}
    bits = [1 << at[stage.pk] for stage in steps]
    cohorts: dict[date, Cohort] = {}
    for (begun, entered, last), cases in walks(selection).items():
        cohort = cohorts.setdefault(begun, Cohort(begun, reached=[0] * len(steps)))
        cohort.cases += cases
        outcome = stages[last].outcome
        cohort.won += cases * (outcome == Stage.Outcome.WON)
        cohort.lost += cases * (outcome == Stage.Outcome.LOST)
        furthest = max((place for place, bit in enumerate(bits) if entered & bit), default=-1)
        for place in range(furthest + 1):
            cohort.reached[place] += cases
            told[place].reached += cases
            told[place].entered += cases if entered & bits[place] else 0
            told[place].went_on += cases if place < furthest else 0
        if furthest >= 0 and outcome != Stage.Outcome.WON:
            told[furthest].lost += cases * (outcome == Stage.Outcome.LOST)
            told[furthest].waiting += cases * (outcome == Stage.Outcome.OPEN)
    ordered = [cohorts[begun] for begun in sorted(cohorts)]
    sums = [sum(getattr(one, name) for one in ordered) for name in ("cases", "won", "lost")]
    return Conversion(told, ordered, *sums)


@dataclass
class Passage:
    """Stays in a stage that began in the window: how many ended further on, in a loss, or further back, and how many
    have not ended."""

    stage: Stage
    entered: int = 0
    forward: int = 0
    lost: int = 0
    back: int = 0
    staying: int = 0

    @property
    def rate(self) -> float | None:
        ended = self.forward + self.lost + self.back
        return self.forward / ended if ended else None


def passages(selection: Selection) -> list[Passage]:
    """What became of the stays that began within the selection's days, whenever the cases began. One statement."""
    selection = replace(selection, begun_within=False)
    place = {stage.pk: at for at, stage in enumerate(selection.stages)}
    outcome = {stage.pk: stage.outcome for stage in selection.stages}
    told = {stage.pk: Passage(stage) for stage in selection.steps if not stage.is_closed}
    found = selection.rows(
        f"""SELECT stage_id, next_id, count(*) FROM ({selection.relation(VISITS)}) v
            WHERE (%(since)s::timestamptz IS NULL OR entered_at >= %(since)s)
              AND (%(until)s::timestamptz IS NULL OR entered_at < %(until)s) GROUP BY 1, 2""",
        since=day_begins(selection.since) if selection.since else None,
        until=day_begins(selection.until) if selection.until else None,
    )
    for stage, following, stays in found:
        if stage not in told:
            continue
        passage = told[stage]
        passage.entered += stays
        if following is None:
            passage.staying += stays
        elif outcome[following] == Stage.Outcome.LOST:
            passage.lost += stays
        elif place[following] > place[stage]:
            passage.forward += stays
        else:
            passage.back += stays
    return list(told.values())


def amounts(selection: Selection) -> dict[int, tuple[int, Decimal]]:
    """Stage id → how many cases in the selection's currency entered it, and what they came to there: the amount told
    when they last entered it, else the case's."""
    found = selection.rows(
        f"""SELECT stage_id, count(*), coalesce(sum(amount), 0) FROM (
                SELECT DISTINCT ON (m.case_id, m.stage_id) m.stage_id, coalesce(m.amount, c.amount) AS amount
                FROM ({selection.relation(MOVES)}) m JOIN funnel_case c ON c.id = m.case_id
                WHERE c.currency = %(currency)s ORDER BY m.case_id, m.stage_id, m.id DESC
            ) entered GROUP BY stage_id"""
    )
    return {stage: (cases, total) for stage, cases, total in found}
