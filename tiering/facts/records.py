"""Which records of which clients count on a day: one relation for each kind of record, with a row for each client that
has any.

`{of}` is the choice of clients, as what follows an expression of their id. Parameters: those of `reckoned`;
``statement_age`` and ``report_age`` in days; ``currency``, the book's; ``metrics``, ``ages``, ``numeric`` and
``origins``: the catalogue's columns as arrays; `ranked`, also ``ranks`` (see `precedence`).

Each relation reads its records once, in the order of an index where that saves sorting. What is looked up record by
record (the statement of the year before, the instalments of a facility, the project of a participation) is LATERAL: its
table is much larger than what is wanted of it. What is the same for every row is a parameter, because a statement that
is planned for any parameters would work it out row by row.
"""

from datetime import UTC, date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from tiering.facts.precedence import OF_REPORTS, of_the_record, place


def local_day(as_of: datetime) -> date:
    """The day of a moment where the institution is."""
    return as_of.astimezone(timezone.get_default_timezone()).date()


def reckoned(as_of: datetime) -> dict[str, Any]:
    """What records are held against, by parameter name: ``as_of``, its ``day`` in the institution's ``zone``, the
    moment (``moment_before``) and the day (``day_before``) a year earlier, and the last twelve months that are over,
    from the day ``months_from`` up to but not on ``months_until``."""
    day, year = local_day(as_of), relativedelta(years=1)
    return {
        "as_of": as_of,
        "day": day,
        "zone": timezone.get_default_timezone_name(),
        "moment_before": as_of.astimezone(UTC) - year,
        "day_before": day - year,
        "months_from": day.replace(day=1) - year,
        "months_until": day.replace(day=1),
    }


# c: the client as it is now, with its industry and its region. One that was merged into another has no facts.
CLIENTS = """
SELECT c.*, i.risk_coefficient, i.size_rule, r.factor, r.city_tier
FROM crm_client c
LEFT JOIN crm_industry i ON i.id = c.industry_id
LEFT JOIN crm_region r ON r.id = c.region_id
WHERE c.id {of} AND c.merged_into_id IS NULL
"""

# Nothing that arrived later. As a condition of an index whose last column it is, it would be checked at a higher price.
_ARRIVED = "received_on + 0 <= %(day)s"

_FIGURES = (
    "revenue", "operating_profit", "interest_expense", "net_profit", "operating_cash_flow", "total_assets",
    "current_assets", "inventory", "receivables", "total_liabilities", "current_liabilities", "retained_earnings",
)  # fmt: skip

# s: the latest statement of a full year known on the day, beside the revenue of the one of the year before it. Amounts
# are converted last, and for one statement of a client alone: that is the dearest part of it.
STATEMENTS = f"""
SELECT latest.client_id, latest.id, period_end, {", ".join(f"{figure}::float8" for figure in _FIGURES)},
       (total_assets - total_liabilities)::float8 AS equity, id_before, revenue_before::float8
FROM (
    SELECT DISTINCT ON (client_id) client_id, id, period_end, {", ".join(_FIGURES)}
    FROM crm_financialstatement
    WHERE client_id {{of}} AND received_on <= %(day)s AND period_end >= %(day)s::date - %(statement_age)s::int
    AND span = 'year'
    ORDER BY client_id, period_end DESC, received_on DESC
) AS latest
LEFT JOIN LATERAL (
    SELECT id AS id_before, revenue AS revenue_before FROM crm_financialstatement
    WHERE client_id = latest.client_id AND {_ARRIVED} AND span = 'year'
    AND period_end BETWEEN latest.period_end - 380 AND latest.period_end - 350
    ORDER BY period_end DESC, received_on DESC LIMIT 1
) AS year_before ON true
"""  # noqa: S608 - the names above, nobody's input


def _latest(figure: str, known: str, place: str) -> str:
    """The figure of the latest report that gives it, with that report's id and day; where bureaus have places, of the
    bureau that comes first, with its place."""
    first = f"{place}, " if place else ""
    order = f"ORDER BY {first}reported_on DESC, received_on DESC, id DESC) FILTER (WHERE {known}))[1]"
    columns = {"": figure, "_id": "id", "_on": "reported_on", **({"_place": place} if place else {})}
    return ", ".join(f"(array_agg({column} {order} AS {figure}{suffix}" for suffix, column in columns.items())


