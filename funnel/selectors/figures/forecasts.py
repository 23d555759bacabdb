"""What the probabilities of stages promise, and what came true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from funnel.models import Stage
from funnel.selectors.figures.conversion import walks
from funnel.selectors.figures.selection import MOVES, VISITS, Selection
from funnel.selectors.targets import Aim, aims

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
    due in it; for months to come, of those open now), what was set for it (None: nothing), and what was won in it; None:
    it is still to come."""

    begins: date
    due: int
    amount: Decimal
    weighted: Decimal
    aim: Aim | None
    won: int | None
    won_amount: Decimal | None


def months(selection: Selection) -> list[Month]:
    """The months around the selection's day, in its currency.

    A case is due in the month in which it would close if it stayed the expected days in its stage and in every open one
    after it; an open case whose expected close is set, or is past, is due then, or now. Nothing that was known later
    goes into what a past month promised, but for probabilities and expected days as they are set today.
    Three statements.
    """
    this, first = span(selection)
    due = {begins: rest for begins, *rest in _due(selection)}
    won = {begins: rest for begins, *rest in _won(selection, first)}
    set_for = aims(selection)
    told = []
    for step in range(PAST_MONTHS + COMING_MONTHS + 1):
        begins = first + relativedelta(months=step)
        cases, amount, weighted = due.get(begins, [0, Decimal(0), Decimal(0)])
        met, met_amount = won.get(begins, [0, Decimal(0)]) if begins <= this else [None, None]
        told.append(Month(begins, cases, amount, weighted, set_for.get(begins), met, met_amount))
    return told


def span(selection: Selection) -> tuple[date, date]:
    """The month of the selection's day, and the first that is told."""
    this = timezone.localtime(selection.as_of).date().replace(day=1)
    return this, this - relativedelta(months=PAST_MONTHS)


def due(selection: Selection, day: Callable[[str], str]) -> str:
    """The cases that were due in the past months and are in those to come, as SQL over `due_params`: case_id, month,
    amount, chance. `day` makes an SQL date of a moment, by the clock of the house."""
    return f"""SELECT s.case_id, s.chance, c.currency,
               CASE WHEN is_past THEN month
                    ELSE greatest(date_trunc('month', coalesce(c.expected_close, expected))::date, %(this)s)
               END AS month,
               CASE WHEN is_past THEN coalesce(s.amount, c.amount) ELSE c.amount END AS amount
        FROM (
            SELECT v.*, a.chance, {day("v.entered_at")} + a.days AS expected
            FROM ({selection.relation(VISITS)}) v
            JOIN unnest(%(told)s::bigint[], %(days)s::int[], %(chances)s::float[]) a (stage_id, days, chance)
                USING (stage_id)
            WHERE v.left_at IS NULL OR v.entered_at >= %(first)s::timestamptz - (a.days + 1) * interval '1 day'
        ) s
        JOIN funnel_case c ON c.id = s.case_id
        CROSS JOIN LATERAL (SELECT date_trunc('month', expected)::date AS month) m
        CROSS JOIN LATERAL (
            SELECT true AS is_past WHERE expected >= %(first)s AND expected < %(this)s
               AND {day("entered_at")} < month AND (left_at IS NULL OR {day("left_at")} >= month)
            UNION ALL SELECT false WHERE left_at IS NULL
        ) told
        WHERE c.currency = %(currency)s"""


def due_params(selection: Selection) -> dict[str, Any]:
    opens = [stage for stage in selection.steps if not stage.is_closed]
    ahead = {
        stage.pk: sum(later.expected_days or 0 for later in opens[at:]) for at, stage in enumerate(opens)
    }
    told = [stage for stage in opens if stage.probability is not None and stage.expected_days is not None]
    this, first = span(selection)
    return {
        "told": [stage.pk for stage in told],
        "days": [ahead[stage.pk] for stage in told],
        "chances": [stage.probability for stage in told],
        "this": this,
        "first": first,
    }


def _due(selection: Selection) -> list[tuple]:
    return selection.rows(
        f"""SELECT month, count(*), sum(amount), sum(amount * chance::numeric)
            FROM ({due(selection, "{}::date".format)}) due GROUP BY 1""",
        **due_params(selection),
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
