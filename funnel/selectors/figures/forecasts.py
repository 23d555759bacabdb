"""What the probabilities of stages promise, and what came true."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from funnel.models import Stage
from funnel.selectors.figures.conversion import walks
from funnel.selectors.figures.selection import MOVES, VISITS, Selection

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
    """Each open stage of the way. A case counts once for a stage, however often it came into it. Two statements."""
    stages = selection.stages
    counted: dict[int, Counter[str]] = {stage.pk: Counter() for stage in stages}
    for (_begun, entered, last), cases in walks(selection).items():
        for place, stage in enumerate(stages):
            if entered >> place & 1:
                counted[stage.pk][stages[last].outcome] += cases
    return [
        Promise(stage, stage.probability, told["won"] + told["lost"], told["won"], told["open"])
        for stage in selection.steps
        if not stage.is_closed
        for told in [counted[stage.pk]]
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
                 stays AS (
                     SELECT v.*, a.chance, v.entered_at::date + a.days AS expected
                     FROM ({selection.relation(VISITS)}) v JOIN ahead a USING (stage_id)
                     WHERE v.left_at IS NULL OR v.entered_at >= %(first)s::timestamptz - a.days * interval '1 day'
                 ),
                 due AS (
                     SELECT CASE WHEN is_past THEN month
                                 ELSE greatest(date_trunc('month', coalesce(c.expected_close, expected))::date, %(this)s)
                            END AS month,
                            CASE WHEN is_past THEN coalesce(s.amount, c.amount) ELSE c.amount END AS amount, chance
                     FROM stays s
                     JOIN funnel_case c ON c.id = s.case_id
                     CROSS JOIN LATERAL (SELECT date_trunc('month', expected)::date AS month) m
                     CROSS JOIN LATERAL (
                         SELECT true AS is_past WHERE expected >= %(first)s AND expected < %(this)s
                            AND entered_at::date < month AND (left_at IS NULL OR left_at::date >= month)
                         UNION ALL SELECT false WHERE left_at IS NULL
                     ) told
                     WHERE c.currency = %(currency)s
                 )
            SELECT month, count(*), sum(amount), sum(amount * chance::numeric) FROM due GROUP BY 1""",
        told=[stage.pk for stage in told],
        days=[ahead[stage.pk] for stage in told],
        chances=[stage.probability for stage in told],
        this=this,
        first=first,
    )


def _won(selection: Selection, first: date) -> list[tuple]:
    """What was won, by the month of the last step; a case that was reopened since is not."""
    return selection.rows(
        f"""SELECT date_trunc('month', m.at)::date, count(*), sum(c.amount)
            FROM ({selection.relation(MOVES)}) m JOIN funnel_case c ON c.id = m.case_id
            WHERE m.stage_id = ANY(%(won)s) AND m.at >= %(first)s AND c.currency = %(currency)s AND NOT EXISTS (
                SELECT FROM funnel_stagemove later WHERE later.case_id = m.case_id AND later.id > m.id
                AND later.to_stage_id = ANY(%(stages)s) AND later.moved_at <= %(as_of)s
            ) GROUP BY 1""",
        first=first,
    )
