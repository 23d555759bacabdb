"""Random conditions, scorecards, facts, and documents of score cut-offs and gates that ``check`` has nothing against.

``methods.py`` makes documents of them that use everything.
"""

import math
from typing import Any

from hypothesis import strategies as st

from tiering.core.catalogue import METRICS

NUMBERS = ("leverage", "pd", "credit_score", "roe", "exposure", "utilisation")
CATEGORIES = ("client_kind", "life_cycle", "size_class", "rating")
EDGES = (-1e308, -2.5, -1e-9, 0.0, 5e-324, 0.1, 0.3, 1 / 3, 0.95, 1.0, 90.0, 2.0**53, 1e308)
STRANGE = (None, math.nan, math.inf, -math.inf, -0.0, 1.7976931348623157e308, -5e-324)

Json = dict[str, Any]


def label(text: str) -> Json:
    return {"en": text, "zh": text}


@st.composite
def shares(draw: st.DrawFn, count: int) -> list[int]:
    """``count`` positive weights that make 10 000."""
    cuts = sorted(draw(st.sets(st.integers(1, 9_999), min_size=count - 1, max_size=count - 1)))
    return [high - low for low, high in zip([0, *cuts], [*cuts, 10_000], strict=True)]


@st.composite
def points_lists(draw: st.DrawFn, count: int) -> list[int]:
    """Points of which the worst is 0 and the best 100."""
    points = draw(st.lists(st.integers(0, 100), min_size=count, max_size=count))
    best, worst = draw(st.permutations(range(count)))[:2]
    points[best], points[worst] = 100, 0
    return points


@st.composite
def indicators(draw: st.DrawFn, metric: str, weight: int, fewest_bands: int = 2) -> Json:
    missing = draw(
        st.one_of(
            st.sampled_from([{"policy": "worst"}, {"policy": "reweight"}, {"policy": "block"}]),
            st.integers(0, 99).map(lambda points: {"policy": "neutral", "points": points}),
        )
    )
    common = {"metric": metric, "weight": weight, "missing": missing}
    if METRICS[metric].is_number:
        edges = sorted(draw(st.sets(st.sampled_from(EDGES), min_size=fewest_bands - 1, max_size=7)))
        ends = zip([None, *edges], [*edges, None], draw(points_lists(len(edges) + 1)), strict=True)
        return {**common, "bands": [{"lo": lo, "hi": hi, "points": points} for lo, hi, points in ends]}
    keys = list(METRICS[metric].categories)
    return {**common, "categories": dict(zip(keys, draw(points_lists(len(keys))), strict=True))}


@st.composite
def scorecards(draw: st.DrawFn, key: str, when: Json | None) -> Json:
    """The first indicator reads a number by at least three bands, the second a category."""
    metrics = [draw(st.sampled_from(NUMBERS)), draw(st.sampled_from(CATEGORIES))]
    metrics += draw(st.lists(st.sampled_from(NUMBERS + CATEGORIES), max_size=5))
    metrics = list(dict.fromkeys(metrics))
    split = draw(st.integers(2, len(metrics)))
    groups = [group for group in (metrics[:split], metrics[split:]) if group]
    dimensions = [
        {
            "key": f"d{number}",
            "label": label(f"d{number}"),
            "weight": weight,
            "indicators": [
                draw(indicators(metric, share, 3))
                for metric, share in zip(group, draw(shares(len(group))), strict=True)
            ],
        }
        for number, (group, weight) in enumerate(zip(groups, draw(shares(len(groups))), strict=True))
    ]
    card: Json = {"key": key, "label": label(key), "dimensions": dimensions}
    return card if when is None else {**card, "when": when}


@st.composite
def cutoffs(draw: st.DrawFn, tiers: list[str]) -> list[Json]:
    """Every tier, best first; the last begins at 0."""
    hundredths = draw(st.sets(st.integers(1, 10_000), min_size=len(tiers) - 1, max_size=len(tiers) - 1))
    minimums = [*(value / 100 for value in sorted(hundredths, reverse=True)), 0]
    return [{"tier": tier, "min": minimum} for tier, minimum in zip(tiers, minimums, strict=True)]


