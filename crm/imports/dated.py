"""Statements, revenue and credit reports: what comes in later and says otherwise stands beside what was said before."""

from functools import partial

from crm.imports.kinds.records import FIGURES
from crm.imports.records import Records, Rule
from crm.imports.refusals import refuse_dates
from crm.imports.resolve import find_clients, find_own_projects
from crm.models import CreditReport, FinancialStatement, Revenue

# As by hand (`crm.core.statement_checks`): by more than what rounding explains, a thousandth.
BALANCES = Rule(
    code="unbalanced",
    field="equity",
    where="abs(n.total_assets - n.total_liabilities - n.equity) > abs(n.total_assets) / 1000 + 2",
    params="""jsonb_build_object('difference',
        trim_scale(n.total_assets - n.total_liabilities - n.equity)::text)""",
)

STATEMENTS = Records(
    model=FinancialStatement,
    counted="statements",
    key={"client_id": "r.client_id", "period_end": "r.period_end", "span": "r.span"},
    prepare={"span": "coalesce(span, 'year')"},
    fixed=("client_id", "period_end", "span"),
    columns=("audited", "source", *FIGURES),
    defaults={"audited": "false", "source": "''"},
    also={"created_at": "now()"},
    extra={"client_id": "bigint"},
    resolve=(find_clients,),
    rules=(partial(refuse_dates, about="period_end"), BALANCES),
    restated=True,
)

CREDIT_REPORTS = Records(
    model=CreditReport,
    counted="credit_reports",
    key={"client_id": "r.client_id", "bureau": "r.bureau", "reported_on": "r.reported_on"},
    fixed=("client_id", "bureau", "reported_on"),
    columns=("score", "pd", "rating", "reference", "negative_items", "negative_note"),
    defaults=dict.fromkeys(("rating", "reference", "negative_note"), "''"),
    also={"created_at": "now()"},
    extra={"client_id": "bigint"},
    resolve=(find_clients,),
    rules=(
        partial(refuse_dates, about="reported_on"),
        Rule(
            code="no_whole_number",
            field="negative_items",
            where="n.negative_items <> floor(n.negative_items)",
        ),
    ),
    restated=True,
)

REVENUE = Records(
    model=Revenue,
    counted="revenue",
    key={
        "client_id": "r.client_id",
        "project_id": "r.project_id",
        "month": "r.month",
        "source": "r.source",
    },
    open=("project_id",),
    fixed=("client_id", "project", "month", "source"),
    columns=("amount",),
    prepare={"source": "coalesce(source, '')"},
    also={"created_at": "now()"},
    extra={"client_id": "bigint", "project_id": "bigint"},
    resolve=(find_clients, find_own_projects),
    rules=(partial(refuse_dates, about="month"),),
    restated=True,
)
