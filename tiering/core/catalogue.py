"""The metric catalogue: every quantity that criteria, filters, gates and warnings may name.

Identifiers in compiled SQL come from here and from nowhere else.
"""

from tiering.core.metric import Catalogue, Fact, Facts, Metric, catalogue, is_missing, number
from tiering.core.metrics_client import PROFILE, REFERENCE
from tiering.core.metrics_credit import ACCOUNT, COVER, CREDIT, STATEMENT
from tiering.core.metrics_judgement import JUDGEMENT, SLOTTING
from tiering.core.metrics_project import PROJECT
from tiering.core.metrics_relationship import PORTFOLIO, RELATIONSHIP, REVENUE
from tiering.core.texts import N_

__all__ = [
    "CHANGE_METRICS",
    "CLIENT_METRICS",
    "METRICS",
    "N_",
    "OBSERVED_IN_PROJECTS",
    "POLICY_METRICS",
    "PROJECT_METRICS",
    "Catalogue",
    "Fact",
    "Facts",
    "Metric",
    "catalogue",
    "is_missing",
]

METRICS: Catalogue = catalogue(
    STATEMENT,
    COVER,
    CREDIT,
    ACCOUNT,
    PROFILE,
    REFERENCE,
    RELATIONSHIP,
    REVENUE,
    PORTFOLIO,
    JUDGEMENT,
    SLOTTING,
    PROJECT,
)
"""Facts of a client, or of a client within a project. The institution's own metrics stand beside them, see
``selectors.catalogue``."""

CLIENT_METRICS: Catalogue = catalogue(metric for metric in METRICS.values() if metric.scope != "project")
"""Those of the client as a whole: each has a column in ``Facts``."""

PROJECT_METRICS: Catalogue = catalogue(PROJECT)
"""Those known only of a client within a project."""

OBSERVED_IN_PROJECTS: Catalogue = catalogue(PROJECT, JUDGEMENT, SLOTTING)
"""What may be observed of a client within a project: what is known only there, and judgements, which then go before
that of the client as a whole."""

CHANGE_METRICS: Catalogue = catalogue(
    (
        number(
            "notches",
            N_("Tier move"),
            "notches",
            "higher",
            "change",
            None,
            N_("Number of tiers the change moves the client; positive is up, negative is down."),
        ),
        number(
            "old_rank",
            N_("Tier in force"),
            "rank",
            "lower",
            "change",
            None,
            N_("Position of the tier in force before the change; 0 is the best tier."),
        ),
        number(
            "new_rank",
            N_("New tier"),
            "rank",
            "lower",
            "change",
            None,
            N_("Position of the tier after the change; 0 is the best tier."),
        ),
    ),
)
"""A proposed change of tier; known only where a change is judged."""

POLICY_METRICS: Catalogue = catalogue(METRICS.values(), CHANGE_METRICS.values())
"""What a review policy may name: the facts, and the change that is proposed."""