def comparisons() -> st.SearchStrategy[Json]:
    numeric = st.builds(
        lambda metric, op, value: {"metric": metric, "op": op, "value": value},
        st.sampled_from(NUMBERS),
        st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
        st.sampled_from(EDGES),
    )
    return st.one_of(
        numeric,
        st.sampled_from(CATEGORIES).flatmap(category_comparisons),
        st.sampled_from(NUMBERS + CATEGORIES).map(lambda metric: {"metric": metric, "op": "is_missing"}),
        st.lists(st.sampled_from(EDGES), min_size=1, max_size=3).map(
            lambda values: {"metric": "leverage", "op": "in", "values": values}
        ),
    )


def category_comparisons(metric: str) -> st.SearchStrategy[Json]:
    keys = st.sampled_from(list(METRICS[metric].categories))
    return st.one_of(
        st.builds(
            lambda op, value: {"metric": metric, "op": op, "value": value},
            st.sampled_from(["==", "!="]),
            keys,
        ),
        st.lists(keys, min_size=1, max_size=3, unique=True).map(
            lambda values: {"metric": metric, "op": "in", "values": values}
        ),
    )


def conditions() -> st.SearchStrategy[Json]:
    return st.recursive(
        comparisons(),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
        ),
        max_leaves=4,
    )


def document_of(tiers: list[str], cards: list[Json], cuts: list[Json], gates: list[Json]) -> Json:
    return {
        "format": 1,
        "scheme": "random",
        "label": label("random"),
        "tiers": [{"key": tier, "label": label(tier)} for tier in tiers],
        "scorecards": cards,
        "cutoffs": cuts,
        "gates": gates,
        "policy": {"review_when": {"metric": "notches", "op": "<", "value": 0}},
    }


def gate_of(number: int, when: Json, **effect: Any) -> Json:
    key = f"g{number}"
    return {"key": key, "label": label(key), "when": when, **effect}


@st.composite
def valid_documents(draw: st.DrawFn) -> Json:
    tiers = [f"T{number}" for number in range(draw(st.integers(3, 6)))]
    kinds = draw(st.permutations(list(METRICS["client_kind"].categories)))[: draw(st.integers(1, 2))]
    cards = [draw(scorecards(kind, {"metric": "client_kind", "op": "==", "value": kind})) for kind in kinds]
    cards.append(draw(scorecards("default", None)))
    worse, better = st.sampled_from(tiers[1:]), st.sampled_from(tiers[:-1])
    overdue = {"metric": "days_overdue", "op": ">", "value": 90}
    top_rated = {"metric": "rating", "op": "in", "values": ["AAA"]}
    unknown = {"metric": "pd", "op": "is_missing"}
    gates = [
        gate_of(0, overdue, effect="cap", tier=draw(worse), hard=True),
        gate_of(1, top_rated, effect="floor", tier=draw(better), hard=False),
        gate_of(2, unknown, effect="cap", tier=tiers[-1], hard=False),
    ]
    return document_of(tiers, cards, draw(cutoffs(tiers)), gates)


def fact(metric: str) -> st.SearchStrategy[float | str | None]:
    if METRICS[metric].is_number:
        beside = st.builds(math.nextafter, st.sampled_from(EDGES), st.sampled_from([-math.inf, math.inf]))
        return st.one_of(st.sampled_from(EDGES), st.sampled_from(STRANGE), beside, st.floats())
    return st.sampled_from([None, "", "elsewhere", *METRICS[metric].categories])


def facts() -> st.SearchStrategy[dict[str, float | str | None]]:
    return st.fixed_dictionaries({metric: fact(metric) for metric in NUMBERS + CATEGORIES})
