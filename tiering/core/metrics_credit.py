"""Metrics of a client's finances and credit: statements, bureau reports, repayment and facilities.

The formula of a derived metric stands in its help text; the statements that derive facts follow it.
"""

from tiering.core.metric import Metric, category, number
from tiering.core.texts import N_

STATEMENT_AGE = 550
REPORT_AGE = 365
ACCOUNT_AGE = 45

STATEMENT: tuple[Metric, ...] = (
    number(
        "leverage",
        N_("Leverage"),
        "fraction",
        "lower",
        "statement",
        STATEMENT_AGE,
        N_("Total liabilities ÷ total assets. Above 1, equity is negative."),
    ),
    number(
        "debt_to_equity",
        N_("Debt to equity"),
        "multiple",
        "lower",
        "statement",
        STATEMENT_AGE,
        N_(
            "Total liabilities ÷ equity. Not known when equity is zero or negative; leverage shows that case."
        ),
    ),
    number(
        "current_ratio",
        N_("Current ratio"),
        "multiple",
        "higher",
        "statement",
        STATEMENT_AGE,
        N_("Current assets ÷ current liabilities."),
    ),
    number(
        "quick_ratio",
        N_("Quick ratio"),
        "multiple",
        "higher",
        "statement",
        STATEMENT_AGE,
        N_("(Current assets − inventories) ÷ current liabilities."),
    ),
    number(
        "operating_margin",
        N_("Operating margin"),
        "fraction",
        "higher",
        "statement",
        STATEMENT_AGE,
        N_("Operating profit ÷ revenue."),
    ),
    number(
        "net_margin",
        N_("Net margin"),
        "fraction",
        "higher",
        "statement",
        STATEMENT_AGE,
        N_("Net profit ÷ revenue."),
    ),
    number(
        "roe",
        N_("Return on equity"),
        "fraction",
        "higher",
        "statement",
        STATEMENT_AGE,
        N_("Net profit ÷ equity. Not known when equity is zero or negative."),
    ),
    number(
        "roa",
        N_("Return on assets"),
        "fraction",
        "higher",
        "statement",
        STATEMENT_AGE,
        N_("Net profit ÷ total assets."),
    ),
    number(
        "interest_cover",
        N_("Interest cover"),
        "multiple",
        "higher",
        "statement",
        STATEMENT_AGE,
        N_(
            "Earnings before interest and tax ÷ interest expense. Not known when there is no interest expense."
        ),
    ),
    number(
        "cash_flow_margin",
        N_("Cash flow margin"),
        "fraction",
        "higher",
        "statement",
        STATEMENT_AGE,
        N_("Cash flow from operations ÷ revenue."),
    ),
    number(
        "receivable_days",
        N_("Receivable days"),
        "days",
        "lower",
        "statement",
        STATEMENT_AGE,
        N_("Trade receivables ÷ revenue × 365."),
    ),
    number(
        "asset_turnover",
        N_("Asset turnover"),
        "multiple",
        "higher",
        "statement",
        STATEMENT_AGE,
        N_("Revenue ÷ total assets."),
    ),
    number(
        "revenue",
        N_("Revenue"),
        "money",
        "higher",
        "statement",
        STATEMENT_AGE,
        N_("Revenue of the latest full year."),
    ),
    number(
        "total_assets",
        N_("Total assets"),
        "money",
        "higher",
        "statement",
        STATEMENT_AGE,
        N_("Total assets at the latest balance sheet date."),
    ),
    number(
        "revenue_growth",
        N_("Revenue growth"),
        "fraction",
        "higher",
        "statement",
        STATEMENT_AGE,
        N_("Revenue of the latest year ÷ revenue of the year before − 1."),
    ),
    number(
        "altman_z2",
        N_("Altman Z″"),
        "points",
        "higher",
        "statement",
        STATEMENT_AGE,
        N_(
            "6.56 × working capital ÷ total assets + 3.26 × retained earnings ÷ total assets + 6.72 × earnings "
            "before interest and tax ÷ total assets + 1.05 × equity ÷ total liabilities."
        ),
    ),
)

COVER: tuple[Metric, ...] = (
    number(
        "dscr",
        N_("Debt service cover (DSCR)"),
        "multiple",
        "higher",
        "observation",
        REPORT_AGE,
        N_(
            "Cash available for debt service ÷ interest and principal due, the lowest period, from the financing model "
            "or the covenant certificate."
        ),
    ),
    number(
        "llcr",
        N_("Loan life cover (LLCR)"),
        "multiple",
        "higher",
        "observation",
        REPORT_AGE,
        N_(
            "Present value of the cash available for debt service over the life of the loan ÷ debt outstanding, from "
            "the financing model."
        ),
    ),
)

CREDIT: tuple[Metric, ...] = (
    number(
        "credit_score",
        N_("Credit score"),
        "points",
        "higher",
        "credit_report",
        REPORT_AGE,
        N_("Score of the latest credit bureau report, on the bureau's own scale."),
    ),
    number(
        "pd",
        N_("Probability of default"),
        "fraction",
        "lower",
        "credit_report",
        REPORT_AGE,
        N_("Probability of default within one year."),
    ),
    category(
        "rating",
        N_("Credit rating"),
        "higher",
        "credit_report",
        REPORT_AGE,
        N_("Latest external or internal rating, without + and − modifiers."),
        {grade: grade for grade in ("AAA", "AA", "A", "BBB", "BB", "B", "CCC", "CC", "C", "D")},
    ),
)

ACCOUNT: tuple[Metric, ...] = (
    number(
        "days_overdue",
        N_("Days overdue"),
        "days",
        "lower",
        "repayment",
        ACCOUNT_AGE,
        N_("Days the oldest unpaid instalment is overdue today; 0 when nothing is overdue."),
    ),
    number(
        "days_overdue_12m",
        N_("Worst days overdue in 12 months"),
        "days",
        "lower",
        "repayment",
        ACCOUNT_AGE,
        N_("Largest number of days overdue at any time in the last 12 months."),
    ),
    number(
        "exposure",
        N_("Exposure"),
        "money",
        "neutral",
        "facility",
        ACCOUNT_AGE,
        N_("Outstanding amount over all facilities of the client."),
    ),
    number(
        "credit_limit",
        N_("Credit limit"),
        "money",
        "neutral",
        "facility",
        ACCOUNT_AGE,
        N_("Sum of the limits of all facilities in force."),
    ),
    number(
        "utilisation",
        N_("Limit utilisation"),
        "fraction",
        "lower",
        "facility",
        ACCOUNT_AGE,
        N_("Exposure ÷ credit limit. Not known when there is no limit."),
    ),
    number(
        "products_held",
        N_("Products held"),
        "count",
        "higher",
        "facility",
        ACCOUNT_AGE,
        N_("Number of different products in use."),
    ),
)
