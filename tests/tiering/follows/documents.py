"""A tier policy for the small scheme of the tests, and some products."""

from typing import Any

from tests.tiering.helpers import label

Json = dict[str, Any]


def terms(tier: str, **changes: Any) -> Json:
    """A limit of a tenth of revenue and half of registered capital, at most 50 million; contact each quarter."""
    return {
        "tier": tier,
        "limit": {
            "least_of": [{"metric": "revenue", "times": 0.1}, {"metric": "registered_capital", "times": 0.5}],
            "cap": 50_000_000,
        },
        "add_on": 0,
        "cover": 0,
        "collateral": None,
        "review_months": 12,
        "contact_days": 90,
        "monitoring_days": 90,
        "service": {"team": None, "products": [], "events": []},
        "products": None,
        **changes,
    }


def a_tier_policy(**changes: Any) -> Json:
    """High: the terms above; Middle: half the limit at 50 basis points more; Low: nothing more, at 200."""
    low = terms(
        "Low",
        limit={"least_of": [{"metric": "revenue", "times": 0.01}], "cap": 5_000_000},
        add_on=200,
        cover=10_000,
        collateral=label("Land and buildings"),
        review_months=3,
        contact_days=30,
        monitoring_days=7,
        products=["factoring"],
    )
    middle = terms(
        "Middle",
        limit={"least_of": [{"metric": "revenue", "times": 0.05}], "cap": None},
        add_on=50,
        cover=5_000,
        collateral=label("Receivables"),
        review_months=6,
        contact_days=60,
        monitoring_days=30,
    )
    service = {
        "team": label("Key accounts"),
        "products": [label("Priority approval")],
        "events": [{"key": "visit", "label": label("Visit by the management"), "months": 6}],
    }
    document = {
        "format": 1,
        "label": label("What follows"),
        "raise_at_most": 2_500,
        "tiers": [terms("High", service=service), middle, low],
    }
    return {**document, **changes}


def some_products() -> Json:
    """An IP-pledged loan for start-ups, a lease for manufacturers, factoring for whoever has revenue."""
    return {
        "format": 1,
        "products": [
            {
                "key": "ip_loan",
                "label": label("IP-pledged loan"),
                "why": label("It has patents rather than buildings"),
                "rank": 1,
                "facility": "term_loan",
                "beside": True,
                "when": {"metric": "life_cycle", "op": "==", "value": "start_up"},
            },
            {
                "key": "lease",
                "label": label("Equipment lease"),
                "why": label("Manufacturers renew their machines"),
                "rank": 2,
                "facility": "lease",
                "sectors": ["machines"],
            },
            {
                "key": "factoring",
                "label": label("Factoring"),
                "why": label("Its customers pay late"),
                "rank": 2,
                "facility": "supply_chain",
                "when": {"metric": "revenue", "op": ">", "value": 0},
            },
        ],
    }
