"""The method that is measured: 6 dimensions, 18 indicators of 5 bands, 8 gates, 3 scorecards, and every policy for
missing data."""

from itertools import pairwise
from typing import Any, Final

from tiering.core.check import load
from tiering.core.document import Document

Json = dict[str, Any]
Edges = tuple[float, float, float, float]

SCHEME: Final = "bench"
TIERS: Final = ("AA", "A", "B", "C", "D")
CUTOFFS: Final = (72, 58, 44, 30, 0)
POINTS: Final = (10, 30, 55, 80, 100)

HIGHER, LOWER = False, True
WORST: Final[Json] = {"policy": "worst"}
NEUTRAL: Final[Json] = {"policy": "neutral", "points": 40}
REWEIGHT: Final[Json] = {"policy": "reweight"}
BLOCK: Final[Json] = {"policy": "block"}

# Dimension: its indicators, each with the edges between its bands, whether less is better, and the policy for no value.
DIMENSIONS: Final[dict[str, dict[str, tuple[Edges, bool, Json]]]] = {
    "solvency": {
        "leverage": ((0.3, 0.5, 0.7, 0.9), LOWER, WORST),
        "current_ratio": ((0.8, 1.1, 1.5, 2.2), HIGHER, NEUTRAL),
        "quick_ratio": ((0.5, 0.8, 1.1, 1.6), HIGHER, REWEIGHT),
    },
    "profit": {
        "operating_margin": ((0.0, 0.05, 0.1, 0.2), HIGHER, WORST),
        "net_margin": ((0.0, 0.03, 0.07, 0.14), HIGHER, NEUTRAL),
        "roe": ((0.0, 0.05, 0.1, 0.18), HIGHER, REWEIGHT),
    },
    "service": {
        "interest_cover": ((1.0, 2.0, 4.0, 8.0), HIGHER, NEUTRAL),
        "cash_flow_margin": ((0.0, 0.05, 0.1, 0.18), HIGHER, REWEIGHT),
        "revenue_growth": ((-0.1, 0.0, 0.08, 0.2), HIGHER, NEUTRAL),
    },
    "credit": {
        "credit_score": ((540.0, 600.0, 660.0, 720.0), HIGHER, BLOCK),
        "pd": ((0.005, 0.02, 0.05, 0.12), LOWER, WORST),
        "altman_z2": ((1.1, 1.9, 2.6, 4.0), HIGHER, REWEIGHT),
    },
    "conduct": {
        "days_overdue": ((1.0, 15.0, 30.0, 90.0), LOWER, NEUTRAL),
        "days_overdue_12m": ((1.0, 15.0, 45.0, 90.0), LOWER, NEUTRAL),
        "utilisation": ((0.2, 0.5, 0.75, 0.95), LOWER, REWEIGHT),
    },
    "relationship": {
        "relationship_years": ((1.0, 3.0, 6.0, 10.0), HIGHER, NEUTRAL),
        "contacts_12m": ((1.0, 4.0, 8.0, 12.0), HIGHER, WORST),
        "management_quality": ((2.0, 3.0, 4.0, 5.0), HIGHER, REWEIGHT),
    },
}

# Scorecard: whom it is for, the weights of the dimensions, and by how much its bands begin elsewhere.
SCORECARDS: Final[dict[str, tuple[Json | None, tuple[int, ...], float]]] = {
    "small": (
        {"metric": "total_assets", "op": "<", "value": 2e7},
        (1500, 1000, 1500, 2500, 2000, 1500),
        1.0,
    ),
    "large": (
        {"metric": "total_assets", "op": ">=", "value": 5e8},
        (2500, 2000, 2000, 1500, 1500, 500),
        1.25,
    ),
    "middle": (None, (2000, 1500, 2000, 2000, 1500, 1000), 1.125),
}
SHARES: Final = (5000, 3000, 2000)
"""The weights of the indicators of a dimension."""

