"""The statement that takes a benchmark of the whole book, see `models.PortfolioBenchmark`.

As with placements by rank, a client belongs to a part when the share of those strictly ahead of it is below the
part's end, so equals fall together. That rises with the value, so least values say it all.
"""

from datetime import datetime
from typing import Any

from tiering.facts.formulas import EPOCH, STEPS
from tiering.facts.records import REVENUES, reckoned

EVERYONE = "IS NOT NULL"


def take(as_of: datetime) -> tuple[str, dict[str, Any]]:
    """A SELECT of one row, and its parameters: the columns of the benchmark as of a moment, but `as_of`."""
    return TAKE, reckoned(as_of)


def _quintiles(value: str) -> str:
    """The four edges between quintiles of the clients of whom the value is known, rising."""
    return f"""coalesce((
        SELECT percentile_disc(ARRAY[0.8, 0.6, 0.4, 0.2]) WITHIN GROUP (ORDER BY {value} DESC) FROM v
    )::float8[], '{{}}')"""  # noqa: S608 - this module, nobody's input


# What came before a client in the order counts as ahead of it. Of equals the first is placed right and each other one
# no better, so the least value that reaches a step is what it would be if they were placed together.
TAKE = f"""
WITH v AS MATERIALIZED ({REVENUES.format(of=EVERYONE)}),
t AS MATERIALIZED (SELECT count(*) AS clients, coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS total FROM v)
SELECT clients, total::float8 AS total_revenue,
       coalesce((
           SELECT array_agg(reached ORDER BY n DESC) FROM (
               SELECT n, min(least) OVER (ORDER BY n) AS reached
               FROM generate_series(0, {STEPS} - 1) AS n LEFT JOIN (
                   SELECT step, min(amount)::float8 AS least FROM (
                       SELECT amount, floor((sum(amount) OVER largest - amount) * {STEPS} / total) AS step
                       FROM v WHERE amount > 0
                       WINDOW largest AS (ORDER BY amount DESC ROWS UNBOUNDED PRECEDING)
                   ) AS ranked GROUP BY step
               ) AS found ON step = n
           ) AS steps WHERE reached IS NOT NULL), '{{}}') AS revenue_steps,
       {_quintiles("amount")} AS monetary_edges,
       {_quintiles("months")} AS frequency_edges,
       {_quintiles(f"last_month - {EPOCH}")} AS recency_edges
FROM t
"""  # noqa: S608
