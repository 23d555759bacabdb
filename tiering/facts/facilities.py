"""What records tell of a facility by itself, with the formulas by which the same is told of a client."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from django.db import connection

from tiering.core.metric import Facts

# Of the facility {facility} on the day {day}, from its limit and its instalments: the columns are the metrics of
# `core.warning_readings.OF_A_FACILITY`. Without a row it is not open on the day.
FIGURES: Final = """
SELECT greatest(g.drawn - p.repaid, 0)::float8 AS exposure, g."limit"::float8 AS credit_limit,
       (greatest(g.drawn - p.repaid, 0) / nullif(g."limit", 0))::float8 AS utilisation,
       CASE WHEN p.instalments > 0 THEN greatest(p.overdue, 0)::float8 END AS days_overdue,
       CASE WHEN p.instalments > 0 THEN greatest(p.worst, 0)::float8 END AS days_overdue_12m
FROM crm_facility g CROSS JOIN LATERAL (
    SELECT count(*) AS instalments, coalesce(sum(principal) FILTER (WHERE paid_on <= {day}), 0) AS repaid,
           max({day} - due_on) FILTER (WHERE paid_on IS NULL OR paid_on > {day}) AS overdue,
           max(least(paid_on, {day}) - due_on)
               FILTER (WHERE paid_on IS NULL OR paid_on > ({day} - interval '1 year')::date) AS worst
    FROM crm_payment WHERE facility_id = g.id
) p
WHERE g.id = {facility} AND g.opened_on <= {day} AND (g.closed_on IS NULL OR g.closed_on > {day})
"""


def figures_of(facilities: Collection[int], day: date) -> dict[int, Facts]:
    """The figures of facilities on a day, by metric; those that were not open are left out. One query."""
    own = FIGURES.format(day="%(day)s::date", facility="f.id")
    statement = f"""SELECT f.id, own.* FROM crm_facility f CROSS JOIN LATERAL ({own}) own
        WHERE f.id = ANY(%(ids)s::bigint[])"""  # noqa: S608 - a statement of ours; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(statement, {"day": day, "ids": list(facilities)})
        names = [column.name for column in cursor.description]
        return {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in cursor.fetchall()}
