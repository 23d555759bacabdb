"""Facts of clients within projects, derived for many clients at once.

* A client takes part from `since` (empty: always did) until the day before `until`. A cancelled project counts for
  nobody; in a completed one the parts are what they were.
* Several parts of one client in one project are one subject: the part that binds it most closely, and its largest
  recorded share.
* Who else takes part decides shares and ranks, so the others are read too, but no row comes out for them.
* An observation counts within the project that it names: the latest, or that of the source which comes first by the
  declared orders (`precedence`). It goes before what records say, until it is too old; one of a judgement that is also
  made of clients as a whole goes before that too (`reading`).
* Parts, projects and reference data are as they are now where they carry no dates.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings

from crm.selectors.sources import declared_ranks
from tiering.core.catalogue import OBSERVED_IN_PROJECTS
from tiering.core.metrics_project import OF_THE_PROJECT, PARTS
from tiering.facts.precedence import place
from tiering.facts.records import local_day

PROJECT_COLUMNS: tuple[str, ...] = tuple(OBSERVED_IN_PROJECTS)
"""The metrics that `derive_projects` gives, in order."""

FORMULAS: dict[str, str] = {
    "project_revenue_12m": "s.revenue",
    "project_revenue_share": "s.share",
    "project_revenue_cumulative": "s.ahead",
    "project_revenue_rank": "s.rank",
    "project_part": "s.part",
    "project_amount": "CASE WHEN p.currency = %(currency)s THEN p.amount END",
    "project_status": "p.status",
    "project_es_category": "p.es_category",
    "project_industry_risk": "i.risk_coefficient",
    "project_region_factor": "r.factor",
}
"""What the records say of each metric; a judgement and a cover ratio have no formula: they are observed."""


def derive_projects(clients: Sequence[int], as_of: datetime) -> tuple[str, dict[str, Any]]:
    """A SELECT with a row for each of the clients and each project it takes part in, and its parameters.

    Columns: ``client_id``, ``project_id``, each of ``PROJECT_COLUMNS`` (double precision or text), and those of
    ``ProjectFacts``: ``values`` (jsonb, what is known), ``sources``, ``dates``, and ``content_hash``, SHA-256 over the
    values. Parameters are prefixed so that the statement can stand beside that of ``derive``.
    """
    metrics, day, ranks = OBSERVED_IN_PROJECTS.values(), local_day(as_of), declared_ranks()
    this_month = day.replace(day=1)
    return _statement(bool(ranks)), {
        **({"ranks": json.dumps(ranks)} if ranks else {}),
        "within_clients": list(clients),
        "within_day": day,
        "within_from": this_month - relativedelta(years=1),
        "within_until": this_month,
        "within_parts": list(PARTS),
        "within_shared": sorted(OF_THE_PROJECT),
        "within_metrics": [metric.key for metric in metrics],
        "within_ages": [metric.max_age_days for metric in metrics],
        "within_numeric": [metric.is_number for metric in metrics],
        "currency": settings.CURRENCY,
    }


@cache
def _statement(ranked: bool) -> str:
    columns = ", ".join(f"{_value(key)} AS {key}" for key in PROJECT_COLUMNS)
    return f"""
SELECT client_id, project_id, {", ".join(PROJECT_COLUMNS)}, "values", sources, dates,
       encode(sha256(convert_to("values"::text, 'UTF8')), 'hex') AS content_hash
