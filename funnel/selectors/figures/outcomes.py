"""What became of cases: by tier at entry, manager, product, sector, source; why they were lost; how fast money comes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from funnel.selectors.figures.selection import VISITS, Selection

DIMENSIONS: Final = {
    "tier": "begun.tier_id",
    "rm": "k.rm_id",
    "product": "c.product",
    "sector": "k.industry_id",
    "source": "c.source",
}
"""What cases can be told apart by → the column."""

COURSES = """SELECT v.case_id, min(v.entered_at) AS begun_at, max(v.stage_id) FILTER (WHERE v.next_id IS NULL) AS last,
    max(v.entered_at) FILTER (WHERE v.next_id IS NULL) AS since
FROM ({visits}) v GROUP BY v.case_id"""
"""A row per case: when it began, the stage that it is in, and since when."""


@dataclass(frozen=True)
class Outcome:
    """The cases that are alike in something (`value`, None: nothing is known), and what became of them.

    `won_amount` and `open_amount` are of those in the selection's currency; `days` from beginning to winning on average.
    """

    value: Any
    cases: int
    won: int
    lost: int
    won_amount: Decimal
    open_amount: Decimal
    days: float | None

    @property
    def open(self) -> int:
        return self.cases - self.won - self.lost

    @property
    def win_rate(self) -> float | None:
        """Won of won and lost."""
        return self.won / (self.won + self.lost) if self.won + self.lost else None


def outcomes(selection: Selection, dimension: str) -> list[Outcome]:
    """Outcomes by one of `DIMENSIONS`, the most cases first. One statement."""
    return _outcomes(selection, DIMENSIONS[dimension])


def overall(selection: Selection) -> Outcome:
    """Outcomes of all the chosen cases together."""
    found = _outcomes(selection, "NULL::int")
    return found[0] if found else Outcome(None, 0, 0, 0, Decimal(0), Decimal(0), None)


def _outcomes(selection: Selection, column: str) -> list[Outcome]:
    begun = (
        "LEFT JOIN funnel_stagemove begun ON begun.case_id = c.id AND begun.from_stage_id IS NULL"
        if "begun" in column
        else ""
    )
    days = "((since AT TIME ZONE %(tz)s)::date - (begun_at AT TIME ZONE %(tz)s)::date)"
    found = selection.rows(
        f"""SELECT {column}, count(*), count(*) FILTER (WHERE last = ANY(%(won)s)),
                   count(*) FILTER (WHERE last = ANY(%(lost)s)),
                   coalesce(sum(c.amount) FILTER (WHERE last = ANY(%(won)s) AND c.currency = %(currency)s), 0),
                   coalesce(sum(c.amount) FILTER (WHERE last = ANY(%(open)s) AND c.currency = %(currency)s), 0),
                   (avg({days}) FILTER (WHERE last = ANY(%(won)s)))::float
            FROM ({COURSES.format(visits=selection.relation(VISITS))}) course
            JOIN funnel_case c ON c.id = course.case_id JOIN crm_client k ON k.id = c.client_id {begun}
            GROUP BY 1 ORDER BY 2 DESC, 1"""
    )
    return [Outcome(*row) for row in found]


@dataclass(frozen=True)
class LossReason:
    """Cases that were lost for a reason (its key, empty: nobody said) in a stage, and what they came to."""

    stage: int
    reason: str
    cases: int
    amount: Decimal


def loss_reasons(selection: Selection) -> list[LossReason]:
    """Why the lost cases were lost, the most frequent first. One statement."""
    found = selection.rows(
        f"""SELECT course.last, c.reason, count(*),
                   coalesce(sum(c.amount) FILTER (WHERE c.currency = %(currency)s), 0)
            FROM ({COURSES.format(visits=selection.relation(VISITS))}) course JOIN funnel_case c ON c.id = course.case_id
            WHERE course.last = ANY(%(lost)s) GROUP BY 1, 2 ORDER BY 3 DESC, 2"""
    )
    return [LossReason(*row) for row in found]


@dataclass(frozen=True)
class Velocity:
    """What the funnel yields a day: open cases × win rate × average amount of a won case / average days to winning."""

    open: int
    win_rate: float | None
    won_amount: Decimal | None
    days: float | None

    @property
    def a_day(self) -> float | None:
        if self.win_rate is None or self.won_amount is None or not self.days:
            return None
        return self.open * self.win_rate * float(self.won_amount) / self.days


def velocity(selection: Selection) -> Velocity:
    """Of the cases in the selection's currency."""
    found = selection.rows(
        f"""SELECT count(*) FILTER (WHERE last = ANY(%(open)s)), count(*) FILTER (WHERE last = ANY(%(won)s)),
                   count(*) FILTER (WHERE last = ANY(%(lost)s)), avg(c.amount) FILTER (WHERE last = ANY(%(won)s)),
                   (avg((since AT TIME ZONE %(tz)s)::date - (begun_at AT TIME ZONE %(tz)s)::date)
                       FILTER (WHERE last = ANY(%(won)s)))::float
            FROM ({COURSES.format(visits=selection.relation(VISITS))}) course JOIN funnel_case c ON c.id = course.case_id
            WHERE c.currency = %(currency)s"""
    )
    waiting, won, lost, amount, days = found[0]
    return Velocity(waiting, won / (won + lost) if won + lost else None, amount, days)
