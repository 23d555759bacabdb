"""What became of clients that were overridden, and of those of whom it was asked in vain.

As in `overrides`, a decision counts from the end of the month it was made in: for clients that could still have the
outcome then, over so many months. Decisions whose time is not over yet are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from dateutil.relativedelta import relativedelta
from django.db import connection

from tiering.facts import local_day
from tiering.validation.outcomes import Outcome, span
from tiering.validation.rates import Rate, rate_of

Decision = Literal["approved", "rejected"]
MOST_MONTHS: Final = 24
"""How far back decisions are looked at."""


@dataclass(frozen=True)
class Decided:
    """An override that was decided: of which client, which way, how and when."""

    client: int
    direction: str
    decision: Decision
    at: datetime


@dataclass(frozen=True)
class Realised:
    """Of so many overrides decided one way, those whose clients could have the outcome (`subjects`) and did (`bad`)."""

    direction: str
    decision: Decision
    decided: int
    of_these: Rate

    @property
    def subjects(self) -> int:
        return self.of_these.subjects

    @property
    def bad(self) -> int:
        return self.of_these.bad

    @property
    def rate(self) -> float | None:
        return self.of_these.rate

    @property
    def low(self) -> float:
        return self.of_these.low

    @property
    def high(self) -> float:
        return self.of_these.high


def realised(decided: Iterable[Decided], outcome: Outcome, months: int, today: date) -> list[Realised]:
    """The outcome of those decided so long ago that it is known, by direction and decision."""
    groups: defaultdict[date, list[Decided]] = defaultdict(list)
    for one in decided:
        groups[month_end(local_day(one.at))].append(one)
    oldest = today - relativedelta(months=months + MOST_MONTHS)
    found: defaultdict[tuple[str, Decision], list[bool | None]] = defaultdict(list)
    for day, rows in groups.items():
        if oldest <= day <= today - relativedelta(months=months):
            bad = _outcomes([row.client for row in rows], outcome, day, months)
            for row in rows:
                found[row.direction, row.decision].append(bad.get(row.client))
    decisions: Sequence[Decision] = ("approved", "rejected")
    return [
        _counted(direction, decision, found[direction, decision])
        for direction in ("up", "down")
        for decision in decisions
    ]


def month_end(day: date) -> date:
    return day + relativedelta(day=31)


def _counted(direction: str, decision: Decision, outcomes: Sequence[bool | None]) -> Realised:
    known = [bad for bad in outcomes if bad is not None]
    return Realised(direction, decision, len(outcomes), rate_of(len(known), sum(known)))


def _outcomes(clients: Sequence[int], outcome: Outcome, day: date, months: int) -> dict[int, bool]:
    """By client, whether the outcome came; those who could not have it any more are left out."""
    params: dict[str, Any] = {**span(day, months), "clients": sorted(set(clients))}
    with connection.cursor() as cursor:
        cursor.execute(_OF.format(relation=outcome.relation), params)
        return dict(cursor.fetchall())


_OF: Final = "SELECT client_id, bad FROM ({relation}) o WHERE client_id = ANY(%(clients)s::bigint[])"
