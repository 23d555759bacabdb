"""A document whose bands, points and weights come from what became of subjects, with the evidence for every number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tiering.calibration.bands import MOST_BANDS, Bin, Cut, cut, grouped, rounded, scaled
from tiering.calibration.weights import in_basis_points, weights
from tiering.core.columns import Coded, Columns
from tiering.core.columns_assess import assess
from tiering.core.columns_memo import Memo
from tiering.core.columns_scores import cards_of
from tiering.core.document import SCORE_UNIT
from tiering.core.metric import Catalogue
from tiering.core.reading import read
from tiering.core.terms import Terms
from tiering.validation.discrimination import LEAST_BAD

Json = dict[str, Any]
Flags = NDArray[np.bool_]
LEAST_INFORMATION: Final = 0.02
"""An indicator that says less than this about the outcome gets no weight."""


@dataclass(frozen=True, slots=True)
class History:
    """Subjects as they were known, and what became of them; ``counted`` tells whose outcome counts."""

    columns: Columns
    bad: Flags
    counted: Flags


@dataclass(frozen=True, slots=True)
class Proposal:
    """The document, and by scorecard what it rests on. A scorecard with too few outcomes stays as it was."""

    document: Json
    evidence: Json


def propose(document: Json, history: History, catalogue: Catalogue, most_bands: int = MOST_BANDS) -> Proposal:
    """New bands, points and weights for every scorecard of a document that may be published, over the same metrics.

    Dimensions stay; what says too little about the outcome has weight 0 at most until somebody takes it out, so an
    indicator of no weight is left out of the document. Cut-offs by score are moved so that as many subjects have each
    tier as by the document before. Gates, overlays and policies stay as they are.
    """
    proposed, found = deepcopy(document), {}
    parsed = read(document)
    cards = cards_of(parsed, history.columns, Memo())
    for number, card in enumerate(proposed["scorecards"]):
        rows = history.counted & (cards == number)
        bad = history.bad[rows]
        told = {"subjects": len(bad), "bad": int(bad.sum())}
        if min(told["bad"], told["subjects"] - told["bad"]) < LEAST_BAD:
            found[card["key"]] = {**told, "kept": True, "least_bad": LEAST_BAD}
            continue
        found[card["key"]] = {
            **told,
            "kept": False,
            **_calibrated(card, history, rows, catalogue, most_bands),
        }
    _move_cutoffs(document, proposed, history)
    return Proposal(proposed, {"scorecards": found})


def _calibrated(card: Json, history: History, rows: Flags, catalogue: Catalogue, most: int) -> Json:
    """Put new scales and weights into a scorecard; the evidence by indicator."""
    bad = history.bad[rows]
    read_by = {
        indicator["metric"]: _scale(indicator, history.columns, rows, bad, catalogue, most)
        for dimension in card["dimensions"]
        for indicator in dimension["indicators"]
    }
    telling = {key: scale for key, scale in read_by.items() if scale.information >= LEAST_INFORMATION}
    shares = weights({key: scale.earned for key, scale in telling.items()}, bad)
    if not any(shares.values()):
        return {"indicators": [scale.evidence(0.0) for scale in read_by.values()], "kept": True}
    _weigh(card, shares, read_by)
    return {"indicators": [scale.evidence(shares.get(key, 0.0)) for key, scale in read_by.items()]}


@dataclass(frozen=True, slots=True)
class _Scale:
    """How an indicator would read its metric: its JSON without weight, and the points that each subject earns."""

    metric: str
    content: Json
    earned: NDArray[np.float64]
    information: float
    bins: Sequence[Json]
    missing: Bin

    def evidence(self, share: float) -> Json:
        return {
            "metric": self.metric,
            "share": share,
            "information_value": self.information,
            "bins": list(self.bins),
            "missing": asdict(self.missing),
        }


def _scale(
    indicator: Json, columns: Columns, rows: Flags, bad: Flags, catalogue: Catalogue, most: int
) -> _Scale:
    metric = indicator["metric"]
    column = columns.values[metric]
    kept: Json = {key: indicator[key] for key in ("metric", "unit", "max_age_days") if key in indicator}
    if isinstance(column, Coded):
        return _of_categories(kept, column, rows, bad, catalogue)
    values = column[rows]
    found = cut(values, bad, catalogue[metric].direction, most)
    points = found.points()
    missing = _missing(found.missing, [one.evidence for one in found.bins])
    at = np.searchsorted(found.edges, values, side="right")
    earned = np.where(np.isfinite(values), np.array(points, np.float64).take(at), missing.get("points", 0))
    bands = list(_bands(found, points))
    return _Scale(
        metric=metric,
        content={**kept, "missing": missing, "bands": bands},
        earned=earned,
        information=found.information_value if len(found.bins) > 1 else 0.0,
        bins=[{**band, **asdict(one)} for band, one in zip(bands, found.bins, strict=True)],
        missing=found.missing,
    )


def _of_categories(kept: Json, column: Coded, rows: Flags, bad: Flags, catalogue: Catalogue) -> _Scale:
    words = list(catalogue[kept["metric"]].categories)
    place = {word: code for code, word in enumerate(words, 1)}
    recoded = np.array([place.get(word, 0) for word in column.vocabulary])
    codes = recoded.take(column.codes[rows])
    bins, none, information = grouped(codes, bad, len(words))
    points = scaled([one.evidence for one in bins])
    missing = _missing(none, [one.evidence for one in bins])
    return _Scale(
        metric=kept["metric"],
        content={**kept, "missing": missing, "categories": dict(zip(words, points, strict=True))},
        earned=np.array([missing.get("points", 0), *points], np.float64).take(codes),
        information=information if len(set(points)) > 1 else 0.0,
        bins=[
            {"category": word, "points": worth, **asdict(one)}
            for word, worth, one in zip(words, points, bins, strict=True)
        ],
        missing=none,
    )


def _bands(found: Cut, points: Sequence[int]) -> Iterator[Json]:
    edges = [None, *found.edges, None]
    for lo, hi, worth in zip(edges, edges[1:], points, strict=False):
        yield {"lo": lo, "hi": hi, "points": worth}


def _missing(bin_: Bin, evidence: Sequence[float]) -> Json:
    """What is earned without a value: by its own evidence where there is some, never as much as the best."""
    low, high = min(evidence), max(evidence)
    if not (bin_.good or bin_.bad) or low == high:
        return {"policy": "worst"}
    points = round(100 * (min(max(bin_.evidence, low), high) - low) / (high - low))
    return {"policy": "neutral", "points": min(points, 90)} if points > 0 else {"policy": "worst"}


def _weigh(card: Json, shares: Mapping[str, float], scales: Mapping[str, _Scale]) -> None:
    """New weights for the dimensions and indicators of a scorecard; who has none is taken out."""
    for dimension in card["dimensions"]:
        kept = [part["metric"] for part in dimension["indicators"] if shares.get(part["metric"])]
        dimension["indicators"] = [scales[metric].content for metric in kept]
        if kept:
            parts = in_basis_points([shares[metric] for metric in kept])
            for indicator, weight in zip(dimension["indicators"], parts, strict=True):
                indicator["weight"] = weight
    card["dimensions"] = [dimension for dimension in card["dimensions"] if dimension["indicators"]]
    sums = [
        sum(shares[indicator["metric"]] for indicator in dimension["indicators"])
        for dimension in card["dimensions"]
    ]
    for dimension, weight in zip(card["dimensions"], in_basis_points(sums), strict=True):
        dimension["weight"] = weight


def _move_cutoffs(before: Json, after: Json, history: History) -> None:
    """Cut-offs at the scores that leave the shares of the tiers as they were."""
    if not isinstance(before["cutoffs"], list):
        return
    old, new = (
        np.sort(assess(read(document), history.columns, Terms()).score / SCORE_UNIT)
        for document in (before, after)
    )
    for step in after["cutoffs"][:-1]:
        share = np.searchsorted(old, step["min"], side="left") / max(len(old), 1)
        step["min"] = rounded(float(np.quantile(new, min(share, 1.0))))
    _keep_in_order(after["cutoffs"])


def _keep_in_order(steps: list[Json]) -> None:
    """Each cut-off at least a hundredth of a point above the next."""
    for worse, better in zip(steps[::-1], steps[-2::-1], strict=False):
        better["min"] = min(max(better["min"], round(worse["min"] + 0.01, 2)), 100)
