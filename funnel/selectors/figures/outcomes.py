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
class Velocity:
    """What the funnel yields a day: open cases × win rate × average amount of a won case ÷ average days to winning, of
    cases in one currency."""

    open: int
    won: int
    lost: int
    won_amount: Decimal
    days: float | None

    @property
    def a_day(self) -> float | None:
        """None where nothing was won, or all of it on the day on which it began."""
        if not self.won or not self.days:
            return None
        return self.open * float(self.won_amount) / (self.won + self.lost) / self.days


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
    velocity: Velocity

    @property
    def open(self) -> int:
        return self.cases - self.won - self.lost

    @property
    def win_rate(self) -> float | None:
        """Won of won and lost."""
        return self.won / (self.won + self.lost) if self.won + self.lost else None


def outcomes(selection: Selection, dimension: str) -> list[Outcome]:
    """Outcomes by one of `DIMENSIONS`, the most cases first. One statement."""
    return _outcomes(selection, dimension)


def overall(selection: Selection) -> Outcome:
    """Outcomes of all the chosen cases together."""
    found = _outcomes(selection)
    nothing = Velocity(0, 0, 0, Decimal(0), None)
    return found[0] if found else Outcome(None, 0, 0, 0, Decimal(0), Decimal(0), None, nothing)


def of_cases(rows: str, dimension: str = "") -> str:
    """Joins rows with a `case_id` to what `DIMENSIONS` tells cases apart by."""
    begun = "LEFT JOIN funnel_stagemove begun ON begun.case_id = c.id AND begun.from_stage_id IS NULL"
    cases = f"JOIN funnel_case c ON c.id = {rows}.case_id JOIN crm_client k ON k.id = c.client_id"
    return f"{cases} {begun}" if dimension == "tier" else cases


def _outcomes(selection: Selection, dimension: str = "") -> list[Outcome]:
    column = DIMENSIONS.get(dimension, "NULL::int")
    won, lost, still = (f"last = ANY(%({outcome})s)" for outcome in ("won", "lost", "open"))
    days, here = "(since::date - begun_at::date)", "c.currency = %(currency)s"
    found = selection.rows(
        f"""SELECT {column}, count(*), count(*) FILTER (WHERE {won}), count(*) FILTER (WHERE {lost}),
                   coalesce(sum(c.amount) FILTER (WHERE {won} AND {here}), 0),
                   coalesce(sum(c.amount) FILTER (WHERE {still} AND {here}), 0),
                   (avg({days}) FILTER (WHERE {won}))::float,
                   count(*) FILTER (WHERE {still} AND {here}), count(*) FILTER (WHERE {won} AND {here}),
                   count(*) FILTER (WHERE {lost} AND {here}), (avg({days}) FILTER (WHERE {won} AND {here}))::float
            FROM ({COURSES.format(visits=selection.relation(VISITS))}) course
            {of_cases("course", dimension)} GROUP BY 1 ORDER BY 2 DESC, 1"""
    )
    return [_told(*row) for row in found]


def _told(value: Any, cases: int, won: int, lost: int, *rest: Any) -> Outcome:
    won_amount, open_amount, days, *(waiting, won_here, lost_here, days_here) = rest
    velocity = Velocity(waiting, won_here, lost_here, won_amount, days_here)
    return Outcome(value, cases, won, lost, won_amount, open_amount, days, velocity)


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
