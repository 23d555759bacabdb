"""What cases say of their clients, as metrics that criteria may read: dated observations of metrics of its own."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from dateutil.relativedelta import relativedelta
from django.db import connection, transaction

from crm.models import CustomMetric
from crm.signals import records_changed
from funnel.selectors.rates import rates_on

SOURCE: Final = "funnel"
LOOKS_BACK: Final = relativedelta(years=3)
"""Outcomes older than that say nothing of the client any more."""


@dataclass(frozen=True)
class Told:
    """A metric that cases tell; `sql` gives it from the cases `c` of a client, None where they do not tell it."""

    label_en: str
    label_zh: str
    unit: CustomMetric.Unit
    direction: CustomMetric.Direction
    sql: str


WON = "count(*) FILTER (WHERE s.outcome = 'won' AND c.entered_stage_at >= %(since)s)"
LOST = "count(*) FILTER (WHERE s.outcome = 'lost' AND c.entered_stage_at >= %(since)s)"
METRICS: Final = {
    "open_case_amount": Told(
        "Amount of open cases",
        "在办融资项目金额",
        CustomMetric.Unit.MONEY,
        CustomMetric.Direction.HIGHER,
        "coalesce(sum(c.amount * r.rate) FILTER (WHERE s.outcome = 'open'), 0)",
    ),
    "cases_won": Told(
        "Cases approved in three years",
        "三年内批准的融资项目数",
        CustomMetric.Unit.COUNT,
        CustomMetric.Direction.HIGHER,
        WON,
    ),
    "cases_lost": Told(
        "Cases declined in three years",
        "三年内淘汰的融资项目数",
        CustomMetric.Unit.COUNT,
        CustomMetric.Direction.LOWER,
        LOST,
    ),
    "case_conversion": Told(
        "Share of cases approved in three years",
        "三年内融资项目批准率",
        CustomMetric.Unit.FRACTION,
        CustomMetric.Direction.HIGHER,
        f"({WON})::float8 / nullif({WON} + {LOST}, 0)",
    ),
}
"""By key. Amounts are in the book's currency by the rates of the day; one without a rate is left out."""

FEED = f"""
WITH rates AS (SELECT key AS currency, value::numeric AS rate FROM jsonb_each_text(%(rates)s::jsonb)),
asked AS (
    SELECT key FROM crm_custommetric WHERE key = ANY(%(metrics)s) AND retired_at IS NULL
),
told AS (
    SELECT c.client_id, {", ".join(f"({one.sql})::float8 AS {key}" for key, one in METRICS.items())}
    FROM funnel_case c JOIN funnel_stage s ON s.id = c.stage_id LEFT JOIN rates r ON r.currency = c.currency
    WHERE c.dissolved_by_id IS NULL AND (%(clients)s::bigint[] IS NULL OR c.client_id = ANY(%(clients)s))
    GROUP BY c.client_id
),
wanted AS (
    SELECT t.client_id, m.metric, m.value FROM told t
    CROSS JOIN LATERAL (VALUES {", ".join(f"('{key}', t.{key})" for key in METRICS)}) AS m (metric, value)
    WHERE m.value IS NOT NULL AND m.metric IN (SELECT key FROM asked)
)
INSERT INTO crm_observation (client_id, metric, value, text, observed_on, received_on, source, created_at)
SELECT w.client_id, w.metric, w.value, '', %(day)s, %(day)s, %(source)s, clock_timestamp()
FROM wanted w
LEFT JOIN LATERAL (
    SELECT o.value FROM crm_observation o
    WHERE o.client_id = w.client_id AND o.metric = w.metric AND o.source = %(source)s AND o.project_id IS NULL
    ORDER BY o.observed_on DESC LIMIT 1
) AS last ON true
WHERE last.value IS DISTINCT FROM w.value
ORDER BY w.client_id, w.metric
ON CONFLICT (client_id, metric, observed_on, source, received_on, project_id) DO UPDATE SET value = excluded.value
"""  # noqa: S608 - the keys and expressions above
"""In one order, so that two that tell of the same clients at once do not wait for each other."""


@transaction.atomic(savepoint=False)
def feed(*, day: date, clients: Collection[int] | None = None) -> int:
    """Record what the cases of these clients (None: of all) tell on a day, where it is not what was told last; how many
    values. Whoever has no case is told nothing of; a metric that was retired is left alone. Two statements."""
    _declare()
    rates = {currency: str(rate) for currency, rate in rates_on(day).items()}
    with connection.cursor() as cursor:
        cursor.execute(
            FEED,
            {
                "rates": json.dumps(rates),
                "metrics": list(METRICS),
                "clients": None if clients is None else sorted(clients),
                "day": day,
                "since": day - LOOKS_BACK,
                "source": SOURCE,
            },
        )
        written = cursor.rowcount
    if written:
        records_changed()
    return written


def _declare() -> None:
    """Have the metrics that cases tell; looked at first, because a case is moved far more often than one is missing."""
    missing = METRICS.keys() - set(CustomMetric.objects.filter(key__in=METRICS).values_list("key", flat=True))
    CustomMetric.objects.bulk_create(
        [
            CustomMetric(
                key=key, label_en=one.label_en, label_zh=one.label_zh, unit=one.unit, direction=one.direction
            )
            for key, one in METRICS.items()
            if key in missing
        ],
        ignore_conflicts=True,
    )
