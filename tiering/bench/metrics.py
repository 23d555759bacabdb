"""A table of metrics and nothing else: what the method reads, a column of double precision each."""

from collections.abc import Iterator
from typing import Any, Final

from django.db import connection

from tiering.bench.criteria import DIMENSIONS, Edges
from tiering.bench.rows import execute
from tiering.core.document import Document

TABLE: Final = "bench_metrics"
KNOWN: Final = 0.95
"""The share of values that are known."""
SEED: Final = 0.42

# What only conditions read, over a number from 0 to 1.
OTHERS: Final = {
    "exposure": "1e5 * 10 ^ (3 * {})",
    "industry_risk": "0.5 + 1.03 * {}",
    "project_count": "floor(41.5 * {})",
    "receivable_days": "306 * {}",
    "registered_capital": "1e6 * 10 ^ (4 * {})",
    "revenue": "1e6 * 10 ^ (4 * {})",
    "total_assets": "1e6 * 10 ^ (4 * {})",
}


def make_metrics(document: Document, clients: int) -> None:
    """CREATE the table, the same at each call: every client is of some quality, which its values follow by halves."""
    columns = ", ".join(f"({_column(metric)})::float8 AS {metric}" for metric in sorted(document.metrics))
    execute(f"DROP TABLE IF EXISTS {TABLE}")
    execute(f"SELECT setseed({SEED})")
    execute(
        f"CREATE TABLE {TABLE} AS SELECT client_id, {columns} FROM ("  # noqa: S608 - names of the catalogue
        "SELECT client_id::bigint, random() AS quality FROM generate_series(1, %(clients)s) AS client_id OFFSET 0"
        ") AS client",
        {"clients": clients},
    )
    execute(f"ALTER TABLE {TABLE} ADD PRIMARY KEY (client_id)")
    execute(f"VACUUM ANALYZE {TABLE}")


def sample(clients: int) -> list[dict[str, Any]]:
    """The rows of the first clients."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {TABLE} WHERE client_id <= %s ORDER BY client_id", [clients])  # noqa: S608
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def scales() -> Iterator[tuple[str, Edges, bool]]:
    """The metrics of the indicators, with the edges between their bands and whether less is better."""
    for indicators in DIMENSIONS.values():
        for metric, (edges, lower_is_better, _) in indicators.items():
            yield metric, edges, lower_is_better


def _column(metric: str) -> str:
    if metric == "total_assets":
        return OTHERS[metric].format("random()")
    drawn = OTHERS[metric].format("random()") if metric in OTHERS else _drawn(metric)
    return f"CASE WHEN random() < {KNOWN} THEN {drawn} END"


def _drawn(metric: str) -> str:
    """A value from somewhat below the first edge to a little beyond the last."""
    edges, lower_is_better = next((edges, lower) for key, edges, lower in scales() if key == metric)
    width = edges[-1] - edges[0]
    least = edges[0] - 0.4 * width
    least = max(least, 0.0) if edges[0] >= 0 else least
    share = "(0.5 * quality + 0.5 * random())"
    return f"{least} + {edges[-1] + 0.12 * width - least} * {f'(1 - {share})' if lower_is_better else share}"
