"""How long cases stay in a stage and take to the end. Who is still there counts as "longer than so far": Kaplan–Meier.

Leaving open cases out would tell only of the quick ones. SciPy's estimator of right-censored samples is what is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when they are first asked, and this one takes a second

from funnel.models import Stage
from funnel.selectors.figures.selection import VISITS, Selection

Curve = list[tuple[float, float]]
"""Days and the share that still stays after so many."""


@dataclass(frozen=True)
class Duration:
    """Whole calendar days of stays: `ended` with their known length, `open` ones so far, and `backwards` those whose
    dates run backwards, which tell nothing. A quantile is None where fewer have left than it takes; `mean` is over ended
    stays alone."""

    ended: int
    open: int
    backwards: int
    median: float | None
    p90: float | None
    mean: float | None
    curve: Curve


@dataclass(frozen=True)
class Stay:
    stage: Stage
    duration: Duration


Counted = Sequence[tuple[int, bool, int]]
"""Days, whether the stay has ended, and how many such stays there are."""


def estimate(counted: Counted) -> Duration:
    """The estimate from stays counted by their days."""
    backwards = sum(stays for days, _, stays in counted if days < 0)
    known = [(days, ended, stays) for days, ended, stays in counted if days >= 0]
    ended, waiting = (_repeated(known, wanted) for wanted in (True, False))
    mean = float(ended.mean()) if ended.size else None
    if not ended.size:
        return Duration(0, waiting.size, backwards, None, None, mean, [])
    survival = scipy.stats.ecdf(scipy.stats.CensoredData(uncensored=ended, right=waiting)).sf
    shares = dict(zip(survival.quantiles.tolist(), survival.probabilities.tolist(), strict=True))
    curve = [(0.0, 1.0), *((days, share) for days, share in shares.items())]
    return Duration(
        ended.size, waiting.size, backwards, _first_below(curve, 0.5), _first_below(curve, 0.1), mean, curve
    )


def _repeated(counted: Counted, ended: bool) -> np.ndarray:
    of_kind = [(days, stays) for days, is_ended, stays in counted if is_ended == ended]
    days, stays = ([pair[at] for pair in of_kind] for at in (0, 1))
    return np.repeat(np.array(days, dtype=float), stays)


def _first_below(curve: Curve, share: float) -> float | None:
    """The first day on which at most that share still stays; a hair above it by rounding counts too."""
    return next((days for days, staying in curve[1:] if staying <= share + 1e-9), None)


def stays(selection: Selection) -> list[Stay]:
    """Each open stage with how long cases stay in it, whatever they leave it for. One statement."""
    found = selection.rows(
        f"""SELECT stage_id, {days_between("entered_at", "coalesce(left_at, %(as_of)s)")} AS days,
                   left_at IS NOT NULL, count(*)
            FROM ({selection.relation(VISITS)}) v WHERE stage_id = ANY(%(open)s) GROUP BY 1, 2, 3"""
    )
    return [
        Stay(stage, estimate([tuple(rest) for pk, *rest in found if pk == stage.pk]))
        for stage in selection.steps
        if not stage.is_closed
    ]


def to_the_end(selection: Selection) -> tuple[Duration, Duration]:
    """From a case's beginning until it is won (lost and open ones: not so far), and until it is closed either way."""
    found = selection.rows(
        f"""SELECT {days_between("begun", "coalesce(ended_at, %(as_of)s)")} AS days, last = ANY(%(won)s),
                   ended_at IS NOT NULL, count(*)
            FROM (
                SELECT case_id, min(entered_at) AS begun, max(stage_id) FILTER (WHERE next_id IS NULL) AS last,
                       max(entered_at) FILTER (WHERE next_id IS NULL AND stage_id <> ALL(%(open)s)) AS ended_at
                FROM ({selection.relation(VISITS)}) v GROUP BY case_id
            ) course GROUP BY 1, 2, 3"""
    )
    won = estimate(_summed((days, is_won, cases) for days, is_won, _, cases in found))
    closed = estimate(_summed((days, is_closed, cases) for days, _, is_closed, cases in found))
    return won, closed


def _summed(counted: Iterable[tuple[int, bool, int]]) -> Counted:
    sums: dict[tuple[int, bool], int] = {}
    for days, ended, cases in counted:
        sums[days, ended] = sums.get((days, ended), 0) + cases
    return [(days, ended, cases) for (days, ended), cases in sorted(sums.items())]


def days_between(begin: str, end: str) -> str:
    """Whole calendar days between two moments, by the clock of the house."""
    return f"(({end})::date - ({begin})::date)"
