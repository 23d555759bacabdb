"""How often a scheme's criteria are overridden: by officer, segment and month, up and down, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.utils import timezone

from tiering.models import Override, TierScheme
from tiering.selectors.override_usage import book_of
from tiering.selectors.override_warnings import totals_of
from tiering.validation.outcomes import OUTCOMES
from tiering.validation.override_outcomes import Decided, Realised, realised

MONTHS: Final = 12
HORIZON: Final = 6
"""For how many months after a decision its outcome is looked at."""


@dataclass(frozen=True)
class Share:
    """Of so many assessed, those overridden up and down; `rejected`: requests that an officer turned down."""

    key: str
    up: int
    down: int
    assessed: int
    rejected: int = 0

    @property
    def rate(self) -> float | None:
        return (self.up + self.down) / self.assessed if self.assessed else None

    @property
    def up_rate(self) -> float | None:
        return self.up / self.assessed if self.assessed else None

    @property
    def down_rate(self) -> float | None:
        return self.down / self.assessed if self.assessed else None


@dataclass(frozen=True)
class Rates:
    """The rates of a scheme: in force now, by the officer who approved (key: the id) and by segment, and in force at the
    end of each of the last months (key: the day)."""

    scheme: TierScheme
    assessed: int
    whole: Share
    officers: Sequence[Share]
    segments: Sequence[Share]
    months: Sequence[Share]
    outcomes: Sequence[Realised]


def rates_of(scheme: TierScheme, at: datetime, outcome: str) -> Rates:
    """The override rate of a scheme, split, with an outcome (a key of `OUTCOMES`) of what was decided.

    A constant number of queries, and one for each month with decisions that long ago.
    """
    of_scheme = Override.objects.filter(scheme=scheme)
    held = list(
        of_scheme.filter(status=Override.Status.IN_FORCE).values_list(
            "decided_by", "assessment__scorecard", "direction"
        )
    )
    book = book_of(scheme)
    ways = Counter(direction for _by, _segment, direction in held)
    return Rates(
        scheme=scheme,
        assessed=book,
        whole=Share("", ways["up"], ways["down"], book),
        officers=_officers(scheme, [(by, way) for by, _segment, way in held], book),
        segments=_segments(scheme, [(segment, way) for _by, segment, way in held]),
        months=_months(scheme, timezone.localdate(at)),
        outcomes=realised(_decided(scheme), OUTCOMES[outcome], HORIZON, timezone.localdate(at)),
    )


def _officers(scheme: TierScheme, held: Sequence[tuple[int, str]], book: int) -> list[Share]:
    counted = Counter(held)
    rejections = Override.objects.filter(scheme=scheme, status=Override.Status.REJECTED)
    rejected = Counter(rejections.values_list("decided_by", flat=True))
    ids = sorted({by for by, _way in counted} | set(rejected))
    return [Share(str(pk), counted[pk, "up"], counted[pk, "down"], book, rejected[pk]) for pk in ids]


def _segments(scheme: TierScheme, held: Sequence[tuple[str, str]]) -> list[Share]:
    counted = Counter(held)
    return [
        Share(key, counted[key, "up"], counted[key, "down"], total)
        for key, total in sorted(totals_of(scheme).segments.items())
    ]


def _months(scheme: TierScheme, today: date) -> list[Share]:
    """At the end of each of the last months, and today; those of which nothing was known are left out."""
    days = [today.replace(day=1) - relativedelta(months=back, days=1) for back in range(MONTHS - 2, -1, -1)]
    days.append(today)
    ends = [datetime.combine(day, time.max, timezone.get_default_timezone()) for day in days]
    params: dict[str, Any] = {"scheme": scheme.pk, "ends": ends}
    with connection.cursor() as cursor:
        cursor.execute(_BY_MONTH, params)
        rows = cursor.fetchall()
    return [
        Share(day.isoformat(), up, down, assessed)
        for day, (assessed, up, down) in zip(days, rows, strict=True)
        if assessed
    ]


# Rows that had begun by then, less those that had ended: one pass over the ledger for all of the moments.
_BY_MONTH: Final = """
WITH at AS (SELECT moment, place FROM unnest(%(ends)s::timestamptz[]) WITH ORDINALITY AS m (moment, place)),
begun AS (
    SELECT width_bucket(valid_from, %(ends)s::timestamptz[]) AS place, count(*) AS rows
    FROM tiering_assignment WHERE scheme_id = %(scheme)s GROUP BY 1
), ended AS (
    SELECT width_bucket(valid_to, %(ends)s::timestamptz[]) AS place, count(*) AS rows
    FROM tiering_assignment WHERE scheme_id = %(scheme)s AND valid_to IS NOT NULL GROUP BY 1
)
SELECT coalesce((SELECT sum(rows) FROM begun b WHERE b.place < at.place), 0)
       - coalesce((SELECT sum(rows) FROM ended e WHERE e.place < at.place), 0) AS assessed,
       (SELECT count(*) FROM tiering_override o WHERE o.scheme_id = %(scheme)s AND o.direction = 'up'
        AND o.starts <= at.moment AND (o.ended_at IS NULL OR o.ended_at > at.moment)) AS up,
       (SELECT count(*) FROM tiering_override o WHERE o.scheme_id = %(scheme)s AND o.direction = 'down'
        AND o.starts <= at.moment AND (o.ended_at IS NULL OR o.ended_at > at.moment)) AS down
FROM at ORDER BY at.place
"""


def _decided(scheme: TierScheme) -> list[Decided]:
    """Decisions on clients as a whole or within a project: the outcome is the client's."""
    rows = Override.objects.filter(scheme=scheme).values_list("client", "direction", "status", "decided_at")
    return [
        Decided(client, way, "rejected" if status == Override.Status.REJECTED else "approved", at)
        for client, way, status, at in rows
        if at is not None
    ]
