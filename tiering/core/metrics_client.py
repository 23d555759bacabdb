"""Metrics of who the client is, and of its industry and place."""

from tiering.core.metric import Metric, category, number
from tiering.core.texts import N_

JUDGEMENT_AGE = 365

PROFILE: tuple[Metric, ...] = (
    number(
        "registered_capital",
        N_("Registered capital"),
        "money",
        "higher",
        "profile",
        None,
        N_("Registered capital, in the book's currency."),
    ),
    category(
        "client_kind",
        N_("Kind of client"),
        "neutral",
        "profile",
        None,
        N_("Whether the client is a company, a public or financial institution, or a person."),
        {"corporate": N_("Corporate"), "institution": N_("Institution"), "individual": N_("Individual")},
    ),
    category(
        "life_cycle",
        N_("Life-cycle stage"),
        "neutral",
        "profile",
        JUDGEMENT_AGE,
        N_("Stage of the client's business."),
        {
            "start_up": N_("Start-up"),
            "growth": N_("Growth"),
            "mature": N_("Mature"),
            "decline": N_("Decline"),
        },
    ),
    category(
        "client_status",
        N_("Client status"),
        "neutral",
        "profile",
        None,
        N_("Whether the client is a prospect, does business with us, or has gone quiet."),
        {"potential": N_("Potential"), "active": N_("Active"), "dormant": N_("Dormant")},
    ),
    number(
        "employees",
        N_("Employees"),
        "count",
        "neutral",
        "profile",
        None,
        N_("Number of people the client employs."),
    ),
    category(
        "size_class",
        N_("Size class"),
        "neutral",
        "profile",
        JUDGEMENT_AGE,
        N_(
            "Size by the official classification of the client's industry from its employees, revenue and total "
            "assets; where these or the industry's rule are not known, the class in the client's profile."
        ),
        {"large": N_("Large"), "medium": N_("Medium"), "small": N_("Small"), "micro": N_("Micro")},
    ),
    category(
        "risk_appetite",
        N_("Risk appetite"),
        "neutral",
        "profile",
        JUDGEMENT_AGE,
        N_("How much risk the client seeks."),
        {
            "conservative": N_("Conservative"),
            "balanced": N_("Balanced"),
            "aggressive": N_("Aggressive"),
        },
    ),
    category(
        "demand_level",
        N_("Level of demand"),
        "higher",
        "profile",
        JUDGEMENT_AGE,
        N_("How far the client's financing needs reach."),
        {"basic": N_("Basic"), "comprehensive": N_("Comprehensive"), "premium": N_("Premium")},
    ),
    number(
        "net_worth",
        N_("Net worth"),
        "money",
        "higher",
        "observation",
        JUDGEMENT_AGE,
        N_("What a person owns less what they owe, as declared or confirmed."),
    ),
    number(
        "annual_income",
        N_("Annual income"),
        "money",
        "higher",
        "observation",
        JUDGEMENT_AGE,
        N_("What a person earns in a year before tax, as declared or confirmed."),
    ),
    number(
        "data_completeness",
        N_("Completeness of data"),
        "fraction",
        "higher",
        "profile",
        None,
        N_(
            "Known metrics ÷ the metrics that the records of a client of this kind feed: profile, credit reports and "
            "repayment, with statements for a company or institution and net worth and income for a person."
        ),
    ),
)

REFERENCE: tuple[Metric, ...] = (
    number(
        "industry_risk",
        N_("Industry risk coefficient"),
        "multiple",
        "lower",
        "reference",
        None,
        N_("Coefficient of the client's industry; 1 is the average, above 1 is riskier."),
    ),
    number(
        "region_factor",
        N_("Region factor"),
        "multiple",
        "higher",
        "reference",
        None,
        N_("Factor of the client's region; 1 is the average, above 1 is stronger."),
    ),
    category(
        "city_tier",
        N_("City tier"),
        "neutral",
        "reference",
        None,
        N_("Tier of the client's city."),
        {
            "tier_1": N_("First-tier city"),
            "new_tier_1": N_("New first-tier city"),
            "tier_2": N_("Second-tier city"),
            "other": N_("Other city"),
        },
    ),
)
