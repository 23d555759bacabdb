"""Early warnings tried on the past, before they are put in effect: what they would have raised, and what came of it.

On days a month apart every indicator is asked of the facts as they held then. An alert is raised when it begins to hold,
and not again within its cooldown. It is right when the outcome follows within the horizon; an outcome is foretold when
such an alert goes before it. Beside it stands what as many alerts at random would have done among the same clients.

Covenants and parts in projects count by their dates; the ledger of facts tells everything else as it was known then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import numpy as np
from dateutil.relativedelta import relativedelta
from django.db import connection, transaction
from numpy.typing import NDArray

from tiering.core.metric import Catalogue
from tiering.core.warnings import Indicator, Warnings
from tiering.models import Facts
from tiering.services.planner import over_the_book
from tiering.validation.cohorts import end_of
from tiering.validation.outcomes import DEFAULTS, until
from tiering.warnings.statement import finding, of_every

Outcome = Literal["default", "downgrade"]
Truth = NDArray[np.bool_]

MOST_CLIENTS: Final = 5_000
DAYS: Final = 12
"""On so many days, a month apart, the indicators are asked."""
HORIZON: Final = 6
"""Months within which the outcome counts."""
DRAWS: Final = 40
FEW: Final = 20
"""With fewer outcomes than that, shares say little."""


@dataclass(frozen=True)
class Score:
    """So many alerts, so many of them right; so many outcomes, so many of them foretold, and how many days before they
    came, the median."""

    alerts: float
    right: float
    outcomes: int
    foretold: float
    lead_days: float | None

    @property
    def precision(self) -> float | None:
        return self.right / self.alerts if self.alerts else None

    @property
    def recall(self) -> float | None:
        return self.foretold / self.outcomes if self.outcomes else None


@dataclass(frozen=True)
class Line:
    """An indicator, or all of them together (no key): what it would have done, and what chance would have. ``days`` are
    those for which the ledger reaches back as far as it asks."""

    key: str
    score: Score
    chance: Score
    days: int


@dataclass(frozen=True)
class Trial:
    """``days`` are those asked, oldest first; ``clients`` how many were looked at, one in ``step``; ``months`` the
    horizon. ``lines`` are those of indicators of clients, in the order of the document."""

    outcome: Outcome
    days: tuple[date, ...]
    months: int
    clients: int
    step: int
    total: Line
    lines: tuple[Line, ...]

    @property
    def is_thin(self) -> bool:
        """Whether there were so few outcomes that shares say little."""
        return self.total.score.outcomes < FEW


@dataclass(frozen=True)
class _Past:
    """What is known of the days and clients: whether the outcome could still come, in how many days it did (0: not
    within the horizon), and of each outcome its client and which days it could be foretold on."""

    days: Sequence[date]
    in_scope: Truth
    follows: NDArray[np.int32]
    clients: NDArray[np.int64]
    on: NDArray[np.int64]
    could: Truth

    @property
    def outcomes(self) -> int:
        return len(self.clients)


@transaction.atomic
def try_on_history(
    warnings: Warnings,
    catalogue: Catalogue,
    *,
    outcome: Outcome,
    today: date,
    months: int = HORIZON,
    count: int = DAYS,
    most: int = MOST_CLIENTS,
) -> Trial:
    """What the indicators would have raised. Days whose horizon is not over are not asked."""
    with connection.cursor() as cursor:
        over_the_book(cursor)
        days = _days(today, months, count)
        step, ids = _sample(cursor, most)
        past = _past(cursor, outcome, days, months, ids, step)
        fires = _fires(cursor, warnings, catalogue, days, ids, step)
    first = Facts.objects.order_by("valid_from").values_list("valid_from", flat=True).first()
    reach = {one.key: _reach(one, days, first.date() if first else today) for one in warnings.of_clients}
    raised = {one.key: _raised(fires[one.key], past, one.cooldown_days) for one in warnings.of_clients}
    together: Truth = np.zeros_like(past.in_scope)
    for alerts in raised.values():
        together |= alerts
    lines = [_line(key, alerts, past, reach[key]) for key, alerts in raised.items()]
    total = _line("", together, past, len(days))
    return Trial(outcome, tuple(days), months, len(ids), step, total, tuple(lines))


def _days(today: date, months: int, count: int) -> list[date]:
    """The last days of the months before, oldest first, whose horizon is over."""
    first = (today - relativedelta(months=months)).replace(day=1)
    ends = [first - relativedelta(months=back) - relativedelta(days=1) for back in range(count - 1, -1, -1)]
    earliest = Facts.objects.order_by("valid_from").values_list("valid_from", flat=True).first()
    return [day for day in ends if earliest and end_of(day) >= earliest]


def _sample(cursor: Any, most: int) -> tuple[int, NDArray[np.int64]]:
    cursor.execute("SELECT count(*) FROM tiering_facts WHERE valid_to IS NULL")
    step = max(1, -(-cursor.fetchone()[0] // most))
    cursor.execute(
        "SELECT DISTINCT client_id FROM tiering_facts WHERE client_id %% %(step)s = 0 ORDER BY client_id",
        {"step": step},
    )
    return step, np.array([pk for (pk,) in cursor.fetchall()], np.int64)


def _past(
    cursor: Any, outcome: Outcome, days: Sequence[date], months: int, ids: NDArray[np.int64], step: int
) -> _Past:
    in_scope: Truth = np.zeros((len(days), len(ids)), np.bool_)
    for at, day in enumerate(days):
        cursor.execute(IN_SCOPE[outcome], {**until(day, day), "at": end_of(day), "step": step})
        in_scope[at, _places(ids, [pk for (pk,) in cursor.fetchall()])] = True
    last = days[-1] + relativedelta(months=months) if days else date.min
    cursor.execute(EVENTS[outcome], {**until(last, last), "step": step})
    events = [(pk, on.toordinal()) for pk, on in cursor.fetchall()]
    clients = _places(ids, [pk for pk, _ in events])
    on = np.array([day for _, day in events], np.int64)
    ahead = on[:, None] - np.array([day.toordinal() for day in days], np.int64)[None, :]
    ends = np.array(
        [(day + relativedelta(months=months)).toordinal() - day.toordinal() for day in days], np.int64
    )
    could = (ahead > 0) & (ahead <= ends[None, :]) & in_scope[:, clients].T
    counts = could.any(axis=1)
    follows = np.zeros(in_scope.shape, np.int32)
    for place, days_ahead, possible in zip(clients[counts], ahead[counts], could[counts], strict=True):
        nearer = possible & ((follows[:, place] == 0) | (days_ahead < follows[:, place]))
        follows[nearer, place] = days_ahead[nearer]
    return _Past(days, in_scope, follows, clients[counts], on[counts], could[counts])


def _places(ids: NDArray[np.int64], wanted: Sequence[int]) -> NDArray[np.int64]:
    """The positions of clients, all of whom are among the ids."""
    return np.searchsorted(ids, np.array(wanted, np.int64)).astype(np.int64)


def _fires(
    cursor: Any,
    warnings: Warnings,
    catalogue: Catalogue,
    days: Sequence[date],
    ids: NDArray[np.int64],
    step: int,
) -> dict[str, Truth]:
    fires: dict[str, Truth] = {
        one.key: np.zeros((len(days), len(ids)), np.bool_) for one in warnings.of_clients
    }
    for at, day in enumerate(days):
        statement, params = finding(warnings, of_every(step), end_of(day), catalogue)
        cursor.execute(
            f"SELECT indicator, array_agg(client_id) FROM ({statement}) AS found GROUP BY 1", params
        )
        for key, found in cursor.fetchall():
            fires[key][at, _places(ids, found)] = True
    return fires


def _reach(indicator: Indicator, days: Sequence[date], first: date) -> int:
    """How many of the days the indicator could be asked on: the ledger reaches back as far as it compares."""
    back = max(indicator.trigger.spans, default=0) if indicator.trigger else 0
    return sum(day - relativedelta(days=back) >= first for day in days)


def _raised(fires: Truth, past: _Past, cooldown: int) -> Truth:
    """When alerts would have been raised: where it begins to hold, unless it did within the cooldown."""
    raised: Truth = np.zeros_like(fires)
    last = np.full(fires.shape[1], -10_000_000, np.int64)
    before: Truth = np.zeros(fires.shape[1], np.bool_)
    for at, day in enumerate(past.days):
        raised[at] = fires[at] & past.in_scope[at] & ~before & (day.toordinal() - last >= cooldown)
        last[fires[at]] = day.toordinal()
        before = fires[at]
    return raised


def _line(key: str, alerts: Truth, past: _Past, days: int) -> Line:
    return Line(key, _score(alerts, past), _chance(int(alerts.sum()), past), days)


def _score(alerts: Truth, past: _Past) -> Score:
    before = alerts[:, past.clients].T & past.could
    foretold = before.any(axis=1)
    ordinals = np.array([day.toordinal() for day in past.days], np.int64)
    lead = past.on[foretold] - ordinals[before[foretold].argmax(axis=1)] if foretold.any() else None
    return Score(
        alerts=int(alerts.sum()),
        right=int((alerts & (past.follows > 0)).sum()),
        outcomes=past.outcomes,
        foretold=int(foretold.sum()),
        lead_days=None if lead is None else float(np.median(lead)),
    )


def _chance(alerts: int, past: _Past) -> Score:
    """The mean of so many alerts at random, drawn among those of whom the outcome could still come."""
    cells = np.flatnonzero(past.in_scope)
    random = np.random.default_rng(alerts)
    scores = []
    for _ in range(DRAWS if alerts else 1):
        drawn: Truth = np.zeros(past.in_scope.size, np.bool_)
        drawn[random.choice(cells, size=min(alerts, len(cells)), replace=False)] = True
        scores.append(_score(drawn.reshape(past.in_scope.shape), past))
    leads = [score.lead_days for score in scores if score.lead_days is not None]
    return Score(
        alerts=alerts,
        right=float(np.mean([score.right for score in scores])),
        outcomes=past.outcomes,
        foretold=float(np.mean([score.foretold for score in scores])),
        lead_days=float(np.median(leads)) if leads else None,
    )


_AT: Final = "{0}.valid_from <= %(at)s AND ({0}.valid_to IS NULL OR {0}.valid_to > %(at)s)"

# Of whom the outcome could still come: not in default yet, or with a tier to fall from.
IN_SCOPE: Final = {
    "default": f"""
