"""What the sources of a client say of each metric, in SQL for any number of clients: observations, credit bureaus, the
latest statement, the client's record.

Where several say something of the same time (`SourceOrder.days_apart`) and not alike (`tolerance`), sources differ.
Records older than their metric allows say nothing, and decisions between sources are none themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from crm.core.sources import DECIDED, RECORD, STATEMENT
from crm.models.sources import DAYS_APART, TOLERANCE
from tiering.core.catalogue import CLIENT_METRICS
from tiering.facts import records
from tiering.facts.formulas import FORMULAS
from tiering.facts.precedence import OF_REPORTS, OF_STATEMENTS, OF_THE_RECORD


def told_at(at: datetime, of: str) -> tuple[str, dict[str, Any]]:
    """A SELECT of what each source of the clients says by then, and its parameters; `of` chooses the clients, as what
    follows an expression of their id.

    Columns: ``client_id``, ``metric``, ``source``, ``kind`` and ``record`` (the kind of the record and its id),
    ``number`` or ``text``, ``observed_on``. Of observations the latest of each source, and of a metric that nobody
    observed what credit bureaus say.
    """
    metrics = CLIENT_METRICS.values()
    params = {
        **records.reckoned(at),
        "currency": settings.CURRENCY,
        "statement_age": CLIENT_METRICS["leverage"].max_age_days,
        "report_age": CLIENT_METRICS["credit_score"].max_age_days,
        "metrics": [metric.key for metric in metrics],
        "ages": [metric.max_age_days for metric in metrics],
        "numeric": [metric.is_number for metric in metrics],
        "decided": DECIDED,
    }
    return TOLD.format(
        of=of,
        statements=records.STATEMENTS.format(of=of),
        of_statements=_values(OF_STATEMENTS),
        of_the_record=_values(OF_THE_RECORD),
        of_reports=_values(tuple(OF_REPORTS), {key: f"k.{name}" for key, name in OF_REPORTS.items()}),
    ), params


def _values(metrics: tuple[str, ...], formulas: Mapping[str, str] = FORMULAS) -> str:
    return ", ".join(
        f"('{key}', ({formulas[key]})::float8, NULL::text)"
        if CLIENT_METRICS[key].is_number
        else f"('{key}', NULL::float8, nullif(({formulas[key]})::text, ''))"
        for key in metrics
    )


# What statements and the client's record say is looked at for metrics that somebody observed: without, nothing differs.
TOLD: Final = f"""
WITH observed AS (
    SELECT DISTINCT ON (o.client_id, o.metric, o.source) o.client_id, o.metric, o.source, o.id, o.observed_on,
           CASE WHEN m.is_number THEN o.value END AS number, CASE WHEN NOT m.is_number THEN o.text END AS text
    FROM crm_observation o
    JOIN (SELECT * FROM unnest(%(metrics)s::text[], %(ages)s::int[], %(numeric)s::bool[])
          UNION ALL SELECT key, max_age_days, type = 'number' FROM crm_custommetric WHERE key <> ALL(%(metrics)s::text[])
    ) AS m (metric, age, is_number) ON m.metric = o.metric
    WHERE o.client_id {{of}} AND o.project_id IS NULL AND o.received_on <= %(day)s AND o.source <> %(decided)s
    AND (m.age IS NULL OR o.observed_on >= %(day)s::date - m.age)
    AND CASE WHEN m.is_number THEN o.value > '-Infinity' AND o.value < 'Infinity' ELSE o.text <> '' END
    ORDER BY o.client_id, o.metric, o.source, o.observed_on DESC, o.received_on DESC, o.id DESC
), several AS (SELECT DISTINCT client_id, metric FROM observed
), s AS ({{statements}}
), bureau AS (
    SELECT DISTINCT ON (k.client_id, t.metric, k.bureau) k.client_id, t.metric, k.bureau, k.id, k.reported_on,
           t.number, t.text
    FROM crm_creditreport k CROSS JOIN LATERAL (VALUES {{of_reports}}) AS t (metric, number, text)
    WHERE k.client_id {{of}} AND k.received_on <= %(day)s AND k.reported_on >= %(day)s::date - %(report_age)s::int
    AND (t.number IS NOT NULL OR t.text <> '')
    ORDER BY k.client_id, t.metric, k.bureau, k.reported_on DESC, k.received_on DESC, k.id DESC
)
SELECT client_id, metric, source, 'observation' AS kind, id AS record, number, text, observed_on FROM observed
UNION ALL SELECT client_id, metric, bureau, 'credit_report', id, number, text, reported_on FROM bureau
UNION ALL SELECT s.client_id, t.metric, '{STATEMENT}', 'statement', s.id, t.number, t.text, s.period_end
FROM s CROSS JOIN LATERAL (VALUES {{of_statements}}) AS t (metric, number, text)
JOIN several USING (client_id, metric) WHERE t.number IS NOT NULL OR t.text IS NOT NULL
UNION ALL SELECT c.id, t.metric, '{RECORD}', 'record', NULL, t.number, t.text, NULL
FROM crm_client c CROSS JOIN LATERAL (VALUES {{of_the_record}}) AS t (metric, number, text)
JOIN several ON several.client_id = c.id AND several.metric = t.metric
WHERE c.id {{of}} AND c.merged_into_id IS NULL AND (t.number IS NOT NULL OR t.text IS NOT NULL)
"""  # noqa: S608 - the catalogue and constants of ours

# What is of the same time, by client and metric, and whether it differs. `place` is that of the source (see
# `crm.core.sources`).
BY_METRIC: Final = f"""
SELECT client_id, metric,
       jsonb_agg(jsonb_build_object('source', source, 'kind', kind, 'record', record,
           'value', coalesce(to_jsonb(number), to_jsonb(text)), 'on', observed_on)
           ORDER BY observed_on DESC NULLS LAST, source) AS told,
       coalesce(max(number) - min(number) > max(tolerance) * greatest(abs(max(number)), abs(min(number))), false)
           OR coalesce(min(text) <> max(text), false) AS differs,
       min(place) AS first, bool_or(source = 'override') AS governed
FROM (
    SELECT told.*, coalesce(own.tolerance, rest.tolerance, {TOLERANCE}) AS tolerance,
           coalesce(own.days_apart, rest.days_apart, {DAYS_APART}) AS apart, {{place}} AS place,
           max(observed_on) OVER (PARTITION BY client_id, told.metric) AS newest
    FROM told
    LEFT JOIN crm_sourceorder own ON own.metric = told.metric
    LEFT JOIN crm_sourceorder rest ON rest.metric = ''
) AS timed
WHERE observed_on IS NULL OR observed_on >= newest - apart
GROUP BY client_id, metric HAVING count(*) > 1
"""  # noqa: S608 - constants of ours


@dataclass(frozen=True)
class Told:
    """What a source says of a metric: a number or the key of a category, on a day (None: as the record stands)."""

    source: str
    kind: str
    record: int | None
    value: float | str
    on: str | None


def read_told(told: list[dict[str, Any]]) -> list[Told]:
    return [Told(**one) for one in told]


def in_force(told: list[Told], sources: Mapping[str, Any], metric: str) -> Told | None:
    """Which of the values the facts in force rest on, given `Facts.sources`; None where it is another one."""
    observed = sources.get("observation", {}).get(metric)
    if observed:
        return next((one for one in told if one.kind == "observation" and one.record == observed), None)
    record = sources.get("statement" if metric in OF_STATEMENTS else metric)
    return next((one for one in told if one.kind != "observation" and one.record == record), None)
