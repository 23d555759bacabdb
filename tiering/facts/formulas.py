"""What the records say of each metric of the catalogue: its formula over the aliases of ``records``.

A formula is NULL when something in it is not known or cannot be divided by. A judgement has none: it is observed.
"""


def _over(numerator: str, denominator: str) -> str:
    """A quotient; not known unless the denominator is positive."""
    return f"CASE WHEN {denominator} > 0 THEN {numerator} / {denominator} END"


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
    "revenue_growth": f"{_over('s.revenue', 'b.revenue')} - 1",
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
    "exposure": "a.exposure",
    "credit_limit": "a.credit_limit",
    "utilisation": _over("a.exposure", "a.credit_limit"),
    "products_held": "a.products",
    "registered_capital": "c.registered_capital",
    "client_kind": "c.kind",
    "life_cycle": "c.life_cycle",
    "size_class": "c.size_class",
    "risk_appetite": "c.risk_appetite",
    "demand_level": "c.demand_level",
    "industry_risk": "i.risk_coefficient",
    "region_factor": "r.factor",
    "city_tier": "r.city_tier",
    "relationship_years": (
        "CASE WHEN c.client_since <= %(day)s THEN"
        " (extract(year FROM age(%(day)s::date, c.client_since)) * 12"
        " + extract(month FROM age(%(day)s::date, c.client_since)))::float8 / 12 END"
    ),
    "contacts_12m": "n.contacts",
    "days_since_contact": "n.days_since",
    "project_count": "j.active",
    # The client's largest share of any project's revenue; of the whole portfolio nothing is recorded yet.
    "revenue_contribution": "j.revenue_share",
}
