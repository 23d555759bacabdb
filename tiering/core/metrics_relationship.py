"""Metrics of how the relationship goes: contacts, projects, what the client brings in, its part of the whole book."""

from tiering.core.metric import Metric, number
from tiering.core.metrics_client import JUDGEMENT_AGE
from tiering.core.texts import N_

RELATIONSHIP: tuple[Metric, ...] = (
    number(
        "relationship_years",
        N_("Length of relationship"),
        "years",
        "higher",
        "profile",
        None,
        N_("Years since the relationship began."),
    ),
    number(
        "contacts_12m",
        N_("Contacts in 12 months"),
        "count",
        "higher",
        "interaction",
        None,
        N_("Number of meetings, calls and visits logged in the last 12 months."),
    ),
    number(
        "days_since_contact",
        N_("Days since last contact"),
        "days",
        "lower",
        "interaction",
        None,
        N_("Days since the latest logged interaction."),
    ),
    number(
        "project_count",
        N_("Projects"),
        "count",
        "higher",
        "project",
        None,
        N_("Number of active projects the client takes part in."),
    ),
    number(
        "pipeline_amount",
        N_("Pipeline amount"),
        "money",
        "higher",
        "project",
        None,
        N_(
            "Sum of the financing amounts, in the book's currency, of proposed and approved projects that the client "
            "takes part in."
        ),
    ),
    number(
        "satisfaction",
        N_("Satisfaction"),
        "grade",
        "higher",
        "observation",
        JUDGEMENT_AGE,
        N_("The client's satisfaction with us by its own answer, from 1 (low) to 5 (high)."),
    ),
    number(
        "revenue_contribution",
        N_("Revenue contribution"),
        "fraction",
        "higher",
        "revenue",
        None,
        N_("The largest share that the client has in the revenue of any of its projects to us."),
    ),
)

REVENUE: tuple[Metric, ...] = (
    number(
        "revenue_12m",
        N_("Revenue from the client in 12 months"),
        "money",
        "higher",
        "revenue",
        None,
        N_(
            "Sum of what the client brought us in the last 12 full calendar months. Not known without a single month "
            "on record."
        ),
    ),
    number(
        "frequency_12m",
        N_("Months with revenue"),
        "count",
        "higher",
        "revenue",
        None,
        N_("Number of the last 12 full calendar months in which the client brought us revenue above zero."),
    ),
    number(
        "recency_days",
        N_("Days since last revenue"),
        "days",
        "lower",
        "revenue",
        None,
        N_("Days since the end of the latest month in which the client brought us revenue above zero."),
    ),
)

PORTFOLIO: tuple[Metric, ...] = (
    number(
        "portfolio_share",
        N_("Share of portfolio revenue"),
        "fraction",
        "higher",
        "revenue",
        None,
        N_(
            "Revenue from the client in 12 months ÷ that of all clients together, their total as of the latest "
            "benchmark of the book. A negative revenue counts as 0."
        ),
        scope="portfolio",
    ),
    number(
        "cumulative_share",
        N_("Cumulative share of portfolio revenue"),
        "fraction",
        "lower",
        "revenue",
        None,
        N_(
            "Share of the portfolio's revenue that clients with more revenue than this one bring, by the latest "
            "benchmark of the book, in steps of 0.001: 0 for the largest client."
        ),
        scope="portfolio",
    ),
    number(
        "recency_quintile",
        N_("Recency quintile"),
        "grade",
        "higher",
        "revenue",
        None,
        N_(
            "5 for the fifth of clients whose latest month with revenue is the latest, down to 1, by the latest "
            "benchmark of the book. Equals share the better quintile."
        ),
        scope="portfolio",
    ),
    number(
        "frequency_quintile",
        N_("Frequency quintile"),
        "grade",
        "higher",
        "revenue",
        None,
        N_(
            "5 for the fifth of clients with the most months with revenue, down to 1, by the latest benchmark of the "
            "book. Equals share the better quintile."
        ),
        scope="portfolio",
    ),
    number(
        "monetary_quintile",
        N_("Monetary quintile"),
        "grade",
        "higher",
        "revenue",
        None,
        N_(
            "5 for the fifth of clients with the most revenue in 12 months, down to 1, by the latest benchmark of the "
            "book. Equals share the better quintile."
        ),
        scope="portfolio",
    ),
)