def credit_reports(*, ranked: bool) -> str:
    """k: the latest figures of credit bureaus; each from the latest report that gives it, `ranked` from the bureau that
    comes first."""
    known = {"credit_score": "score IS NOT NULL", "pd": "pd IS NOT NULL", "rating": "rating <> ''"}
    figures = ", ".join(
        _latest(OF_REPORTS[metric], condition, place(f"'{metric}'::text", "bureau") if ranked else "")
        for metric, condition in known.items()
    )
    return f"""
SELECT client_id, {figures}
FROM crm_creditreport
WHERE client_id {{of}} AND received_on <= %(day)s AND reported_on >= %(day)s::date - %(report_age)s::int
GROUP BY client_id
"""  # noqa: S608 - the names above, nobody's input


# a: facilities opened by the day and their instalments. An instalment is settled when it is paid or when its facility
# is closed; LEAST passes over NULLs. Instalments that are not due yet give negative days, which formulas cut off.
ACCOUNTS = """
SELECT client_id, coalesce(sum("limit") FILTER (WHERE is_open), 0)::float8 AS credit_limit,
       coalesce(sum(greatest(drawn - repaid, 0)) FILTER (WHERE is_open), 0)::float8 AS exposure,
       count(DISTINCT product) FILTER (WHERE is_open) AS products,
       sum(instalments) AS instalments, max(overdue) AS overdue, max(worst) AS worst
FROM (
    SELECT f.client_id, f."limit", f.drawn, f.product, (f.closed_on IS NULL OR f.closed_on > %(day)s) AS is_open, p.*
    FROM crm_facility f
    CROSS JOIN LATERAL (
        SELECT count(*) AS instalments,
               coalesce(sum(principal) FILTER (WHERE paid_on <= %(day)s), 0) AS repaid,
               max(%(day)s::date - due_on) FILTER (WHERE settled_on > %(day)s) AS overdue,
               max(least(settled_on, %(day)s::date) - due_on) FILTER (WHERE settled_on > %(day_before)s) AS worst
        FROM (
            SELECT principal, due_on, paid_on, least(paid_on, f.closed_on, 'infinity'::date) AS settled_on
            FROM crm_payment WHERE facility_id = f.id
        ) AS instalment
    ) p
    WHERE f.client_id {of} AND f.opened_on <= %(day)s
) AS facility
GROUP BY client_id
"""

# n: contacts logged by the moment.
INTERACTIONS = """
SELECT client_id,
       count(*) FILTER (WHERE at > %(moment_before)s AND kind IN ('meeting', 'call', 'site_visit')) AS contacts,
       %(day)s::date - (max(at) AT TIME ZONE %(zone)s)::date AS days_since
FROM crm_interaction WHERE client_id {of} AND at <= %(as_of)s
GROUP BY client_id
"""

# j: projects the client takes part in on the day.
PARTICIPATIONS = """
SELECT client_id, count(*) FILTER (WHERE status = 'active') AS active,
       max(revenue_share) FILTER (WHERE status <> 'cancelled') AS revenue_share,
       sum(amount) FILTER (WHERE status IN ('proposed', 'approved') AND currency = %(currency)s) AS pipeline
FROM (
    SELECT client_id, project_id, max(revenue_share) AS revenue_share
    FROM crm_participation
    WHERE client_id {of} AND (since IS NULL OR since <= %(day)s) AND (until IS NULL OR until > %(day)s)
    GROUP BY client_id, project_id
) AS m
CROSS JOIN LATERAL (SELECT status, amount, currency FROM crm_project WHERE id = m.project_id LIMIT 1) AS p
GROUP BY client_id
"""

# v: what the client brought in, by months that are over; of figures that were restated the one received last.
REVENUES = f"""
SELECT client_id, coalesce(sum(amount) FILTER (WHERE is_recent), 0) AS amount,
       count(DISTINCT month) FILTER (WHERE is_recent AND is_earned) AS months,
       max(month) FILTER (WHERE is_earned) AS last_month
FROM (
    SELECT DISTINCT ON (client_id, month, project_id, source) client_id, month, amount, amount > 0 AS is_earned,
           month >= %(months_from)s AS is_recent
    FROM crm_revenue
    WHERE client_id {{of}} AND {_ARRIVED} AND month < %(months_until)s
    ORDER BY client_id, month, project_id, source, received_on DESC
) AS known
GROUP BY client_id
"""  # noqa: S608

