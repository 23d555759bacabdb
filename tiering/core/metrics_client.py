"""Metrics of who the client is, how the relationship goes, and what people judged with evidence."""

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
        "size_class",
        N_("Size class"),
        "neutral",
        "profile",
        JUDGEMENT_AGE,
        N_("Size by the official classification of the client's industry."),
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
        "revenue_contribution",
        N_("Revenue contribution"),
        "fraction",
        "higher",
        "revenue",
        None,
        N_("The client's revenue to us ÷ the revenue of the project, or of the whole portfolio."),
    ),
)

JUDGEMENT: tuple[Metric, ...] = (
    number(
        "management_quality",
        N_("Management quality"),
        "grade",
        "higher",
        "judgement",
        JUDGEMENT_AGE,
        N_("Graded from 1 (weak) to 5 (excellent) by observation, with evidence."),
    ),
    number(
        "market_influence",
        N_("Market influence"),
        "grade",
        "higher",
        "judgement",
        JUDGEMENT_AGE,
        N_(
            "Standing in its industry, graded from 1 (marginal) to 5 (leading) by observation, with evidence."
        ),
    ),
    number(
        "cooperation_potential",
        N_("Cooperation potential"),
        "grade",
        "higher",
        "judgement",
        JUDGEMENT_AGE,
        N_(
            "Long-term potential of working together, graded from 1 (low) to 5 (high) by observation, with evidence."
        ),
    ),
)
