"""The statement that derives the facts of many clients at once."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings

from crm.selectors.sources import declared_ranks
from tiering.core.catalogue import CLIENT_METRICS
from tiering.core.metric import Metric
from tiering.facts import records
from tiering.facts.formulas import FORMULAS, OF_OTHER_METRICS
from tiering.facts.records import reckoned

COLUMNS: tuple[str, ...] = tuple(CLIENT_METRICS)
"""The metrics that have a column."""

STORED: tuple[str, ...] = (*COLUMNS, "sources", "dates", "custom", "content_hash")
"""The columns that `derive` gives beside ``client_id``, all of them columns of ``Facts``."""

CLOCK_STEPS: dict[str, int] = {"relationship_years": 1, "days_since_contact": 30, "recency_days": 30}
"""Metrics that move by the mere passing of time, and the step from which the move alone is worth a new row.

Between steps the stored value stays, unless something else changes or the assessment would come out differently:
history costs what changes, not what time passes.
"""


def derive(clients: Sequence[int] | range, as_of: datetime) -> tuple[str, dict[str, Any]]:
    """A SELECT with a row for each of the clients, and its parameters. A `range` chooses whoever has an id in it.

    Columns: ``client_id``, each metric of a client (double precision or text), ``sources`` and ``dates`` (see
    ``provenance`` and ``ages``), ``custom``, the known values of the institution's own metrics, and ``content_hash``,
    SHA-256 over the values.
    """
    params, ranks = {**_catalogue(), **reckoned(as_of)}, declared_ranks()
    if ranks:
        params["ranks"] = json.dumps(ranks)
    if isinstance(clients, range) and clients.step == 1:
        return _statement(IN_RANGE, bool(ranks)), {**params, "first": clients.start, "stop": clients.stop}
    return _statement(LISTED, bool(ranks)), {**params, "clients": list(clients)}


LISTED = "= ANY(%(clients)s::bigint[])"
IN_RANGE = "BETWEEN %(first)s::bigint AND %(stop)s::bigint - 1"

_JOINS = {
    "a": records.ACCOUNTS,
    "n": records.INTERACTIONS,
    "j": records.PARTICIPATIONS,
    "v": records.REVENUES,
}

IDS = {
    "statement": "s.id", "statement_before": "s.id_before", "observation": "o.ids",
    "credit_score": "k.score_id", "pd": "k.pd_id", "rating": "k.rating_id",
}  # fmt: skip
"""The records behind the values, by their key in ``sources``."""

_NAMED = ", ".join(f"'{key}': id_of_{key}" for key in IDS)
SOURCES = f"json_object({_NAMED} ABSENT ON NULL RETURNING jsonb)"

DATES = """json_object(
    'statement': s.period_end, 'observation': o.days,
    'credit_score': k.score_on, 'pd': k.pd_on, 'rating': k.rating_on ABSENT ON NULL RETURNING jsonb)"""


@cache
def _statement(of: str, ranked: bool) -> str:
    """Every relation of `records` joined by client: FULL, because then only hashing or merging can carry it out,
    whatever the statistics say; a nested loop over two sets of thousands would take minutes.

    Nothing fences the hash, the dearest of the columns, nor the sources: a query around this one has them only of the
    rows that it keeps.
    """
    values = ", ".join(f"({_value(metric)}) AS {key}" for key, metric in CLIENT_METRICS.items())
    joins = "".join(
        f"FULL JOIN ({relation.format(of=of)}) AS {alias} ON {alias}.client_id = c.id\n"
        for alias, relation in {**_JOINS, "o": records.observations(ranked=ranked)}.items()
    )
    completed = ", ".join(OF_OTHER_METRICS.get(key, key) + f" AS {key}" for key in COLUMNS)
    ids = ", ".join(f"{column} AS id_of_{key}" for key, column in IDS.items())
    passed = ", ".join(f"id_of_{key}" for key in IDS)
    hashed = f"encode(sha256(convert_to(ROW({', '.join(COLUMNS)}, custom)::text, 'UTF8')), 'hex')"
    return f"""
SELECT client_id, {", ".join(COLUMNS)}, {SOURCES} AS sources, dates, custom, {hashed} AS content_hash FROM (
    SELECT client_id, {completed}, {passed}, dates, custom FROM (
        WITH s AS MATERIALIZED ({records.STATEMENTS.format(of=of)}),
        k AS MATERIALIZED ({records.credit_reports(ranked=ranked).format(of=of)}),
        q AS MATERIALIZED ({records.BENCHMARK})
        SELECT c.id AS client_id, {values}, {ids}, {DATES} AS dates,
               coalesce(o.custom, '{{}}'::jsonb) AS custom
        FROM ({records.CLIENTS.format(of=of)}) AS c
        FULL JOIN s ON s.client_id = c.id
        FULL JOIN k ON k.client_id = c.id
        {joins}
        OFFSET 0
    ) AS recorded
    OFFSET 0
) AS derived
"""  # noqa: S608 - the catalogue and this package, nobody's input


def _value(metric: Metric) -> str:
    """The observed value, else what the records say."""
    formula, observed = FORMULAS.get(metric.key, "NULL"), f"o.given ->> '{metric.key}'"
    if metric.is_number:
        return f"coalesce(({observed})::float8, ({formula})::float8)"
    return f"coalesce({observed}, nullif(({formula})::text, ''))"


def _catalogue() -> dict[str, Any]:
    metrics = CLIENT_METRICS.values()
    return {
        "currency": settings.CURRENCY,
        "statement_age": CLIENT_METRICS["leverage"].max_age_days,
        "report_age": CLIENT_METRICS["credit_score"].max_age_days,
        "metrics": [metric.key for metric in metrics],
        "ages": [metric.max_age_days for metric in metrics],
        "numeric": [metric.is_number for metric in metrics],
        "origins": [metric.source for metric in metrics],
    }
