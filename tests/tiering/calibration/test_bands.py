"""Where metrics are cut, and how much indicators count."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiering.calibration.bands import LEAST_SHARE, MOST_BANDS, cut, grouped, rounded, scaled
from tiering.calibration.pd import fitted
from tiering.calibration.weights import in_basis_points, weights


def a_book(subjects=4_000, seed=0):
    """A metric of which more is better, and outcomes that follow it."""
    chance = np.random.default_rng(seed)
    values = chance.normal(0, 1, subjects)
    return values, chance.random(subjects) < 1 / (1 + np.exp(2 + 1.5 * values))


def test_bands_follow_the_outcome_one_way():
    values, bad = a_book()
    found = cut(values, bad, "higher")
    rates = [one.bad / (one.good + one.bad) for one in found.bins]
    assert 3 <= len(found.bins) <= MOST_BANDS
    assert rates == sorted(rates, reverse=True)
    assert found.points()[0] == 0
    assert found.points()[-1] == 100
    assert list(found.points()) == sorted(found.points())


def test_every_subject_is_in_one_bin():
    values, bad = a_book()
    values[:300] = np.nan
    found = cut(values, bad, "higher")
    assert sum(one.good + one.bad for one in found.bins) == 3_700
    assert found.missing.good + found.missing.bad == 300
    assert min(one.good + one.bad for one in found.bins) >= 0.9 * LEAST_SHARE * 3_700


def test_metric_that_goes_against_its_direction_is_not_cut():
    values, bad = a_book()
    assert cut(values, bad, "lower").edges == ()
    assert cut(values, bad, "lower").points() == (50,)


def test_metric_without_a_direction_goes_the_way_of_the_outcomes():
    values, bad = a_book()
    assert cut(values, bad, "neutral") == cut(values, bad, "higher")


@pytest.mark.parametrize("seed", range(6))
def test_bands_go_one_way_where_the_worst_lie_in_the_middle(seed):
    chance = np.random.default_rng(seed)
    values = chance.uniform(0, 1, 3_000)
    bad = chance.random(3_000) < np.where(values < 0.3, 0, np.where(values < 0.4, 0.03, 0.02))
    found = cut(values, bad, "lower")
    rates = [one.bad / (one.good + one.bad) for one in found.bins]
    assert len(found.bins) > 1
    assert rates == sorted(rates)
    assert list(found.points()) == sorted(found.points(), reverse=True)


def test_few_or_one_sided_subjects_are_not_cut():
    values, bad = a_book(10)
    assert cut(values, np.zeros(10, bool), "higher").edges == ()
    assert cut(values[:1], bad[:1], "higher").edges == ()


@given(st.floats(-1e12, 1e12))
def test_rounding_keeps_three_digits(value):
    assert rounded(value) == pytest.approx(value, rel=0.01)
    assert rounded(rounded(value)) == rounded(value)


def test_categories_have_a_bin_each_and_one_for_nobody():
    codes = np.array([0, 1, 1, 2, 2, 2])
    bins, none, _ = grouped(codes, np.array([1, 0, 1, 0, 0, 0], bool), 3)
    assert [(one.good, one.bad) for one in bins] == [(1, 1), (3, 0), (0, 0)]
    assert (none.good, none.bad) == (0, 1)


def test_points_run_from_nothing_to_a_hundred():
    assert scaled([-1.0, 0.0, 1.0]) == (0, 50, 100)
    assert scaled([2.0, 2.0]) == (50, 50)


def test_indicator_that_tells_more_weighs_more_and_one_that_misleads_nothing():
    chance = np.random.default_rng(1)
    strong, weak = chance.uniform(0, 100, (2, 6_000))
    bad = chance.random(6_000) < 1 / (1 + np.exp(1 + 0.04 * (strong - 50) + 0.01 * (weak - 50)))
    found = weights(
        {"strong": strong, "weak": weak, "wrong": 100 - strong, "flat": np.full(6_000, 50.0)}, bad
    )
    assert found["strong"] > 2 * found["weak"] > 0
    assert (found["wrong"], found["flat"]) == (0, 0)
    assert sum(found.values()) == pytest.approx(1)


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=30))
def test_basis_points_add_up(shares):
    found = in_basis_points(shares)
    assert sum(found) == 10_000
    assert all(
        abs(10_000 * share / sum(shares) - points) <= 1 for share, points in zip(shares, found, strict=True)
    )


def test_probability_falls_with_the_score_and_hits_the_whole():
    chance = np.random.default_rng(2)
    score = chance.uniform(0, 100, 5_000)
    bad = chance.random(5_000) < 1 / (1 + np.exp(0.05 * score))
    curve = fitted(score, bad)
    assert curve.slope == pytest.approx(-0.05, abs=0.005)
    assert curve.at(score).mean() == pytest.approx(bad.mean(), rel=1e-3)
