"""A document small enough to reckon with by hand: the score is the credit score, cut down to whole tens."""

from itertools import pairwise
from typing import Any

from tests.tiering.core.generators import Json, label
from tiering.core.check import load
from tiering.core.document import Document
from tiering.core.evaluate import Assessment, evaluate
from tiering.core.terms import Setting, Terms

TIERS = ("T0", "T1", "T2", "T3", "T4")
CUTOFFS = [{"tier": tier, "min": 80 - 20 * rank} for rank, tier in enumerate(TIERS)]
WHENEVER = {"metric": "exposure", "op": ">", "value": 0}


def tens(metric: str, weight: int = 10_000, **more: Any) -> Json:
    """An indicator that earns a point for each whole point of the metric in tens: 0 below 10, 100 from 100."""
    edges = [None, *range(10, 101, 10), None]
    bands = [{"lo": lo, "hi": hi, "points": 10 * number} for number, (lo, hi) in enumerate(pairwise(edges))]
    return {"metric": metric, "weight": weight, "missing": {"policy": "worst"}, "bands": bands, **more}


def dimension(key: str, weight: int, *indicators: Json) -> Json:
    return {"key": key, "label": label(key), "weight": weight, "indicators": list(indicators)}


def scorecard(*dimensions: Json, **more: Any) -> Json:
    return {"key": "all", "label": label("all"), "dimensions": list(dimensions), **more}


def gate(key: str, effect: str, tier: str | None = None, hard: bool = False, by: int = 0) -> Json:
    """A gate that fires while there is any exposure."""
    moved = {"by": by} if tier is None else {"tier": tier}
    return {"key": key, "label": label(key), "when": WHENEVER, "effect": effect, "hard": hard, **moved}


def overlay(key: str, **effect: Any) -> Json:
    return {"key": key, "label": label(key), **effect}


def method(*dimensions: Json, migration: Json | None = None, **parts: Any) -> Document:
    """The checked document with some of its parts replaced."""
    data = {
        "format": 1,
        "scheme": "worked",
        "label": label("worked"),
        "tiers": [{"key": key, "label": label(key)} for key in TIERS],
        "scorecards": [scorecard(*dimensions or [dimension("all", 10_000, tens("credit_score"))])],
        "cutoffs": CUTOFFS,
        "gates": [],
        "policy": {} if migration is None else {"migration": migration},
        **parts,
    }
    return load(data)


def placed(
    document: Document,
    score: float | None,
    held: int | None = None,
    held_days: int = 0,
    terms: Terms | None = None,
    exposure: float = 1.0,
    **facts: float | str | None,
) -> Assessment:
    """The assessment of a client with that credit score."""
    setting = Setting(terms or Terms(), held, held_days)
    return evaluate(document, {"credit_score": score, "exposure": exposure, **facts}, setting)
