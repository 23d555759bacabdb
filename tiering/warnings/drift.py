"""The average of a metric in each segment of the book, now and some days before, over the same clients."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from tiering.core.conditions import OPERATORS
from tiering.core.metric import Catalogue, is_missing
from tiering.core.sql import known
from tiering.core.warning_readings import changed
from tiering.core.warnings import Drift
from tiering.facts.reading import values_of
from tiering.warnings.statement import AT_THE_MOMENT


@dataclass(frozen=True)
class Segment:
    """`name` is what sets it apart and its key: `industry:construction`. Averages are over `clients` of whom both values
    are known."""

    name: str
    clients: int
    now: float
    then: float


def drifted(drift: Drift, as_of: datetime, catalogue: Catalogue) -> list[Segment]:
    """The segments whose average has changed as the drift says."""
    return [one for one in _segments(drift, as_of, catalogue) if _has_drifted(drift, one)]


def _has_drifted(drift: Drift, segment: Segment) -> bool:
    change = changed(segment.now, segment.then, drift.how)
    return not is_missing(change) and OPERATORS[drift.op](change, drift.value)


def _segments(drift: Drift, as_of: datetime, catalogue: Catalogue) -> list[Segment]:
    now, then = (values_of([drift.metric], alias, catalogue)[drift.metric] for alias in ("f", "h"))
    statement = SEGMENTS.format(
        segment=BY[drift.by],
        now=now,
        then=then,
        known=" AND ".join(known(side, True).text for side in (now, then)),
        held=AT_THE_MOMENT.format("f"),
        before=AT_THE_MOMENT.format("h").replace("%(as_of)s", BEFORE),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement, {"as_of": as_of, "days": drift.days, "least": drift.least_clients, "by": drift.by}
        )
        return [Segment(*row) for row in cursor.fetchall()]


BY: Final = {
    "industry": "(SELECT code FROM crm_industry WHERE id = c.industry_id)",
    "region": "(SELECT code FROM crm_region WHERE id = c.region_id)",
    "size_class": "f.size_class",
    "tier": """(SELECT t.key FROM tiering_assignment g JOIN tiering_tier t ON t.id = g.tier_id
        JOIN tiering_tierscheme s ON s.id = g.scheme_id AND s.is_primary
        WHERE g.client_id = c.id AND g.project_id IS NULL AND g.valid_to IS NULL)""",
}

BEFORE: Final = "%(as_of)s::timestamptz - make_interval(days => %(days)s)"

SEGMENTS: Final = """
SELECT %(by)s || ':' || segment, count(*), avg(now), avg(before) FROM (
    SELECT {segment} AS segment, {now} AS now, {then} AS before
    FROM tiering_facts f JOIN crm_client c ON c.id = f.client_id
    JOIN tiering_facts h ON h.client_id = f.client_id AND {before}
    WHERE {held} AND {known}
) AS clients
WHERE segment <> '' GROUP BY segment HAVING count(*) >= %(least)s ORDER BY segment
"""
