"""Python and SQL give every subject the same result, whatever the document, the terms and the facts.

``pytest -n0 --hypothesis-profile=heavy tests/tiering/core/test_parity.py`` compares more than 200,000 pairs of them.
"""

import math
from copy import deepcopy
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg2.extensions import connection as Connection

from tests.tiering.core.generators import conditions, facts, valid_documents
from tests.tiering.core.methods import Subject, books
from tests.tiering.core.parity import parity
from tests.tiering.core.postgres import COMPARED, subject_rows
from tiering.core.compile import compile_assessment
from tiering.core.compile_ranks import as_thresholds, compile_thresholds
from tiering.core.conditions import holds, metrics_of, parse
from tiering.core.document import Document
from tiering.core.evaluate import Assessment, evaluate
from tiering.core.reading import read
from tiering.core.sql import compile_condition
from tiering.core.terms import Terms, Thresholds

Rows = list[dict[str, Any]]


def as_row(number: int, assessment: Assessment) -> dict[str, Any]:
    return {
        "client_id": number,
        "scorecard": assessment.scorecard,
        "score": assessment.score,
        "model_tier": assessment.model_tier,
        "base_tier": assessment.base_tier,
        "overlay_tier": assessment.overlay_tier,
        "tier": assessment.tier,
        "provisional": assessment.provisional,
        "gates": list(assessment.gates),
        "overlays": list(assessment.overlays),
    }


def in_sql(connection: Connection, document: Document, terms: Terms, subjects: list[Subject]) -> Rows:
    """Of an odd number of subjects in the order of clients, as runs over ranges have it: nothing else changes."""
    in_order = len(subjects) % 2 == 1
    statement, params = compile_assessment(document, "given", terms=terms, in_order=in_order)
    return subject_rows(connection, subjects, f"{statement} ORDER BY client_id", params)


def in_python(document: Document, terms: Terms, subjects: list[Subject]) -> Rows:
    return [
        as_row(number, evaluate(document, subject.facts, subject.setting(terms)))
        for number, subject in enumerate(subjects)
    ]


def ranked_in_sql(connection: Connection, document: Document, subjects: list[Subject]) -> Thresholds:
    statement, params = compile_thresholds(document, "given")
    rows = subject_rows(connection, subjects, statement, params)
    return as_thresholds(document, [(row["placement_key"], row["step"], row["minimum"]) for row in rows])


@parity
@given(book=books())
def test_assessing_in_sql_equals_assessing_in_python(postgres, book):
    document = read(book.data)
    terms = book.terms(document)
    assert ranked_in_sql(postgres, document, book.subjects) == terms.thresholds
    assert in_sql(postgres, document, terms, book.subjects) == in_python(document, terms, book.subjects)
    COMPARED["pairs of document and facts"] += len(book.subjects)


@settings(parity, max_examples=30)
@given(data=valid_documents(), choice=st.integers(0, 1_000))
def test_moving_one_band_edge_by_the_least_amount_shows(postgres, data, choice):
    data |= {"scorecards": data["scorecards"][-1:], "gates": []}
    moved = deepcopy(data)
    seams = [
        (indicator["metric"], pair)
        for dimension in moved["scorecards"][0]["dimensions"]
        for indicator in dimension["indicators"]
        for pair in pairwise(indicator.get("bands", ()))
        if pair[0]["points"] != pair[1]["points"]
    ]
    metric, (below, above) = seams[choice % len(seams)]
    on_the_edge = [Subject({metric: below["hi"]})]
    below["hi"] = above["lo"] = math.nextafter(below["hi"], math.inf)
    expected = in_python(read(data), Terms(), on_the_edge)
    assert in_sql(postgres, read(data), Terms(), on_the_edge) == expected
    assert in_sql(postgres, read(moved), Terms(), on_the_edge) != expected


@parity
@given(
    data=st.lists(conditions(), min_size=1, max_size=5), subjects=st.lists(facts(), min_size=8, max_size=25)
)
def test_a_condition_in_sql_equals_the_condition_in_python(postgres, data, subjects):
    parsed = [parse(item) for item in data]
    columns = {metric: f'given."{metric}"' for condition in parsed for metric in metrics_of(condition)}
    compiled = [compile_condition(condition, columns) for condition in parsed]
    wanted = ", ".join(f"{sql} AS c{number}" for number, (sql, _) in enumerate(compiled))
    params = [value for _, values in compiled for value in values]
    statement = f"SELECT {wanted} FROM given ORDER BY client_id"
    rows = subject_rows(postgres, list(map(Subject, subjects)), statement, params)
    for row, subject in zip(rows, subjects, strict=True):
        answers = [row[f"c{number}"] for number in range(len(parsed))]
        assert answers == [holds(condition, subject) for condition in parsed]