GATES: Final[tuple[Json, ...]] = (
    {
        "key": "defaulted",
        "when": {"metric": "days_overdue", "op": ">", "value": 95},
        "effect": "cap",
        "tier": "D",
        "hard": True,
    },
    {
        "key": "late",
        "when": {"metric": "days_overdue_12m", "op": ">", "value": 90},
        "effect": "cap",
        "tier": "C",
        "hard": True,
    },
    {
        "key": "over_indebted",
        "when": {"metric": "leverage", "op": ">", "value": 0.95},
        "effect": "cap",
        "tier": "C",
        "hard": False,
    },
    {
        "key": "risky_trade",
        "when": {
            "all": [
                {"metric": "industry_risk", "op": ">=", "value": 1.5},
                {"metric": "exposure", "op": ">", "value": 5e6},
            ]
        },
        "effect": "cap",
        "tier": "B",
        "hard": False,
    },
    {
        "key": "unlikely_to_pay",
        "when": {"metric": "pd", "op": ">=", "value": 0.13},
        "effect": "fixed",
        "tier": "D",
        "hard": True,
    },
    {
        "key": "unscored_giant",
        "when": {
            "all": [
                {"metric": "credit_score", "op": "is_missing"},
                {"metric": "revenue", "op": ">", "value": 1e9},
            ]
        },
        "effect": "cap",
        "tier": "A",
        "hard": False,
    },
    {
        "key": "slow_to_collect",
        "when": {
            "any": [
                {"metric": "receivable_days", "op": ">", "value": 300},
                {"metric": "project_count", "op": ">", "value": 40},
            ]
        },
        "effect": "cap",
        "tier": "B",
        "hard": False,
    },
    {
        "key": "anchored",
        "when": {
            "all": [
                {"metric": "registered_capital", "op": ">=", "value": 1e9},
                {"metric": "relationship_years", "op": ">=", "value": 10},
            ]
        },
        "effect": "floor",
        "tier": "C",
        "hard": False,
    },
)


def document() -> Document:
    """The method as values; it has passed ``check``."""
    return load(data())


def data() -> Json:
    """The method as JSON."""
    return {
        "format": 1,
        "scheme": SCHEME,
        "label": _label("Benchmark"),
        "tiers": [{"key": tier, "label": _label(tier)} for tier in TIERS],
        "scorecards": [_scorecard(key, *spec) for key, spec in SCORECARDS.items()],
        "cutoffs": [{"tier": tier, "min": minimum} for tier, minimum in zip(TIERS, CUTOFFS, strict=True)],
        "gates": [{**gate, "label": _label(gate["key"])} for gate in GATES],
        "policy": {"review_when": {"metric": "notches", "op": "<", "value": -1}},
    }


def _scorecard(key: str, when: Json | None, weights: tuple[int, ...], stretch: float) -> Json:
    dimensions = [
        {"key": name, "label": _label(name), "weight": weight, "indicators": _indicators(indicators, stretch)}
        for (name, indicators), weight in zip(DIMENSIONS.items(), weights, strict=True)
    ]
    card: Json = {"key": key, "label": _label(key), "dimensions": dimensions}
    return card if when is None else {**card, "when": when}


def _indicators(indicators: dict[str, tuple[Edges, bool, Json]], stretch: float) -> list[Json]:
    return [
        {"metric": metric, "weight": share, "missing": missing, "bands": _bands(edges, lower, stretch)}
        for (metric, (edges, lower, missing)), share in zip(indicators.items(), SHARES, strict=True)
    ]


def _bands(edges: Edges, lower_is_better: bool, stretch: float) -> list[Json]:
    points = POINTS[::-1] if lower_is_better else POINTS
    ends = [None, *(edge * stretch for edge in edges), None]
    return [
        {"lo": lo, "hi": hi, "points": earned}
        for (lo, hi), earned in zip(pairwise(ends), points, strict=True)
    ]


def _label(text: str) -> Json:
    return {"en": text, "zh": text}
