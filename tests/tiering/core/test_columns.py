"""Columns and Python give every subject the same result, whatever the document, the terms and the facts.

``pytest -n0 --hypothesis-profile=heavy tests/tiering/core/test_columns.py`` compares hundreds of thousands of them.
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tiering.core.generators import CATEGORIES, NUMBERS, conditions, facts, valid_documents
from tests.tiering.core.methods import Book, Subject, books
from tests.tiering.core.parity import parity
from tests.tiering.core.sensible import WAYS
from tiering.core.columns import NO_TIER, UNKNOWN_AGE, Assessments, Columns, coded, numbers
from tiering.core.columns_assess import assess, needs_review
from tiering.core.columns_holds import holds as holds_in_columns
from tiering.core.columns_memo import Memo
from tiering.core.columns_ranks import thresholds as thresholds_of_columns
from tiering.core.columns_scores import missing_of
from tiering.core.conditions import holds, parse
from tiering.core.document import Document
from tiering.core.evaluate import evaluate
from tiering.core.evaluate import needs_review as needs_review_in_python
from tiering.core.ranks import least_values, weight_of
from tiering.core.reading import read
from tiering.core.terms import Terms
from tiering.evaluation.results import COLUMNS

NAMED = (*NUMBERS, "days_overdue")
Rows = list[dict[str, Any]]


def columns_of(subjects: Sequence[Subject]) -> Columns:
    metrics = (*NAMED, *CATEGORIES)
    ages = [[subject.ages.get(metric, UNKNOWN_AGE) for subject in subjects] for metric in metrics]
    held = [NO_TIER if subject.held is None else subject.held for subject in subjects]
    return Columns(
        count=len(subjects),
        values={
            **{metric: numbers([subject.facts.get(metric) for subject in subjects]) for metric in NAMED},
            **{metric: coded([subject.facts.get(metric) for subject in subjects]) for metric in CATEGORIES},
        },
        ages={metric: np.array(days, np.int32) for metric, days in zip(metrics, ages, strict=True)},
        held=np.array(held, np.int8),
        held_days=np.array([subject.held_days for subject in subjects], np.int32),
    )


def in_columns(document: Document, found: Assessments) -> Rows:
    return [
        {
            "scorecard": document.scorecards[found.card[row]].key,
            "score": int(found.score[row]),
            **{
                step: int(getattr(found, step)[row])
                for step in ("model_tier", "base_tier", "overlay_tier", "tier")
            },
            "provisional": bool(found.provisional[row]),
            "gates": tuple(key for key, where in found.gates.items() if where[row]),
            "overlays": tuple(key for key, where in found.overlays.items() if where[row]),
        }
        for row in range(len(found.tier))
    ]


def in_python(document: Document, terms: Terms, subjects: Sequence[Subject]) -> Rows:
    results = [evaluate(document, subject.facts, subject.setting(terms)) for subject in subjects]
    return [{name: getattr(result, name) for name in COLUMNS} for result in results]


def reviews_in_python(document: Document, subjects: Sequence[Subject], tiers: Sequence[int]) -> list[bool]:
    return [
        needs_review_in_python(document, subject.facts, subject.held, tier)
        for subject, tier in zip(subjects, tiers, strict=True)
    ]


def unread_in_python(document: Document, terms: Terms, subjects: Sequence[Subject]) -> dict[str, list[bool]]:
    """By metric, for whom an indicator of the scorecard that applies found no value."""
    found: dict[str, list[bool]] = {}
    for number, subject in enumerate(subjects):
        for dimension in evaluate(document, subject.facts, subject.setting(terms)).dimensions:
            for trace in dimension.indicators:
                if trace.missing is not None:
                    found.setdefault(trace.metric, [False] * len(subjects))[number] = True
    return found


def compare(document: Document, terms: Terms, subjects: Sequence[Subject], memo: Memo) -> None:
    columns = columns_of(subjects)
    found = assess(document, columns, terms, memo)
    assert in_columns(document, found) == in_python(document, terms, subjects)
    reviews = needs_review(document, columns, columns.held, found.tier, memo)
    assert reviews.tolist() == reviews_in_python(document, subjects, found.tier.tolist())
    unread = {metric: where.tolist() for metric, where in missing_of(document, columns, memo).items()}
    assert {metric: where for metric, where in unread.items() if any(where)} == unread_in_python(
        document, terms, subjects
    )


REVIEWS = st.one_of(
    st.none(),
    conditions(),
    st.tuples(
        st.sampled_from(["notches", "old_rank", "new_rank"]),
        st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
        st.integers(-2, 3),
        conditions(),
        st.sampled_from(["all", "any"]),
    ).map(lambda drawn: {drawn[4]: [{"not": dict(zip(("metric", "op", "value"), drawn, strict=False))}, drawn[3]]}),
)  # fmt: skip


@parity
@given(book=books(), review=REVIEWS)
def test_assessing_columns_equals_assessing_in_python(book: Book, review):
    policy = {key: value for key, value in book.data["policy"].items() if key != "review_when"}
    book.data["policy"] = policy if review is None else {**policy, "review_when": review}
    document = read(book.data)
    terms = book.terms(document)
    columns = columns_of(book.subjects)
    assert thresholds_of_columns(document, columns, Memo()) == terms.thresholds
    compare(document, terms, book.subjects, Memo())


@settings(parity, max_examples=40)
@given(book=books(), draft=valid_documents(), choice=st.randoms(use_true_random=False))
def test_an_edited_document_is_assessed_as_if_nothing_had_been_kept(book: Book, draft, choice):
    """The same memory serves one document after the other, as it does while somebody edits."""
    memo = Memo()
    columns = columns_of(book.subjects)
    for data in (book.data, draft, edited(draft, choice), edited(book.data, choice), book.data):
        document = read(data)
        terms = book.terms(document)
        assert thresholds_of_columns(document, columns, memo) == terms.thresholds
        compare(document, terms, book.subjects, memo)


def edited(data: dict[str, Any], choice: Any) -> dict[str, Any]:
    """The document with one indicator's points, policy, weight, age limit or scorecard's condition changed."""
    data = deepcopy(data)
    card = choice.choice(data["scorecards"])
    dimension = choice.choice(card["dimensions"])
    indicator = choice.choice(dimension["indicators"])
    act = choice.randrange(5)
    if act == 0:
        indicator["missing"] = choice.choice(
            [{"policy": "worst"}, {"policy": "reweight"}, {"policy": "block"}]
        )
    elif act == 1:
        indicator["max_age_days"] = choice.choice([0, 30, 365])
    elif act == 2 and "bands" in indicator:
        choice.choice(indicator["bands"])["points"] = choice.randrange(101)
    elif act == 3 and "when" in card:
        card["when"] = {"metric": choice.choice(NUMBERS), "op": ">", "value": 0.3}
    elif len(dimension["indicators"]) > 1:
        first, second = dimension["indicators"][:2]
        first["weight"], second["weight"] = second["weight"], first["weight"]
    return data


@parity
@given(
    data=st.lists(conditions(), min_size=1, max_size=5), subjects=st.lists(facts(), min_size=1, max_size=25)
)
def test_a_condition_on_columns_equals_the_condition_in_python(data, subjects):
    columns, memo = columns_of(list(map(Subject, subjects))), Memo()
    for condition in map(parse, data):
        found = holds_in_columns(condition, columns, memo)
        assert found.tolist() == [holds(condition, subject) for subject in subjects]


SHARES = st.lists(st.integers(1, 9_999), min_size=1, max_size=4, unique=True).map(sorted)


@parity
@given(
    values=st.lists(
        st.one_of(st.sampled_from([0.0, 1.0, 2.0, 2.5, 1e16, 0.1, 0.2, 0.3, -3.0]), st.floats(-1e6, 1e6)),
        max_size=40,
    ),
    shares=SHARES,
)
def test_ranks_that_end_exactly_where_somebody_stands_are_told_exactly(values, shares):
    document = read(by_revenue(shares))
    placement = document.rank_placements[0][1]
    columns = Columns(
        len(values),
        {"revenue": numbers(values)},
        {},
        np.full(len(values), -1, np.int8),
        np.zeros(len(values), np.int32),
    )
    expected = least_values(placement, [(value, weight_of(value)) for value in values])
    assert thresholds_of_columns(document, columns, Memo())[""] == expected


def by_revenue(shares: Sequence[int]) -> dict[str, Any]:
    data = deepcopy(WAYS[2]())
    steps = [{"tier": "A", "share": share} for share in shares]
    data["cutoffs"] = {
        "by": "cumulative",
        "metric": "revenue",
        "steps": [*steps, {"tier": "D", "share": 10_000}],
    }
    (indicator,) = data["scorecards"][0]["dimensions"][1]["indicators"]
    data["scorecards"] = [{"key": "all", "label": data["label"], "dimensions": [
        {"key": "one", "label": data["label"], "weight": 10_000, "indicators": [{**indicator, "metric": "revenue"}]}
    ]}]  # fmt: skip
    return {**data, "gates": [], "overlays": [], "policy": {}}


def test_what_is_kept_stays_within_bounds():
    memo = Memo(most_bytes=1_000)
    for number in range(100):
        assert memo.of(number, lambda: np.zeros(50)).nbytes == 400
    assert memo.bytes <= 1_000


def test_a_metric_without_a_column_is_told():
    columns = columns_of([Subject({})])
    document = read(WAYS[0]())
    with pytest.raises(KeyError):
        assess(document, columns, Terms())


def test_ranks_without_thresholds_are_told():
    columns = columns_of([Subject({})])
    data = by_revenue([100])
    with pytest.raises(KeyError):
        assess(
            read(data), Columns(1, {"revenue": numbers([1.0])}, {}, columns.held, columns.held_days), Terms()
        )