_AS_LATE = """observed_on >= coalesce(
               CASE WHEN origin = 'statement' THEN s.period_end WHEN metric = 'credit_score' THEN k.score_on
                    WHEN metric = 'pd' THEN k.pd_on WHEN metric = 'rating' THEN k.rating_on END,
               '-infinity')"""


def observations(*, ranked: bool) -> str:
    """o: the latest observation of each metric, unless it is too old or a later record replaces it: the values by
    metric, those of the institution's own metrics apart, with the ids and the days of the observations.

    `ranked`: the latest of the source that comes first and is not too old, unless the records come before it. The joins
    are FULL as those of `derivation`; whoever has no observation is left out by a condition that does not tell the
    planner so, and so is a metric that nobody was observed by. That an observation is of no project must not look like
    a way to find it: nearly all of the table are.
    """
    first = fresh = placed = record = ""
    stands = _AS_LATE
    if ranked:
        first = f"{place('o.metric', 'o.source')}, "
        fresh = "AND (m.age IS NULL OR o.observed_on >= %(day)s::date - m.age)"
        placed = f", {place('o.metric', 'o.source')} AS place"
        record = "LEFT JOIN crm_client c ON c.id = coalesce(latest.client_id, s.client_id, k.client_id)"
        stands = f"""CASE WHEN place >= 0 AND place < {of_the_record()} THEN true
                    WHEN place > {of_the_record()} THEN false ELSE {_AS_LATE} END"""
    return f"""
SELECT client_id,
       jsonb_object_agg(metric, given) FILTER (WHERE counts AND origin <> 'custom') AS given,
       jsonb_object_agg(metric, given) FILTER (WHERE counts AND origin = 'custom') AS custom,
       jsonb_object_agg(metric, id) FILTER (WHERE counts) AS ids,
       jsonb_object_agg(metric, observed_on) FILTER (WHERE counts) AS days
FROM (
    SELECT coalesce(latest.client_id, s.client_id, k.client_id) AS client_id, metric, given, latest.id, observed_on,
           origin, (age IS NULL OR observed_on >= %(day)s::date - age) AND {stands} AS counts
    FROM (
        SELECT DISTINCT ON (o.client_id, m.place) o.client_id, o.metric, o.id, o.observed_on, m.age, m.origin{placed},
               CASE WHEN m.is_number THEN to_jsonb(o.value) ELSE to_jsonb(o.text) END AS given
        FROM (
            SELECT * FROM crm_observation
            WHERE client_id {{of}} AND coalesce(project_id, 0) = 0 AND received_on <= %(day)s
        ) AS o
        FULL JOIN (
            SELECT *
            FROM unnest(%(metrics)s::text[], %(ages)s::int[], %(numeric)s::bool[], %(origins)s::text[]) WITH ORDINALITY
            UNION ALL
            SELECT key, max_age_days, type = 'number', 'custom', -id FROM crm_custommetric
            WHERE key <> ALL(%(metrics)s::text[])
        ) AS m (metric, age, is_number, origin, place) ON m.metric = o.metric
        WHERE coalesce(o.id, 0) <> 0 AND coalesce(m.place, 0) <> 0 {fresh}
        AND CASE WHEN m.is_number THEN o.value > '-Infinity' AND o.value < 'Infinity' ELSE o.text <> '' END
        ORDER BY o.client_id, m.place, {first}o.observed_on DESC, o.received_on DESC, o.id DESC
    ) AS latest
    FULL JOIN s ON s.client_id = latest.client_id
    FULL JOIN k ON k.client_id = coalesce(latest.client_id, s.client_id)
    {record}
    WHERE coalesce(latest.id, 0) <> 0
) AS observed
GROUP BY client_id
"""  # noqa: S608 - the catalogue and this package, nobody's input


# q: the latest benchmark of the book; of an empty book nothing is known. The long array is put together anew, so that
# it is not unpacked for every client.
BENCHMARK = """
SELECT total_revenue, nullif(revenue_steps || '{}'::float8[], '{}') AS revenue_steps,
       nullif(monetary_edges, '{}') AS monetary_edges, nullif(frequency_edges, '{}') AS frequency_edges,
       nullif(recency_edges, '{}') AS recency_edges
FROM tiering_portfoliobenchmark WHERE as_of <= %(as_of)s ORDER BY as_of DESC LIMIT 1
"""
