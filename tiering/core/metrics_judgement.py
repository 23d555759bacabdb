"""Metrics that people judge with evidence: grades, and the factors of project finance in words."""

from tiering.core.metric import Metric, category, number
from tiering.core.metrics_client import JUDGEMENT_AGE
from tiering.core.texts import N_

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
        "founding_team",
        N_("Founding team"),
        "grade",
        "higher",
        "judgement",
        JUDGEMENT_AGE,
        N_(
            "Experience and completeness of the founders, graded from 1 (weak) to 5 (excellent) by observation, with "
            "evidence."
        ),
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

SLOTS = {
    "strong": N_("Strong"),
    "good": N_("Good"),
    "satisfactory": N_("Satisfactory"),
    "weak": N_("Weak"),
    "not_applicable": N_("Not applicable"),
}


def _factor(key: str, label: str, help: str) -> Metric:
    """A factor of the supervisory slotting of project finance."""
    return category(key, label, "higher", "judgement", JUDGEMENT_AGE, help, SLOTS)


SLOTTING: tuple[Metric, ...] = (
    _factor(
        "financial_strength",
        N_("Financial strength"),
        N_(
            "Market conditions, cover ratios, behaviour under stress, and financial structure, judged together."
        ),
    ),
    _factor(
        "political_legal",
        N_("Political and legal environment"),
        N_(
            "Political risk, force majeure, support, stability of law, approvals and enforceability, judged together."
        ),
    ),
    _factor(
        "transaction_characteristics",
        N_("Transaction characteristics"),
        N_("Design, construction, operating, revenue and supply risk of the transaction, judged together."),
    ),
    _factor(
        "sponsor_strength",
        N_("Strength of sponsor"),
        N_("Financial strength, track record and support of the sponsor, judged together."),
    ),
    _factor(
        "security_package",
        N_("Security package"),
        N_("Assignments, pledges, control of cash, covenants and reserve funds, judged together."),
    ),
)
