"""What the probabilities of stages promise, and what came true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from funnel.models import Stage
from funnel.selectors.figures.outcomes import COURSES
from funnel.selectors.figures.selection import VISITS, Selection

PAST_MONTHS, COMING_MONTHS = 12, 6


@dataclass(frozen=True)
class Promise:
    """A stage whose probability is set, over the cases that came into it and are closed by now: the share that was won,
    and the mean squared difference between probability and outcome (Brier score: 0 is foresight, 0.25 a coin)."""

    stage: Stage
    probability: float | None
    closed: int
    won: int
    open: int

    @property
    def observed(self) -> float | None:
        return self.won / self.closed if self.closed else None

    @property
    def brier(self) -> float | None:
        if self.probability is None or not self.closed:
            return None
        missed, met = self.probability**2, (1 - self.probability) ** 2
        return (self.won * met + (self.closed - self.won) * missed) / self.closed


def promises(selection: Selection) -> list[Promise]:
    """Each open stage of the way. A case counts once for a stage, however often it came into it. One statement."""
    found = selection.rows(
        f"""WITH visits AS ({selection.relation(VISITS)}),
                 courses AS (SELECT case_id, stage_id AS last FROM visits WHERE next_id IS NULL),
                 entered AS (SELECT DISTINCT case_id, stage_id FROM visits WHERE stage_id = ANY(%(open)s))
            SELECT e.stage_id, count(*) FILTER (WHERE last <> ALL(%(open)s)),
                   count(*) FILTER (WHERE last = ANY(%(won)s)),
                   count(*) FILTER (WHERE last = ANY(%(open)s))
            FROM entered e JOIN courses USING (case_id) GROUP BY 1"""
    )
    by_stage = {pk: rest for pk, *rest in found}
    return [
        Promise(stage, stage.probability, *by_stage.get(stage.pk, (0, 0, 0)))
        for stage in selection.steps
        if not stage.is_closed
    ]


def brier(told: list[Promise]) -> float | None:
    """Over all stages with a probability together."""
    scored = [(one.closed, one.brier) for one in told if one.brier is not None]
    closed = sum(cases for cases, _ in scored)
    return sum(cases * score for cases, score in scored) / closed if closed else None


@dataclass(frozen=True)
class Month:
    """A month of closing: what was to be expected of it when it began (amount × probability of the cases then open and
    due in it; for months to come, of those open now), and what was won in it; None: it is still to come."""

    begins: date
    due: int
    amount: Decimal
    weighted: Decimal
    won: int | None
    won_amount: Decimal | None


def months(selection: Selection) -> list[Month]:
    """The months around the selection's day, in its currency.

    A case is due in the month in which it would close if it stayed the expected days in its stage and in every open one
    after it; an open case whose expected close is set, or is past, is due then, or now. Nothing that was known later
    goes into what a past month promised, but for probabilities and expected days as they are set today. Two statements.
    """
    this = timezone.localtime(selection.as_of).date().replace(day=1)
    first = this - relativedelta(months=PAST_MONTHS)
    due = {begins: rest for begins, *rest in _due(selection, this, first)}
    won = {begins: rest for begins, *rest in _won(selection, first)}
    told = []
    for step in range(PAST_MONTHS + COMING_MONTHS + 1):
        begins = first + relativedelta(months=step)
        met = won.get(begins, [0, Decimal(0)]) if begins <= this else [None, None]
        told.append(Month(begins, *due.get(begins, [0, Decimal(0), Decimal(0)]), *met))
    return told


def _due(selection: Selection, this: date, first: date) -> list[tuple]:
    opens = [stage for stage in selection.steps if not stage.is_closed]
    ahead = {
        stage.pk: sum(later.expected_days or 0 for later in opens[at:]) for at, stage in enumerate(opens)
    }
    told = [stage for stage in opens if stage.probability is not None and stage.expected_days is not None]
    return selection.rows(
        f"""WITH ahead AS (SELECT * FROM unnest(%(told)s::bigint[], %(days)s::int[], %(chances)s::float[])
                           AS a (stage_id, days, chance)),
                 visits AS ({selection.relation(VISITS)}),
                 stays AS (
                     SELECT v.*, c.amount, a.chance, c.expected_close,
                            ((v.entered_at AT TIME ZONE %(tz)s)::date + a.days) AS expected
                     FROM visits v JOIN ahead a USING (stage_id) JOIN funnel_case c ON c.id = v.case_id
                     WHERE c.currency = %(currency)s
                 ),
                 due AS (
                     SELECT date_trunc('month', expected)::date AS month, amount, chance FROM stays
                     WHERE expected >= %(first)s AND expected < %(this)s
                       AND (entered_at AT TIME ZONE %(tz)s)::date < date_trunc('month', expected)::date
                       AND (left_at IS NULL
                            OR (left_at AT TIME ZONE %(tz)s)::date >= date_trunc('month', expected)::date)
                     UNION ALL
                     SELECT greatest(date_trunc('month', coalesce(expected_close, expected))::date, %(this)s),
                            amount, chance
                     FROM stays WHERE left_at IS NULL
                 )
            SELECT month, count(*), sum(amount), sum(amount * chance::numeric) FROM due GROUP BY 1""",
        told=[stage.pk for stage in told],
        days=[ahead[stage.pk] for stage in told],
        chances=[stage.probability for stage in told],
        this=this,
        first=first,
    )


def _won(selection: Selection, first: date) -> list[tuple]:
    return selection.rows(
        f"""SELECT date_trunc('month', since AT TIME ZONE %(tz)s)::date, count(*), sum(c.amount)
            FROM ({COURSES.format(visits=selection.relation(VISITS))}) course JOIN funnel_case c ON c.id = course.case_id
            WHERE last = ANY(%(won)s) AND c.currency = %(currency)s AND (since AT TIME ZONE %(tz)s)::date >= %(first)s
            GROUP BY 1""",
        first=first,
    )