SELECT f.client_id FROM tiering_facts f WHERE {_AT.format("f")} AND f.client_id %% %(step)s = 0
AND f.client_id NOT IN (SELECT client_id FROM ({DEFAULTS}) d WHERE since <= %(start)s AND until > %(start)s)
""",
    "downgrade": f"""
SELECT f.client_id FROM tiering_facts f
JOIN tiering_assignment g ON g.client_id = f.client_id AND g.project_id IS NULL AND {_AT.format("g")}
JOIN tiering_tierscheme s ON s.id = g.scheme_id AND s.is_primary
WHERE {_AT.format("f")} AND f.client_id %% %(step)s = 0
""",
}

EVENTS: Final = {
    "default": f"""
SELECT DISTINCT client_id, since FROM ({DEFAULTS}) d
WHERE client_id %% %(step)s = 0 AND EXISTS (SELECT FROM tiering_facts f WHERE f.client_id = d.client_id)
ORDER BY client_id, since
""",
    "downgrade": """
SELECT client_id, (valid_from AT TIME ZONE current_setting('TimeZone'))::date FROM (
    SELECT a.client_id, a.valid_from, t.rank, lag(t.rank) OVER (PARTITION BY a.client_id ORDER BY a.valid_from) AS before
    FROM tiering_assignment a JOIN tiering_tier t ON t.id = a.tier_id
    JOIN tiering_tierscheme s ON s.id = a.scheme_id AND s.is_primary
    WHERE a.project_id IS NULL AND a.client_id %% %(step)s = 0
) AS moves WHERE rank > before AND valid_from::date <= %(end)s ORDER BY client_id, valid_from
""",
}
