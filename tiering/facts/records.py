"""Which records of a client count on a day, as lateral joins on ``c`` (crm_client).

Parameters: ``day``, the as-of day in the institution's time zone; ``as_of``, the moment; ``zone``; ``statement_age``
and ``report_age`` in days; ``metrics``, ``ages``, ``numeric`` and ``origins``: the catalogue's columns as arrays.
"""

PROFILE = """
LEFT JOIN crm_industry i ON i.id = c.industry_id
LEFT JOIN crm_region r ON r.id = c.region_id
"""

_STATEMENT_FIGURES = (
    "revenue", "operating_profit", "interest_expense", "net_profit", "operating_cash_flow", "total_assets",
    "current_assets", "inventory", "receivables", "total_liabilities", "current_liabilities", "retained_earnings",
)  # fmt: skip

# s: the latest statement known on the day; b: the one of the year before it.
STATEMENTS = f"""
LEFT JOIN LATERAL (
    SELECT id, period_end, {", ".join(f"{figure}::float8" for figure in _STATEMENT_FIGURES)},
           (total_assets - total_liabilities)::float8 AS equity
    FROM crm_financialstatement
    WHERE client_id = c.id AND received_on <= %(day)s
    ORDER BY period_end DESC, received_on DESC LIMIT 1
) s ON s.period_end >= %(day)s::date - %(statement_age)s::int
LEFT JOIN LATERAL (
    SELECT id, revenue::float8 FROM crm_financialstatement
    WHERE client_id = c.id AND received_on <= %(day)s
    AND period_end BETWEEN s.period_end - 380 AND s.period_end - 350
    ORDER BY period_end DESC, received_on DESC LIMIT 1
) b ON true
"""  # noqa: S608 - the names above, nobody's input


def _latest(figure: str, known: str) -> str:
    """The figure of the latest report that gives it, with that report's id and day."""
    order = f"ORDER BY reported_on DESC, received_on DESC, id DESC) FILTER (WHERE {known}))[1]"
    return ", ".join(
        f"(array_agg({column} {order} AS {figure}{suffix}"
        for column, suffix in ((figure, ""), ("id", "_id"), ("reported_on", "_on"))
    )


# k: the latest figures of credit bureaus; each from the latest report that gives it.
CREDIT_REPORTS = f"""
LEFT JOIN LATERAL (
    SELECT {_latest("score", "score IS NOT NULL")}, {_latest("pd", "pd IS NOT NULL")},
           {_latest("rating", "rating <> ''")}
    FROM crm_creditreport
    WHERE client_id = c.id AND received_on <= %(day)s
    AND reported_on >= %(day)s::date - %(report_age)s::int
) k ON true
"""  # noqa: S608

# a: facilities opened by the day and their instalments. An instalment is settled when it is paid or when its facility
# is closed; LEAST passes over NULLs. Instalments that are not due yet give negative days, which formulas cut off.
ACCOUNTS = """
LEFT JOIN LATERAL (
    SELECT coalesce(sum(f."limit") FILTER (WHERE f.is_open), 0)::float8 AS credit_limit,
           coalesce(sum(greatest(f.drawn - f.repaid, 0)) FILTER (WHERE f.is_open), 0)::float8 AS exposure,
           count(DISTINCT f.product) FILTER (WHERE f.is_open) AS products,
           sum(f.instalments) AS instalments, max(f.overdue) AS overdue, max(f.worst) AS worst
    FROM (
        SELECT f."limit", f.drawn, f.product, (f.closed_on IS NULL OR f.closed_on > %(day)s) AS is_open, p.*
        FROM crm_facility f
        CROSS JOIN LATERAL (
            SELECT count(*) AS instalments,
                   coalesce(sum(principal) FILTER (WHERE paid_on <= %(day)s), 0) AS repaid,
                   max(%(day)s::date - due_on) FILTER (WHERE settled_on > %(day)s) AS overdue,
                   max(least(settled_on, %(day)s::date) - due_on) FILTER (
                       WHERE settled_on > %(day)s::date - interval '1 year') AS worst
            FROM (
                SELECT principal, due_on, paid_on, least(paid_on, f.closed_on, 'infinity'::date) AS settled_on
                FROM crm_payment WHERE facility_id = f.id
            ) AS instalment
        ) p
        WHERE f.client_id = c.id AND f.opened_on <= %(day)s
    ) f
) a ON true
"""

# n: contacts logged by the moment.
INTERACTIONS = """
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE kind IN ('meeting', 'call', 'site_visit')
                            AND at > %(as_of)s::timestamptz - interval '1 year') AS contacts,
           %(day)s::date - (max(at) AT TIME ZONE %(zone)s)::date AS days_since
    FROM crm_interaction WHERE client_id = c.id AND at <= %(as_of)s
) n ON true
"""

# j: projects the client takes part in on the day.
PARTICIPATIONS = """
LEFT JOIN LATERAL (
    SELECT count(DISTINCT p.id) FILTER (WHERE p.status = 'active') AS active,
           max(m.revenue_share) FILTER (WHERE p.status <> 'cancelled') AS revenue_share
    FROM crm_participation m JOIN crm_project p ON p.id = m.project_id
    WHERE m.client_id = c.id AND (m.since IS NULL OR m.since <= %(day)s) AND (m.until IS NULL OR m.until > %(day)s)
) j ON true
"""


def observations(numbers: list[str], categories: list[str]) -> str:
    """o: the latest observation of each metric, unless it is too old or a later record replaces it."""
    picks = [f"max(value) FILTER (WHERE metric = '{key}') AS {key}" for key in numbers]
    picks += [f"max(text) FILTER (WHERE metric = '{key}') AS {key}" for key in categories]
    return f"""
LEFT JOIN LATERAL (
    SELECT {", ".join(picks)}, jsonb_object_agg(metric, id) AS ids, jsonb_object_agg(metric, observed_on) AS days,
           jsonb_object_agg(metric, coalesce(to_jsonb(value), to_jsonb(text))) FILTER (WHERE origin = 'custom') AS custom
    FROM (
        SELECT DISTINCT ON (o.metric) o.metric, o.value, o.text, o.id, o.observed_on, m.age, m.origin
        FROM crm_observation o
        JOIN (
            SELECT * FROM unnest(%(metrics)s::text[], %(ages)s::int[], %(numeric)s::bool[], %(origins)s::text[])
            UNION ALL
            SELECT key, max_age_days, type = 'number', 'custom' FROM crm_custommetric
            WHERE key <> ALL(%(metrics)s::text[])
        ) AS m (metric, age, is_number, origin) ON m.metric = o.metric
        WHERE o.client_id = c.id AND o.project_id IS NULL AND o.received_on <= %(day)s
        AND CASE WHEN m.is_number THEN o.value > '-Infinity' AND o.value < 'Infinity' ELSE o.text <> '' END
        ORDER BY o.metric, o.observed_on DESC, o.received_on DESC, o.id DESC
    ) latest
    WHERE (age IS NULL OR observed_on >= %(day)s::date - age)
    AND observed_on >= coalesce(
        CASE WHEN origin = 'statement' THEN s.period_end WHEN metric = 'credit_score' THEN k.score_on
             WHEN metric = 'pd' THEN k.pd_on WHEN metric = 'rating' THEN k.rating_on END, '-infinity')
) o ON true
"""  # noqa: S608 - keys of the catalogue
