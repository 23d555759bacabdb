"""Bands and weights proposed on one half of a file of subjects, and tried on the other half."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tiering.calibration.proposal import History, Proposal, propose
from tiering.core.columns import NO_TIER, UNKNOWN_AGE, Coded, Column, Columns, coded, numbers
from tiering.core.columns_assess import assess
from tiering.core.document import SCORE_UNIT, Document
from tiering.core.metric import Catalogue
from tiering.core.reading import read
from tiering.core.terms import Terms
from tiering.evaluation.facts_file import FactsFile
from tiering.validation.discrimination import gini

TAILS = (0.01, 0.99)
"""Beyond these quantiles of the first half a value counts as the quantile, for the second of the two regressions."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. ``ginis`` by name: on the half that was learned from, and on the other one; None where either
    has too few outcomes."""

    proposal: Proposal
    subjects: tuple[int, int]
    bad: tuple[int, int]
    ginis: dict[str, tuple[float | None, float | None]]


def calibrated(document: dict[str, Any], known: Catalogue, facts: FactsFile, seed: int = 0) -> Trial:
    """Propose on one half, drawn by a seed, of the subjects whose outcome the file tells; try it on the other.

    Beside the document as it was stands scikit-learn's logistic regression on the same columns, with the median for what
    is missing: on the values as they are, and on values whose extremes are cut off.
    """
    parsed = read(document)
    columns, bad = _subjects(parsed, known, facts)
    order = np.random.default_rng(seed).permutation(len(bad))
    first, second = order[: len(bad) // 2], order[len(bad) // 2 :]
    halves = [(_chosen(columns, rows), bad[rows]) for rows in (first, second)]
    learned, outcome = halves[0]
    proposal = propose(document, History(learned, outcome, np.ones(len(outcome), np.bool_)), known)
    scores = {
        "before": [_scores(parsed, half) for half, _ in halves],
        "proposed": [_scores(read(proposal.document), half) for half, _ in halves],
        **_regressions(halves),
    }
    return Trial(
        proposal=proposal,
        subjects=(len(first), len(second)),
        bad=(int(bad[first].sum()), int(bad[second].sum())),
        ginis={
            name: (gini(one, halves[0][1]), gini(two, halves[1][1])) for name, (one, two) in scores.items()
        },
    )


def _subjects(document: Document, known: Catalogue, facts: FactsFile) -> tuple[Columns, NDArray[np.bool_]]:
    rows = [subject for subject in facts.subjects() if subject.outcome is not None]
    values = {
        key: (numbers if known[key].is_number else coded)([row.facts[key] for row in rows])
        for key in document.metrics
    }
    ages = {
        key: np.array([row.ages.get(key, UNKNOWN_AGE) for row in rows], np.int32)
        for key in document.aged_metrics
    }
    held = np.array([NO_TIER if row.held is None else row.held for row in rows], np.int8)
    days = np.array([row.held_days for row in rows], np.int32)
    return Columns(len(rows), values, ages, held, days), np.array([row.outcome for row in rows], np.bool_)


def _chosen(columns: Columns, rows: NDArray[np.intp]) -> Columns:
    values = {
        key: Coded(column.codes[rows], column.vocabulary) if isinstance(column, Coded) else column[rows]
        for key, column in columns.values.items()
    }
    ages = {key: column[rows] for key, column in columns.ages.items()}
    return Columns(len(rows), values, ages, columns.held[rows], columns.held_days[rows])


def _scores(document: Document, columns: Columns) -> NDArray[np.float64]:
    return assess(document, columns, Terms()).score / SCORE_UNIT


def _regressions(
    halves: list[tuple[Columns, NDArray[np.bool_]]],
) -> dict[str, list[NDArray[np.float64]]]:
    """The scores of scikit-learn's regressions on the numbers, the better ones higher."""
    outcome = halves[0][1]
    known = [key for key, column in halves[0][0].values.items() if _is_told(column)]
    tables = [np.column_stack([_values(half, key) for key in known]) for half, _ in halves]
    low, high = np.nanquantile(tables[0], TAILS, axis=0)
    found = {}
    for name, read_as in (
        ("regression", tables),
        ("regression_cut", [np.clip(table, low, high) for table in tables]),
    ):
        model = make_pipeline(
            SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression(max_iter=5_000)
        )
        model.fit(read_as[0], outcome)
        found[name] = [-model.decision_function(table) for table in read_as]
    return found


def _is_told(column: Column) -> bool:
    """Whether a regression can read it: a number that is known of somebody."""
    return not isinstance(column, Coded) and bool(np.isfinite(column).any())


def _values(columns: Columns, key: str) -> NDArray[np.float64]:
    column = columns.values[key]
    assert not isinstance(column, Coded)
    return column
