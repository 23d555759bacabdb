"""What the records say of each metric of the catalogue: its formula over the aliases of ``records``.

A formula is NULL when something in it is not known or cannot be divided by. A judgement has none: it is observed.
"""

from collections.abc import Sequence

from tiering.core.size_classes import size_class_sql

EPOCH = "date '1970-01-01'"
STEPS = 1000
"""Into how many parts of the portfolio's revenue a benchmark divides the clients."""


def _over(numerator: str, denominator: str) -> str:
    """A quotient; not known unless the denominator is positive."""
    return f"CASE WHEN {denominator} > 0 THEN {numerator} / {denominator} END"


def _quintile(value: str, edges: str) -> str:
    """From 1 to 5; not known without a value or a benchmark."""
    return f"1 + width_bucket(({value})::float8, (SELECT {edges} FROM q))"  # noqa: S608 - names of this module


def _known(metrics: Sequence[str]) -> str:
    """The share of the metrics that are known."""
    return f"num_nonnulls({', '.join(metrics)})::float8 / {len(metrics)}"


STEPS_REACHED = "(SELECT revenue_steps FROM q)"
SIZE_CLASS = size_class_sql("c.size_rule", "c.employees", "s.revenue", "s.total_assets")

_SINCE = "age(%(day)s::timestamp, c.client_since::timestamp)"

FORMULAS: dict[str, str] = {
    "leverage": _over("s.total_liabilities", "s.total_assets"),
    "debt_to_equity": _over("s.total_liabilities", "s.equity"),
    "current_ratio": _over("s.current_assets", "s.current_liabilities"),
    "quick_ratio": _over("(s.current_assets - s.inventory)", "s.current_liabilities"),
    "operating_margin": _over("s.operating_profit", "s.revenue"),
    "net_margin": _over("s.net_profit", "s.revenue"),
    "roe": _over("s.net_profit", "s.equity"),
    "roa": _over("s.net_profit", "s.total_assets"),
    "interest_cover": _over("s.operating_profit", "s.interest_expense"),
    "cash_flow_margin": _over("s.operating_cash_flow", "s.revenue"),
    "receivable_days": f"{_over('s.receivables', 's.revenue')} * 365",
    "asset_turnover": _over("s.revenue", "s.total_assets"),
    "revenue": "s.revenue",
    "total_assets": "s.total_assets",
    "revenue_growth": f"{_over('s.revenue', 's.revenue_before')} - 1",
    "altman_z2": (
        "CASE WHEN s.total_assets > 0 AND s.total_liabilities > 0 THEN"
        " 6.56 * ((s.current_assets - s.current_liabilities) / s.total_assets)"
        " + 3.26 * (s.retained_earnings / s.total_assets)"
        " + 6.72 * (s.operating_profit / s.total_assets)"
        " + 1.05 * (s.equity / s.total_liabilities) END"
    ),
    "credit_score": "k.score",
    "pd": "k.pd",
    "rating": "k.rating",
    # Without a single instalment on record nothing is known of how the client pays.
    "days_overdue": "CASE WHEN a.instalments > 0 THEN greatest(a.overdue, 0) END",
    "days_overdue_12m": "CASE WHEN a.instalments > 0 THEN greatest(a.worst, 0) END",
    "exposure": "coalesce(a.exposure, 0)",
    "credit_limit": "coalesce(a.credit_limit, 0)",
    "utilisation": _over("a.exposure", "a.credit_limit"),
    "products_held": "coalesce(a.products, 0)",
    "registered_capital": "c.registered_capital",
    "client_kind": "c.kind",
    "life_cycle": "c.life_cycle",
    "client_status": "c.status",
    "employees": "c.employees",
    "size_class": f"coalesce({SIZE_CLASS}, c.size_class)",
    "risk_appetite": "c.risk_appetite",
    "demand_level": "c.demand_level",
    "industry_risk": "c.risk_coefficient",
    "region_factor": "c.factor",
    "city_tier": "c.city_tier",
    "relationship_years": (
        "CASE WHEN c.client_since <= %(day)s THEN"
        f" (date_part('year', {_SINCE}) * 12 + date_part('month', {_SINCE})) / 12 END"
    ),
    "contacts_12m": "coalesce(n.contacts, 0)",
    "days_since_contact": "n.days_since",
    "project_count": "coalesce(j.active, 0)",
    "pipeline_amount": "coalesce(j.pipeline, 0)",
    "revenue_contribution": "j.revenue_share",
    "revenue_12m": "v.amount",
    "frequency_12m": "v.months",
    "recency_days": "%(day)s::date - (v.last_month + interval '1 month - 1 day')::date",
    "portfolio_share": (
        "CASE WHEN (SELECT total_revenue FROM q) > 0 AND v.amount IS NOT NULL"
        " THEN greatest(v.amount, 0)::float8 / (SELECT total_revenue FROM q) END"
    ),
    "cumulative_share": f"({STEPS} - width_bucket(v.amount::float8, {STEPS_REACHED}))::float8 / {STEPS}",
    "recency_quintile": _quintile(f"v.last_month - {EPOCH}", "recency_edges"),
    "frequency_quintile": _quintile("v.months", "frequency_edges"),
    "monetary_quintile": _quintile("v.amount", "monetary_edges"),
}

FED_OF_ALL = (
    "risk_appetite", "demand_level", "region_factor", "city_tier", "relationship_years", "credit_score", "pd",
    "rating", "days_overdue",
)  # fmt: skip
FED_OF_A_PERSON = (*FED_OF_ALL, "net_worth", "annual_income")
FED_OF_A_COMPANY = (
    *FED_OF_ALL, "registered_capital", "life_cycle", "size_class", "industry_risk", "leverage", "current_ratio",
    "quick_ratio", "operating_margin", "net_margin", "cash_flow_margin", "receivable_days", "asset_turnover",
    "revenue", "total_assets", "revenue_growth", "altman_z2",
)  # fmt: skip

OF_OTHER_METRICS: dict[str, str] = {
    "data_completeness": (
        "coalesce(data_completeness, CASE client_kind"
        f" WHEN 'individual' THEN {_known(FED_OF_A_PERSON)} ELSE {_known(FED_OF_A_COMPANY)} END)"
    ),
}
"""Metrics that follow from other metrics, observed ones included, instead of from records."""
