"""Documents that use everything a document can say and that ``check`` has nothing against: one written by hand in each
way of placing, and random ones."""

import copy
from typing import Any

from hypothesis import strategies as st

from tests.tiering.core.generators import Json, label, valid_documents

RATINGS = ("AAA", "AA", "A", "BBB", "BB", "B", "CCC", "CC", "C", "D")


def entry(key: str, **members: Any) -> Json:
    return {"key": key, "label": label(key), **members}


def number(metric: str, weight: int, *edges: float, **members: Any) -> Json:
    """An indicator whose points rise from 0 to 100 with the value."""
    steps = [100 * place // len(edges) for place in range(len(edges) + 1)]
    bands = [
        {"lo": lo, "hi": hi, "points": points}
        for lo, hi, points in zip([None, *edges], [*edges, None], steps, strict=True)
    ]
    return {"metric": metric, "weight": weight, "missing": {"policy": "worst"}, "bands": bands, **members}


def by_score() -> Json:
    """Places companies and everybody else by score, with every kind of gate, overlay and limit."""
    ratings = {key: 100 - 10 * place for place, key in enumerate(RATINGS)}
    company = [
        entry(
            "strength",
            weight=6000,
            indicators=[
                number("current_ratio", 5000, 1, 1.5, 2, unit="multiple", max_age_days=400),
                {
                    "metric": "rating",
                    "weight": 5000,
                    "missing": {"policy": "reweight"},
                    "categories": {**ratings, "D": None},
                },
            ],
        ),
        entry("relation", weight=4000, indicators=[number("products_held", 10_000, 1, 3)]),
    ]
    other = [
        entry("strength", weight=5000, indicators=[number("credit_score", 10_000, 600, 700)]),
        entry("relation", weight=5000, indicators=[number("contacts_12m", 10_000, 2, 12)]),
    ]
    gates = [
        entry("overdue", when=above("days_overdue", 90), effect="cap", tier="C", hard=True),
        entry("rated", when=one_of("rating", "AAA"), effect="floor", tier="B", hard=False),
        entry("watched", when=above("utilisation", 0.95), effect="fixed", tier="D", hard=False),
        entry("stretched", when=above("leverage", 0.8), effect="notches", by=-1, hard=False),
        entry("trusted", when=above("relationship_years", 10), effect="notches", by=1, hard=False),
    ]
    overlays = [
        entry("supported", when=one_of("life_cycle", "growth"), effect="bonus", points=5),
        entry("downturn", effect="cutoffs", shift=2.5),
        entry("frozen", when=above("exposure", 1e8), effect="cap", tier="B", hard=False),
    ]
    movements = {"up": {"buffer": 2, "dwell_days": 90, "max_step": 1}, "down": {"dwell_days": 30}}
    return {
        "format": 1,
        "scheme": "letters",
        "label": label("letters"),
        "tiers": [entry(key, colour=step) for step, key in enumerate("ABCD", 1)],
        "weight_limits": {"min": 500, "max": 7000},
        "scorecards": [
            entry("company", when=one_of("client_kind", "corporate"), dimensions=company),
            entry("other", dimensions=other),
        ],
        "cutoffs": [
            {"tier": "A", "min": 80},
            {"tier": "B", "min": 60},
            {"tier": "C", "min": 40},
            {"tier": "D", "min": 0},
        ],
        "gates": gates,
        "overlays": overlays,
        "policy": {
            "review_when": {"metric": "notches", "op": "<", "value": 0},
            "migration": {**movements, "red_flags": above("days_overdue", 30)},
        },
    }


def by_matrix() -> Json:
    """Places by strength and relation; nothing in it moves scores."""
    data = _unmoved(by_score())
    levels = [entry("high", min=60), entry("low", min=0)]
    axes = [entry(key, dimensions=[key], levels=copy.deepcopy(levels)) for key in ("strength", "relation")]
    data["cutoffs"] = {"by": "matrix", "axes": axes, "cells": [["A", "B"], ["C", "D"]]}
    return data


def by_rank() -> Json:
    """Places companies by their share of revenue and everybody else by score, best first."""
    data = _unmoved(by_score())
    data["cutoffs"] = {"by": "top", "steps": _steps(1000, 3000, 6000)}
    data["scorecards"][0]["cutoffs"] = {
        "by": "cumulative",
        "metric": "revenue",
        "steps": _steps(5000, 8000, 9500),
    }
    return data


def of_projects() -> Json:
    """Places clients within projects, and reads quantities of the project beside those of the client."""
    data = by_score()
    data |= {"subject": "project", "roll_up": {"rule": "largest", "by": "project_revenue_12m"}}
    (indicator,) = data["scorecards"][0]["dimensions"][1]["indicators"]
    indicator["metric"] = "project_revenue_share"
    data["gates"][3]["when"] = above("project_revenue_rank", 3)
    return data


def above(metric: str, value: float) -> Json:
    return {"metric": metric, "op": ">", "value": value}


def one_of(metric: str, *values: str) -> Json:
    return {"metric": metric, "op": "in", "values": list(values)}


WAYS = (by_score, by_matrix, by_rank, of_projects)


@st.composite
def sensible_documents(draw: st.DrawFn) -> Json:
    """Random scorecards and bands, or one of the documents written by hand."""
    written = st.sampled_from(WAYS).map(lambda make: make())
    return draw(st.one_of(written, valid_documents()))


def _steps(*shares: int) -> list[Json]:
    return [{"tier": tier, "share": share} for tier, share in zip("ABCD", [*shares, 10_000], strict=True)]


def _unmoved(data: Json) -> Json:
    """Without overlays and buffers, which move scores."""
    data["overlays"] = data["overlays"][2:]
    del data["policy"]["migration"]["up"]["buffer"]
    return data
