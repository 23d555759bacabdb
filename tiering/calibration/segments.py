"""Clients grouped by likeness in some metrics: profiles to look at, and a document that tells the groups by rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import RobustScaler
from sklearn.tree import DecisionTreeClassifier

from tiering.calibration.bands import rounded
from tiering.core.columns import Columns
from tiering.core.columns_assess import assess
from tiering.core.metric import Catalogue
from tiering.core.reading import read
from tiering.core.terms import Terms
from tiering.errors_validation import TooFewClients
from tiering.facts.reading import values_of
from tiering.preview.copying import Field, load_columns, number
from tiering.selectors.catalogue import policy_catalogue

Json = dict[str, Any]
Floats = NDArray[np.float64]
TRIED: Final = range(2, 9)
LOOKED_AT: Final = 2_000
"""How apart the segments are is told by so many clients, drawn at random: it takes the distance of each to each."""
LEAST_CLIENTS: Final = 50
LEAVES_EACH: Final = 2
"""A segment is told by up to so many rules."""
UNCLEAR: Final = "unclear"
OTHERS: Final = {"en": "Not enough known", "zh": "信息不足"}


Limits = Mapping[tuple[str, str], float]
"""By metric and operator the narrowest limit on the way through a tree."""


@dataclass(frozen=True)
class Book:
    """Clients by the metrics that they are compared by; NaN is not known."""

    values: Mapping[str, Floats]
    exposure: Floats
    revenue: Floats


def segments_of_the_book(metrics: Sequence[str], count: int | None = None) -> Json:
    """The segments of all clients by their facts in force. Raises TooFewClients."""
    catalogue = policy_catalogue()
    return segmented(_book(metrics, catalogue), catalogue, count)


def segmented(book: Book, catalogue: Catalogue, count: int | None = None) -> Json:
    """Profiles, and a document that tells the segments by rules; as many segments as are farthest apart, or ``count``.

    What is not known counts as the median. ``silhouette`` says how far apart segments are: 1 far, 0 they touch.
    ``unclear`` is the share of clients of whom the rules do not know enough, ``fidelity`` the share of the others whom
    they put where the grouping did.
    """
    known = len(book.exposure)
    if known < LEAST_CLIENTS:
        raise TooFewClients(least=LEAST_CLIENTS)
    likeness = np.column_stack([_standard(values) for values in book.values.values()])
    tried = {size: _grouped(likeness, size) for size in ([count] if count else TRIED)}
    apart = {size: _apart(likeness, groups) for size, groups in tried.items()}
    best = max(apart, key=lambda size: apart[size])
    groups = _by_exposure(tried[best], book.exposure)
    document = _document(book, groups, catalogue)
    return {
        "metrics": list(book.values),
        "silhouette": apart[best],
        "tried": [{"segments": size, "silhouette": value} for size, value in apart.items()],
        "segments": list(_profiles(book, likeness, groups)),
        "document": document,
        **_told(document, book, groups),
    }


def _book(metrics: Sequence[str], catalogue: Catalogue) -> Book:
    fields = [number(key, sql) for key, sql in values_of(metrics, "f", catalogue).items()]
    amounts = [
        Field("exposure of all", "coalesce(f.exposure, 0)", "f8"),
        Field("revenue of all", "coalesce(f.revenue_12m, 0)", "f8"),
    ]
    source = "FROM tiering_facts f WHERE f.valid_to IS NULL ORDER BY f.client_id"
    loaded = load_columns([*fields, *amounts], source, {})
    exposure, revenue = (loaded[one.name] for one in amounts)
    return Book({key: loaded[key] for key in metrics}, exposure, revenue)


def _standard(values: Floats) -> Floats:
    """In distances from the median, those of giants on a logarithmic scale, with deviation 1. 0 for what is the same, or
    not known of anybody; what is not known counts as the median."""
    known = np.isfinite(values)
    if not known.any() or np.ptp(values[known]) == 0:
        return np.zeros(len(values))
    filled = np.where(known, values, np.median(values[known])).reshape(-1, 1)
    bent = np.arcsinh(RobustScaler().fit_transform(filled)[:, 0])
    found: Floats = (bent - bent.mean()) / bent.std()
    return found


def _grouped(likeness: Floats, size: int) -> NDArray[np.int64]:
    return MiniBatchKMeans(size, random_state=0, n_init=10).fit_predict(likeness).astype(np.int64)


def _apart(likeness: Floats, groups: NDArray[np.int64]) -> float:
    if len(np.unique(groups)) < 2:
        return 0.0
    drawn = min(LOOKED_AT, len(groups))
    return float(silhouette_score(likeness, groups, sample_size=drawn, random_state=0))


def _by_exposure(groups: NDArray[np.int64], exposure: Floats) -> NDArray[np.int64]:
    """Numbered by what they owe together, the most first; empty groups are no groups."""
    known, at = np.unique(groups, return_inverse=True)
    owed = np.bincount(at, exposure, len(known))
    place = np.empty(len(known), np.int64)
    place[np.argsort(-owed, kind="stable")] = np.arange(len(known))
    return place[at]


def _profiles(book: Book, likeness: Floats, groups: NDArray[np.int64]) -> Iterator[Json]:
    for group in range(groups.max() + 1):
        rows = groups == group
        yield {
            "key": f"s{group + 1}",
            "clients": int(rows.sum()),
            "share": float(rows.mean()),
            "exposure": float(book.exposure[rows].sum()),
            "revenue": float(book.revenue[rows].sum()),
            "metrics": [
                {"metric": metric, "median": _median(values[rows]), "deviation": float(like[rows].mean())}
                for (metric, values), like in zip(book.values.items(), likeness.T, strict=True)
            ],
        }


def _median(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else None


def _document(book: Book, groups: NDArray[np.int64], catalogue: Catalogue) -> Json:
    """A document whose fixed gates are the rules, each a path through a decision tree; who is in none is unclear."""
    keys = [f"s{group + 1}" for group in range(groups.max() + 1)]
    rules = list(_rules(book.values, groups))
    first = next(iter(book.values))
    halves = rounded(_median(book.values[first]) or 0.0)
    return {
        "format": 1,
        "scheme": "segments",
        "label": {"en": "Segments by likeness (example, calibrate)", "zh": "相似性分群（示例，需校准）"},
        "note": {
            "en": "Found by k-means over the book, told by the rules of a decision tree. Name the segments before use.",
            "zh": "由全量客户 k-means 聚类得出，并以决策树规则表达。使用前请为各群命名。",
        },
        "tiers": [
            *({"key": key, "label": {"en": f"Segment {key[1:]}", "zh": f"第 {key[1:]} 群"}} for key in keys),
            {"key": UNCLEAR, "label": OTHERS},
        ],
        "scorecards": [
            {
                "key": "all",
                "label": {"en": "All clients", "zh": "全部客户"},
                "dimensions": [
                    {
                        "key": "likeness",
                        "label": {"en": "Likeness", "zh": "相似性"},
                        "weight": 10_000,
                        "indicators": [
                            {
                                "metric": first,
                                "weight": 10_000,
                                "missing": {"policy": "worst"},
                                "bands": [
                                    {"lo": None, "hi": halves, "points": 0},
                                    {"lo": halves, "hi": None, "points": 100},
                                ],
                            }
                        ],
                    }
                ],
            }
        ],
        "cutoffs": [{"tier": UNCLEAR, "min": 0}],
        "gates": [
            {
                "key": f"{keys[group]}_{place}",
                "label": {
                    "en": f"Segment {group + 1}, rule {place}",
                    "zh": f"第 {group + 1} 群，规则 {place}",
                },
                "when": {"all": list(conditions)},
                "effect": "fixed",
                "tier": keys[group],
                "hard": False,
            }
            for place, (group, conditions) in enumerate(rules, 1)
        ],
        "policy": {},
    }


def _rules(values: Mapping[str, Floats], groups: NDArray[np.int64]) -> Iterator[tuple[int, Sequence[Json]]]:
    """The paths to the leaves of a tree, as conditions; thresholds are rounded to be read."""
    table = np.column_stack([np.nan_to_num(column, nan=_median(column) or 0.0) for column in values.values()])
    tree = DecisionTreeClassifier(
        max_leaf_nodes=LEAVES_EACH * (int(groups.max()) + 1), min_samples_leaf=5, random_state=0
    ).fit(table, groups)
    for group, path in _leaves(tree, list(values), 0, {}):
        yield group, [{"metric": key, "op": op, "value": limit} for (key, op), limit in path.items()]


def _leaves(
    tree: DecisionTreeClassifier, metrics: Sequence[str], node: int, path: Limits
) -> Iterator[tuple[int, Limits]]:
    """The group of each leaf, and the way to it."""
    inner = tree.tree_
    if inner.children_left[node] < 0:
        if path:
            yield int(tree.classes_[inner.value[node].argmax()]), path
        return
    metric, limit = metrics[inner.feature[node]], rounded(float(inner.threshold[node]))
    yield from _leaves(tree, metrics, inner.children_left[node], {**path, (metric, "<="): limit})
    yield from _leaves(tree, metrics, inner.children_right[node], {**path, (metric, ">"): limit})


def _told(document: Json, book: Book, groups: NDArray[np.int64]) -> Json:
    """How the rules do: a client of whom a rule does not know enough is in none of them."""
    size = len(groups)
    columns = Columns(size, book.values, {}, np.full(size, -1, np.int8), np.zeros(size, np.int32))
    tier = assess(read(document), columns, Terms()).tier
    clear = tier <= groups.max()
    return {
        "unclear": float((~clear).mean()),
        "fidelity": float((tier[clear] == groups[clear]).mean()) if clear.any() else None,
    }
