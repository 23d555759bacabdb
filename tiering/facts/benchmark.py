"""The statement that takes a benchmark of the whole book, see `models.PortfolioBenchmark`.

As with placements by rank, a client belongs to a part when the share of those strictly ahead of it is below the
part's end, so equals fall together. That rises with the value, so least values say it all.
"""

from datetime import datetime
from typing import Any

from tiering.facts.formulas import EPOCH, STEPS
from tiering.facts.records import REVENUES, reckoned

QUINTILES = 5
EVERYONE = "IS NOT NULL"


def take(as_of: datetime) -> tuple[str, dict[str, Any]]:
    """A SELECT of one row, and its parameters: the columns of the benchmark as of a moment, but `as_of`."""
    return TAKE, reckoned(as_of)


def _edges(parts: int, count: int, ranked: str) -> str:
    """The least values of the first `count` of `parts` parts, rising; `ranked` gives each value with its `part`."""
    return f"""coalesce((
        SELECT array_agg(reached ORDER BY n DESC) FROM (
            SELECT n, min(least) OVER (ORDER BY n) AS reached
            FROM generate_series(0, {count} - 1) AS n LEFT JOIN (
                SELECT part, min(value)::float8 AS least FROM ({ranked}) AS ranked GROUP BY part
            ) AS found ON part = n
        ) AS edges WHERE reached IS NOT NULL), '{{}}')"""  # noqa: S608 - this module, nobody's input


def _quintiles(value: str) -> str:
    """The four edges between quintiles of the clients of whom the value is known."""
    ranked = f"""
        SELECT value, (rank() OVER (ORDER BY value DESC) - 1) * {QUINTILES} / count(*) OVER () AS part
        FROM (SELECT {value} AS value FROM v) AS known WHERE value IS NOT NULL"""  # noqa: S608
    return _edges(QUINTILES, QUINTILES - 1, ranked)


_BY_REVENUE = f"""
    SELECT value, floor(coalesce(ahead, 0) * {STEPS} / total) AS part
    FROM (
        SELECT amount AS value, sum(amount) OVER () AS total, sum(amount) OVER (
            ORDER BY amount DESC GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ahead
        FROM v WHERE amount > 0
    ) AS summed"""  # noqa: S608

TAKE = f"""
WITH v AS MATERIALIZED ({REVENUES.format(of=EVERYONE)})
SELECT (SELECT count(*) FROM v) AS clients,
       (SELECT coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::float8 FROM v) AS total_revenue,
       {_edges(STEPS, STEPS, _BY_REVENUE)} AS revenue_steps,
       {_quintiles("amount")} AS monetary_edges,
       {_quintiles("months")} AS frequency_edges,
       {_quintiles(f"last_month - {EPOCH}")} AS recency_edges
"""  # noqa: S608
