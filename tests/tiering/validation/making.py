"""A book with a past: what was known of clients half a year ago, and what became of them since."""

from datetime import date
from typing import Any

from django.utils import timezone

from crm.models import Client, User
from tests.factories import make_client, make_facility, make_observation, make_payment
from tests.tiering.helpers import days_ago, publish, run_now
from tiering.models import CriteriaVersion, Validation

THEN = 200
"""How many days ago the clients of these tests were tiered."""


def borrower(score: float, falls_behind: bool = False) -> Client:
    """A client with an open facility whose one instalment, due since, was paid or never will be."""
    client = make_client()
    make_observation(client, "credit_score", score, observed_on=days_ago(THEN + 30).date())
    facility = make_facility(client, opened_on=days_ago(THEN + 400).date())
    make_payment(
        facility,
        days_ago(150).date(),
        paid_on=None if falls_behind else days_ago(149).date(),
    )
    return client


def a_past(good: int = 0, bad: int = 0) -> CriteriaVersion:
    """The small scheme in effect, and so many clients tiered by it then, of whom the bad have low scores."""
    version = publish()
    for number in range(good):
        borrower(620.0 + number)
    for _ in range(bad):
        borrower(550.0, falls_behind=True)
    run_now(as_of=days_ago(THEN))
    return version


def a_rate(subjects: int, bad: int, low: float, high: float) -> dict[str, Any]:
    return {
        "subjects": subjects,
        "bad": bad,
        "low": low,
        "high": high,
        "rate": bad / subjects if subjects else None,
    }


LINE = {"x": [0.0, 0.25, 1.0], "y": [0.0, 0.75, 1.0]}
DISCRIMINATION = {
    "good": 950, "bad": 50, "auc": 0.9, "gini": 0.8, "gini_interval": [0.72, 0.88], "ks": 0.61, "tier_gini": 0.7,
    "roc": LINE, "cap": LINE,
}  # fmt: skip
APPROVED = {"decided": 6, **a_rate(5, 1, 0.036, 0.625)}
REJECTED = {"decided": 2, **a_rate(2, 1, 0.095, 0.905)}


def some_findings(version: CriteriaVersion, **changes: Any) -> dict[str, Any]:
    """Figures as a validation of three tiers or fewer stores them; the worst but one turned bad most often."""
    rates = [a_rate(400, 2, 0.001, 0.018), a_rate(300, 30, 0.071, 0.139), a_rate(300, 18, 0.038, 0.093)]
    tiers = [tier["key"] for tier in version.document["tiers"]]
    size = len(tiers)
    return {
        "basis": "held",
        "content_hash": version.content_hash,
        "cohorts": [
            {"day": day, "clients": 2000, "tiered": 1990, "in_scope": 500, "bad": 25}
            for day in ("2025-11-30", "2026-03-31")
        ],
        "least_bad": 20,
        "subjects": 1000,
        "bad": 50,
        "tiers": [
            {"key": key, "label": {"en": f"{key} tier", "zh": f"{key} 级"}, "exposure": 1.5e9, **rate}
            for key, rate in zip(tiers, rates, strict=False)
        ],
        "inversions": [{"better": 1, "worse": 2, "p_value": 0.04, "is_significant": True}],
        "discrimination": DISCRIMINATION,
        "dimensions": [
            {"key": "credit", "label": {"en": "Credit", "zh": "信用"}, "gini": 0.6, "information_value": 1.2,
             "subjects": 1000, "bad": 50},
        ],
        "indicators": [
            {"metric": "utilisation", "gini": -0.3, "information_value": 0.4, "known": 0.9, "subjects": 1000, "bad": 50},
            {"metric": "credit_score", "gini": None, "information_value": None, "known": 1.0, "subjects": 40, "bad": 3},
        ],
        "stability": {
            "from": "2025-11-30", "to": "2026-03-31", "tiers": 0.012, "scores": 0.15,
            "indicators": [{"metric": "utilisation", "index": 0.31}, {"metric": "credit_score", "index": None}],
        },
        "migrations": [
            {"from": "2025-11-30", "to": "2026-03-31", "entered": 4, "left": 7, "down": 0.4, "up": None,
             "matrix": [[90 if row == column else 0 for column in range(size)] for row in range(size)]},
        ],
        "concentration": {
            "day": "2026-03-31", "from": "2025-11-30", "even": 1 / size, "counts": [700] * size,
            "amounts": [1e9] * size, "clients": 0.36, "exposure": 0.41,
            "clients_change": {"z": 1.9, "p_value": 0.029}, "exposure_change": {"z": -0.4, "p_value": 0.66},
        },
        "overrides": {
            "assessed": 3980, "of_assessed": 0.0005, "decided": 8, "rejected": 2, "rate": 0.25,
            "ways": [
                {"way": way, "decision": decision, **(REJECTED if (way, decision) == ("down", "rejected") else APPROVED)}
                for way in ("up", "down") for decision in ("approved", "rejected")
            ],
            "officers": [],
        },
        **changes,
    }  # fmt: skip


def a_validation(version: CriteriaVersion, requested_by: User, **changes: Any) -> Validation:
    """A finished one with figures that nobody computed; `changes` are of these."""
    return Validation.objects.create(
        version=version,
        days=[date(2025, 11, 30), date(2026, 3, 31)],
        outcome="default",
        months=6,
        requested_by=requested_by,
        status=Validation.Status.DONE,
        findings=some_findings(version, **changes),
        finished_at=timezone.now(),
    )
