"""Statements, revenue and credit reports: what comes in later and says otherwise stands beside what was said before."""

from functools import partial

from crm.imports.kinds.records import FIGURES
from crm.imports.records import Records
from crm.imports.refusals import refuse_dates
from crm.imports.resolve import find_clients, find_own_projects
from crm.models import CreditReport, FinancialStatement, Revenue

STATEMENTS = Records(
    model=FinancialStatement,
    counted="statements",
    key={"client_id": "r.client_id", "period_end": "r.period_end"},
    fixed=("client_id", "period_end"),
    columns=("audited", "source", *FIGURES),
    defaults={"audited": "false", "source": "''"},
    also={"created_at": "now()"},
    extra={"client_id": "bigint"},
    resolve=(find_clients,),
    rules=(partial(refuse_dates, about="period_end"),),
    alive="r.span = 'year'",
    restated=True,
)

CREDIT_REPORTS = Records(
    model=CreditReport,
    counted="credit_reports",
    key={"client_id": "r.client_id", "bureau": "r.bureau", "reported_on": "r.reported_on"},
    fixed=("client_id", "bureau", "reported_on"),
    columns=("score", "pd", "rating"),
    defaults={"rating": "''"},
    also={"created_at": "now()"},
    extra={"client_id": "bigint"},
    resolve=(find_clients,),
    rules=(partial(refuse_dates, about="reported_on"),),
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
