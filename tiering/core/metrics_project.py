"""Metrics of a client within one project: what it brings in there, what part it plays, and what the project is.

They are known only where a project is the subject. Their keys begin with ``project_``.
"""

from collections.abc import Mapping
from functools import partial

from tiering.core import metric
from tiering.core.metric import Metric
from tiering.core.metrics_client import JUDGEMENT_AGE
from tiering.core.metrics_credit import REPORT_AGE
from tiering.core.texts import N_

number = partial(metric.number, scope="project")
category = partial(metric.category, scope="project")

PARTS: Mapping[str, str] = {
    "borrower": N_("Borrower"),
    "sponsor": N_("Sponsor"),
    "guarantor": N_("Guarantor"),
    "contractor": N_("Contractor"),
    "offtaker": N_("Off-taker"),
}
"""Label by part, the one that binds the client most closely first."""

CONTRIBUTION: tuple[Metric, ...] = (
    number(
        "project_revenue_12m",
        N_("Contribution to the project in 12 months"),
        "money",
        "higher",
        "revenue",
        None,
        N_(
            "Sum of what the client brought us within the project in the last 12 full calendar months. Not known "
            "without a single month on record."
        ),
    ),
    number(
        "project_revenue_share",
        N_("Share of project revenue"),
        "fraction",
        "higher",
        "revenue",
        None,
        N_(
            "The share recorded with the client's part in the project; where none is, its revenue within the project "
            "in the last 12 full calendar months ÷ that of all clients there. A negative revenue counts as 0."
        ),
    ),
    number(
        "project_revenue_cumulative",
        N_("Cumulative share of project revenue"),
        "fraction",
        "lower",
        "revenue",
        None,
        N_(
            "Sum of the shares of those who take part with a larger share of the project's revenue: 0 for the largest."
        ),
    ),
    number(
        "project_revenue_rank",
        N_("Rank by project revenue"),
        "count",
        "lower",
        "revenue",
        None,
        N_("1 for the largest share of the project's revenue; equals share the better rank."),
    ),
)

STANDING: tuple[Metric, ...] = (
    category(
        "project_part",
        N_("Part in the project"),
        "neutral",
        "project",
        None,
        N_(
            "What the client is in the project; of several parts the first of borrower, sponsor, guarantor, contractor "
            "and off-taker."
        ),
        PARTS,
    ),
    number(
        "project_risk_capacity",
        N_("Capacity to bear risk in the project"),
        "grade",
        "higher",
        "judgement",
        JUDGEMENT_AGE,
        N_(
            "What losses of the project the client can carry, graded from 1 (none) to 5 (all) by observation within "
            "the project, with evidence."
        ),
    ),
    number(
        "project_market_influence",
        N_("Market influence in the project"),
        "grade",
        "higher",
        "judgement",
        JUDGEMENT_AGE,
        N_(
            "Standing in the project's market, graded from 1 (marginal) to 5 (leading) by observation within the "
            "project, with evidence."
        ),
    ),
)

COVER: tuple[Metric, ...] = (
    number(
        "project_dscr",
        N_("Debt service cover of the project (DSCR)"),
        "multiple",
        "higher",
        "observation",
        REPORT_AGE,
        N_(
            "Cash that the project has for debt service ÷ interest and principal due, the lowest period. Observed "
            "within the project; the latest value counts for everyone who takes part."
        ),
    ),
    number(
        "project_llcr",
        N_("Loan life cover of the project (LLCR)"),
        "multiple",
        "higher",
        "observation",
        REPORT_AGE,
        N_(
            "Present value of the project's cash for debt service over the life of the loan ÷ debt outstanding. "
            "Observed within the project; the latest value counts for everyone who takes part."
        ),
    ),
)

PROFILE: tuple[Metric, ...] = (
    number(
        "project_amount",
        N_("Financing amount of the project"),
        "money",
        "neutral",
        "project",
        None,
        N_("What is or may be financed, in the book's currency. Not known in another currency."),
    ),
    category(
        "project_status",
        N_("Status of the project"),
        "neutral",
        "project",
        None,
        N_("How far the project is."),
        {
            "proposed": N_("Proposed"),
            "approved": N_("Approved"),
            "active": N_("Active"),
            "completed": N_("Completed"),
        },
    ),
    category(
        "project_es_category",
        N_("Environmental and social category"),
        "neutral",
        "project",
        None,
        N_(
            "A has significant effects, B limited and C minimal ones; FI is financed through an intermediary."
        ),
        {key: key for key in ("A", "B", "C", "FI", "FI-1", "FI-2", "FI-3", "Other")},
    ),
    number(
        "project_industry_risk",
        N_("Risk coefficient of the project's industry"),
        "multiple",
        "lower",
        "reference",
        None,
        N_("Coefficient of the project's industry; 1 is the average, above 1 is riskier."),
    ),
    number(
        "project_region_factor",
        N_("Factor of the project's region"),
        "multiple",
        "higher",
        "reference",
        None,
        N_("Factor of the country or region the project lies in; 1 is the average, above 1 is stronger."),
    ),
)

PROJECT: tuple[Metric, ...] = (*CONTRIBUTION, *STANDING, *COVER, *PROFILE)

OF_THE_PROJECT = frozenset(found.key for found in COVER)
"""What is true of the project whoever observed it: an observation with any of its clients counts for all."""
