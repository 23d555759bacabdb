"""Criteria that use what a scorecard of cut-offs does not: a matrix or ranks, overlays, a migration policy, ages."""

from typing import Any

from crm.models import Role
from tests.factories import make_user
from tests.tiering.helpers import a_document, days_ago, label
from tiering.models import OverlayActivation, TierScheme

OVERLAYS = [
    {"key": "downturn", "label": label("Downturn"), "effect": "cap", "tier": "Middle", "hard": False},
    {
        "key": "green",
        "label": label("Green loans"),
        "effect": "notches",
        "by": 1,
        "hard": False,
        "when": {"metric": "exposure", "op": ">", "value": 0},
    },
]
MIGRATION = {
    "up": {"dwell_days": 90, "max_step": 1},
    "down": {"dwell_days": 180},
    "red_flags": {"metric": "days_overdue", "op": ">", "value": 90},
}


def indicator(metric: str, **more: Any) -> dict[str, Any]:
    bands = [
        {"lo": None, "hi": 600, "points": 20},
        {"lo": 600, "hi": 700, "points": 60},
        {"lo": 700, "hi": None, "points": 100},
    ]
    return {"metric": metric, "weight": 10_000, "missing": {"policy": "worst"}, "bands": bands, **more}


def by_matrix(**changes: Any) -> dict[str, Any]:
    """Credit against demand: High needs both; a demand level of “basic” does not apply, a score ages in half a year."""
    demand = {"basic": None, "comprehensive": 20, "premium": 100}
    asks = {
        "metric": "demand_level",
        "weight": 10_000,
        "missing": {"policy": "worst"},
        "categories": demand,
    }
    dimensions = [
        {"key": key, "label": label(name), "weight": 5000, "indicators": [part]}
        for key, name, part in (
            ("credit", "Credit", indicator("credit_score", max_age_days=180)),
            ("demand", "Demand", asks),
        )
    ]
    levels = [
        {"key": "strong", "label": label("strong"), "min": 50},
        {"key": "weak", "label": label("weak"), "min": 0},
    ]
    axes = [
        {"key": f"{key}_axis", "label": label(name), "dimensions": [key], "levels": levels}
        for key, name in (("credit", "Safety"), ("demand", "Appetite"))
    ]
    return a_document(
        scorecards=[{"key": "all", "label": label("All"), "dimensions": dimensions}],
        cutoffs={"by": "matrix", "axes": axes, "cells": [["High", "Middle"], ["Middle", "Low"]]},
        overlays=OVERLAYS,
        policy={"migration": MIGRATION},
        **changes,
    )


def by_rank(**changes: Any) -> dict[str, Any]:
    """Who brings the first half of revenue is High, the next three tenths Middle."""
    steps = [
        {"tier": "High", "share": 5000},
        {"tier": "Middle", "share": 8000},
        {"tier": "Low", "share": 10_000},
    ]
    return a_document(cutoffs={"by": "cumulative", "metric": "revenue", "steps": steps}, policy={}, **changes)


def switch_on(overlay: str) -> None:
    """An overlay that has been on for a year."""
    asks, approves = make_user(Role.CRITERIA_ADMIN), make_user(Role.CRITERIA_ADMIN)
    since = days_ago(365)
    OverlayActivation.objects.create(
        scheme=TierScheme.objects.get(), overlay=overlay, starts=since, reason="GDP", requested_by=asks,
        requested_at=since, approved_by=approves, approved_at=since,
    )  # fmt: skip
