"""The statement that derives the facts of many clients at once."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from django.utils import timezone

from tiering.core.catalogue import CLIENT_METRICS
from tiering.core.metric import Metric
from tiering.facts import records
from tiering.facts.formulas import FORMULAS

COLUMNS: tuple[str, ...] = tuple(CLIENT_METRICS)
"""The metrics that have a column."""

STORED: tuple[str, ...] = (*COLUMNS, "sources", "dates", "custom", "content_hash")
"""The columns that `derive` gives beside ``client_id``, all of them columns of ``Facts``."""

CLOCK_STEPS: dict[str, int] = {"relationship_years": 1, "days_since_contact": 30}
"""Metrics that move by the mere passing of time, and the step from which the move alone is worth a new row.

Between steps the stored value stays, unless something else changes or the assessment would come out differently:
history costs what changes, not what time passes.
"""


def local_day(as_of: datetime) -> date:
    """The day of a moment where the institution is."""
    return as_of.astimezone(timezone.get_default_timezone()).date()


def derive(clients: Sequence[int], as_of: datetime) -> tuple[str, dict[str, Any]]:
    """A SELECT with a row for each of the clients, and its parameters.

    Columns: ``client_id``, each metric of the catalogue (double precision or text), ``sources`` (see ``provenance``),
    and ``content_hash``, SHA-256 over the values.
    """
    return _statement(), {**_catalogue(), "clients": list(clients), "as_of": as_of, "day": local_day(as_of)}


@cache
def _statement() -> str:
    values = ", ".join(f"({_value(metric)}) AS {key}" for key, metric in CLIENT_METRICS.items())
    hashed = f"encode(sha256(convert_to(ROW({', '.join(COLUMNS)}, custom)::text, 'UTF8')), 'hex')"
    return f"""
SELECT client_id, {", ".join(COLUMNS)}, sources, dates, custom, {hashed} AS content_hash FROM (
    SELECT c.id AS client_id, {values}, {SOURCES} AS sources, {DATES} AS dates,
           coalesce(o.custom, '{{}}'::jsonb) AS custom
    FROM crm_client c {_joins()}
    WHERE c.id = ANY(%(clients)s::bigint[])
    OFFSET 0
) AS derived
"""  # noqa: S608 - the catalogue and this package, nobody's input


SOURCES = """jsonb_strip_nulls(jsonb_build_object(
    'statement', s.id, 'statement_before', b.id, 'observation', o.ids,
    'credit_score', k.score_id, 'pd', k.pd_id, 'rating', k.rating_id))"""

DATES = """jsonb_strip_nulls(jsonb_build_object(
    'statement', s.period_end, 'observation', o.days,
    'credit_score', k.score_on, 'pd', k.pd_on, 'rating', k.rating_on))"""


def _value(metric: Metric) -> str:
    """The observed value, else what the records say."""
    formula = FORMULAS.get(metric.key, "NULL")
    if metric.is_number:
        return f"coalesce(o.{metric.key}, ({formula})::float8)"
    return f"nullif(coalesce(o.{metric.key}, ({formula})::text), '')"


def _joins() -> str:
    numbers = [key for key, metric in CLIENT_METRICS.items() if metric.is_number]
    categories = [key for key, metric in CLIENT_METRICS.items() if not metric.is_number]
    return "".join(
        (
            records.PROFILE,
            records.STATEMENTS,
            records.CREDIT_REPORTS,
            records.ACCOUNTS,
            records.INTERACTIONS,
            records.PARTICIPATIONS,
            records.observations(numbers, categories),
        )
    )


def _catalogue() -> dict[str, Any]:
    metrics = CLIENT_METRICS.values()
    return {
        "zone": timezone.get_default_timezone_name(),
        "statement_age": CLIENT_METRICS["leverage"].max_age_days,
        "report_age": CLIENT_METRICS["credit_score"].max_age_days,
        "metrics": [metric.key for metric in metrics],
        "ages": [metric.max_age_days for metric in metrics],
        "numeric": [metric.is_number for metric in metrics],
        "origins": [metric.source for metric in metrics],
    }