FROM (
    SELECT found.*, jsonb_strip_nulls(jsonb_build_object({_listed("found")})) AS "values"
    FROM (
        WITH {_RECORDS}, {_observed(ranked)}, {_SHARES}
        SELECT s.client_id, s.project_id, {columns},
               jsonb_strip_nulls(jsonb_build_object('observation', nullif({_both("ids")}, '{{}}'))) AS sources,
               {_both("days")} AS dates
        FROM share s
        JOIN crm_project p ON p.id = s.project_id
        LEFT JOIN crm_industry i ON i.id = p.industry_id
        LEFT JOIN crm_region r ON r.id = p.region_id
        LEFT JOIN observed o ON (o.project_id, o.owner) = (s.project_id, s.client_id)
        LEFT JOIN observed a ON (a.project_id, a.owner) = (s.project_id, 0)
        WHERE s.client_id = ANY(%(within_clients)s::bigint[])
        OFFSET 0
    ) AS found
    OFFSET 0
) AS derived
"""  # noqa: S608 - the catalogue and this module, nobody's input


# part: who takes part on the day in the projects of the clients. earned: what each client brought in within each of
# these projects, and all of them together; of two figures of a source for a month the one received last counts.
_RECORDS = """
wanted AS MATERIALIZED (
    SELECT DISTINCT m.project_id FROM crm_participation m JOIN crm_project p ON p.id = m.project_id
    WHERE m.client_id = ANY(%(within_clients)s::bigint[]) AND p.status <> 'cancelled'
), part AS (
    SELECT client_id, project_id, max(revenue_share) AS recorded,
           (array_agg(part ORDER BY array_position(%(within_parts)s::text[], part::text)))[1] AS part
    FROM crm_participation
    WHERE project_id IN (SELECT project_id FROM wanted)
    AND (since IS NULL OR since <= %(within_day)s) AND (until IS NULL OR until > %(within_day)s)
    GROUP BY client_id, project_id
), earned AS (
    SELECT client_id, project_id, revenue, sum(greatest(revenue, 0)) OVER (PARTITION BY project_id) AS total
    FROM (
        SELECT client_id, project_id, coalesce(sum(amount) FILTER (WHERE month >= %(within_from)s), 0) AS revenue
        FROM (
            SELECT DISTINCT ON (client_id, project_id, month, source) client_id, project_id, month, amount
            FROM crm_revenue
            WHERE project_id IN (SELECT project_id FROM wanted)
            AND received_on <= %(within_day)s AND month < %(within_until)s
            ORDER BY client_id, project_id, month, source, received_on DESC
        ) AS latest
        GROUP BY client_id, project_id
    ) AS summed
)"""

# Summed as numeric: exact, so that it does not matter in which order Postgres comes upon the rows.
_SHARES = """
portion AS (
    SELECT t.client_id, t.project_id, t.part, e.revenue,
           coalesce(o.project_revenue_share, t.recorded,
                    CASE WHEN e.total > 0 THEN (greatest(e.revenue, 0) / e.total)::float8 END) AS share
    FROM part t
    LEFT JOIN earned e USING (client_id, project_id)
    LEFT JOIN observed o ON (o.project_id, o.owner) = (t.project_id, t.client_id)
), share AS (
    SELECT client_id, project_id, part, revenue, share,
           CASE WHEN share IS NOT NULL THEN rank() OVER largest END AS rank,
           CASE WHEN share IS NOT NULL THEN coalesce(sum(share::numeric) OVER (
               largest GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) END AS ahead
    FROM portion WINDOW largest AS (PARTITION BY project_id ORDER BY share DESC NULLS LAST)
)"""


def _observed(ranked: bool) -> str:
    """The observation of each metric that counts within each project; its owner is 0 where it counts for everyone."""
    first = f"{place('metric', 'source')}, " if ranked else ""
    picks = ", ".join(
        f"max({'value' if metric.is_number else 'text'}) FILTER (WHERE metric = '{key}') AS {key}"
        for key, metric in OBSERVED_IN_PROJECTS.items()
    )
    return f"""
observed AS (
    SELECT project_id, owner, {picks}, jsonb_object_agg(metric, id) AS ids,
           jsonb_object_agg(metric, observed_on) AS days
    FROM (
        SELECT DISTINCT ON (project_id, owner, metric) project_id, owner, metric, value, text, id, observed_on
        FROM (
            SELECT *, CASE WHEN metric = ANY(%(within_shared)s::text[]) THEN 0 ELSE client_id END AS owner
            FROM crm_observation
            WHERE project_id IN (SELECT project_id FROM wanted) AND received_on <= %(within_day)s
        ) AS o
        JOIN unnest(%(within_metrics)s::text[], %(within_ages)s::int[], %(within_numeric)s::bool[])
             AS m (metric, age, is_number) USING (metric)
        WHERE CASE WHEN is_number THEN value > '-Infinity' AND value < 'Infinity' ELSE text <> '' END
        AND (age IS NULL OR observed_on >= %(within_day)s::date - age)
        ORDER BY project_id, owner, metric, {first}observed_on DESC, received_on DESC, id DESC
    ) AS latest
    GROUP BY project_id, owner
)"""  # noqa: S608 - keys of the catalogue


def _value(key: str) -> str:
    """The observed value, else what the records say."""
    observed = f"{'a' if key in OF_THE_PROJECT else 'o'}.{key}"
    formula = FORMULAS.get(key, "NULL")
    if OBSERVED_IN_PROJECTS[key].is_number:
        return f"coalesce({observed}, ({formula})::float8)"
    return f"nullif(coalesce({observed}, ({formula})::text), '')"


def _listed(alias: str) -> str:
    return ", ".join(f"'{key}', {alias}.{key}" for key in PROJECT_COLUMNS)


def _both(column: str) -> str:
    """What is kept of the client's observations and of those that count for everyone, as one object."""
    return f"coalesce(o.{column}, '{{}}') || coalesce(a.{column}, '{{}}')"
