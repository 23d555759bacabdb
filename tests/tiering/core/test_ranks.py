"""Ranks of a population as least values: shares of those ahead, equals together, exactly; in Python and in SQL."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiering.core.generators import EDGES, STRANGE
from tests.tiering.core.methods import Subject
from tests.tiering.core.parity import parity
from tests.tiering.core.postgres import subject_rows
from tests.tiering.core.worked import TIERS, method, placed
from tiering.core.compile_ranks import as_thresholds, compile_thresholds
from tiering.core.document import SCORE_UNIT, Document
from tiering.core.ranks import thresholds
from tiering.core.terms import Terms

POOL = (
    0.1,
    0.2,
    0.3,
    math.nextafter(0.3, 0),
    0.333333333333333,
    1 / 3,
    1.0,
    2.0,
    5.0,
    20.0,
    30.0,
    50.0,
    1e15,
    1e16,
)


def ranked(by: str, *shares: int) -> Document:
    steps = [{"tier": tier, "share": share} for tier, share in zip(TIERS, shares, strict=False)]
    steps.append({"tier": TIERS[len(shares)], "share": 10_000})
    return method(
        tiers=[{"key": key, "label": {"en": key, "zh": key}} for key in TIERS[: len(steps)]],
        cutoffs={"by": by, **({"metric": "exposure"} if by == "cumulative" else {}), "steps": steps},
    )


def by_score(*scores: float) -> list[Subject]:
    return [Subject({"credit_score": score}) for score in scores]


def by_exposure(*values: float | None) -> list[Subject]:
    return [Subject({"exposure": value}) for value in values]


def in_python(document: Document, subjects: list[Subject]) -> tuple[float | None, ...]:
    return thresholds(document, [(subject.facts, subject.ages) for subject in subjects])[""]


def in_sql(connection, document: Document, subjects: list[Subject]) -> tuple[float | None, ...]:
    statement, params = compile_thresholds(document, "given")
    rows = subject_rows(connection, subjects or by_exposure(None), statement, params)
    return as_thresholds(document, [(row["placement_key"], row["step"], row["minimum"]) for row in rows])[""]


@pytest.mark.parametrize(
    ("shares", "scores", "least"),
    [
        ([2000], [90, 70, 50, 30, 10], [90]),
        ([2001], [90, 70, 50, 30, 10], [70]),
        ([2000, 6000], [90, 70, 50, 30, 10], [90, 50]),
        ([2000], [90, 90, 90, 30, 10], [90]),
        ([2000, 6000], [90, 50, 50, 50, 10], [90, 50]),
        ([1], [90, 70], [90]),
        ([5000], [40, 40, 40, 40], [40]),
    ],
)
def test_the_top_share_takes_those_with_less_than_it_ahead_of_them(postgres, shares, scores, least):
    document, subjects = ranked("top", *shares), by_score(*scores)
    expected = tuple(score * SCORE_UNIT for score in least)
    assert in_python(document, subjects) == in_sql(postgres, document, subjects) == expected


@pytest.mark.parametrize(
    ("shares", "values", "least"),
    [
        ([8000], [50.0, 30.0, 15.0, 5.0], [30.0]),
        ([8001], [50.0, 30.0, 15.0, 5.0], [15.0]),
        ([1000, 5000], [90.0, 6.0, 4.0], [90.0, 90.0]),
        ([5000], [20.0, 20.0, 20.0, 20.0], [20.0]),
        ([5000], [-1000.0, 1.0], [1.0]),
        ([5000], [None, math.nan, math.inf, -math.inf, 3.0, 2.0], [3.0]),
        ([9_999], [2.0, 1.0, 0.0, -1.0], [1.0]),
        ([5000], [0.0, -2.0, None], [None]),
        ([5000], [], [None]),
        ([5000], [50.01, 50.0, 0.01], [50.01]),
        # 0.3 to 15 digits, so that exactly half lies ahead of the next, although the float is less than 0.3.
        ([5000], [math.nextafter(0.3, 0), 0.2, 0.1], [math.nextafter(0.3, 0)]),
        ([5000], [1e308, 1e308, 5e-324], [1e308]),
        ([1, 9_999], [1e-323, 5e-324], [1e-323, 5e-324]),
    ],
)
def test_a_cumulative_share_takes_those_with_less_than_it_ahead_of_them(postgres, shares, values, least):
    document, subjects = ranked("cumulative", *shares), by_exposure(*values)
    assert in_python(document, subjects) == in_sql(postgres, document, subjects) == tuple(least)


def test_equals_fall_together_and_the_largest_is_always_first():
    document = ranked("cumulative", 1000, 9000)
    values = [70.0, 10.0, 10.0, 10.0]
    terms = Terms(thresholds=thresholds(document, [({"exposure": value}, {}) for value in values]))
    assert [placed(document, None, exposure=value, terms=terms).tier for value in values] == [0, 1, 1, 1]


def test_who_is_not_ranked_comes_last_and_stays_provisional():
    document = ranked("cumulative", 5000)
    terms = Terms(thresholds={"": (3.0,)})
    known, unknown = (placed(document, 90, exposure=value, terms=terms) for value in (3.0, math.nan))
    assert (known.tier, known.provisional) == (0, False)
    assert (unknown.tier, unknown.provisional) == (1, True)


def test_without_thresholds_nobody_can_be_ranked():
    with pytest.raises(KeyError):
        placed(ranked("top", 5000), 90)


@parity
@given(
    shares=st.sets(st.integers(1, 19).map(lambda step: step * 500), min_size=1, max_size=4).map(sorted),
    values=st.lists(
        st.one_of(st.sampled_from(POOL), st.sampled_from([*EDGES, *STRANGE])), min_size=1, max_size=20
    ),
    by=st.sampled_from(["top", "cumulative"]),
)
def test_ranking_in_sql_equals_ranking_in_python(postgres, shares, values, by):
    document = ranked(by, *shares)
    subjects = [Subject({"exposure": value, "credit_score": value}) for value in values]
    assert in_sql(postgres, document, subjects) == in_python(document, subjects)
