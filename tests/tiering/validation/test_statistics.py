"""Figures of validation against values worked out elsewhere."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiering.core.discrimination import discrimination as exact
from tiering.validation.discrimination import LEAST_BAD, discrimination, gini, information_value
from tiering.validation.rates import inversions, rate_of
from tiering.validation.readings import power_of, shift_of, spread_of
from tiering.validation.stability import (
    bandwidth,
    change_in_concentration,
    concentration,
    migration,
    stability_index,
)


def counted(scores):
    values, counts = np.unique(scores, return_counts=True)
    return dict(zip(values.tolist(), counts.tolist(), strict=True))


def a_book(good=200, bad=40, apart=1.0, seed=1):
    chance = np.random.default_rng(seed)
    scores = np.concatenate([chance.normal(apart, 1, good), chance.normal(0, 1, bad)]).round(1)
    return scores, np.arange(good + bad) >= good


def test_migration_bandwidth_is_that_of_the_published_example():
    before = np.array([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]) - 1
    after = np.array([1, 1, 2, 3, 1, 2, 2, 3, 1, 2, 3, 3]) - 1
    found = bandwidth(migration(before, after, 3))
    assert (found.down, found.up) == (pytest.approx(0.8), pytest.approx(0.8))


def test_migration_bandwidth_of_a_still_book_is_not_a_number_of_moves():
    still = np.array([0, 1, 2])
    assert bandwidth(migration(still, still, 3)) == bandwidth(np.diag([1, 1, 1]))
    assert bandwidth(np.diag([1, 1, 1])).down is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=60, max_size=200))
def test_auc_is_the_exact_one(subjects):
    scores = np.array([score for score, _ in subjects], float)
    bad = np.array([flag for _, flag in subjects])
    found = discrimination(scores, bad)
    reference = exact(counted(scores[~bad]), counted(scores[bad]))
    if min(bad.sum(), (~bad).sum()) < LEAST_BAD:
        assert found is None
        return
    assert found.auc == pytest.approx(float(reference.auc))
    assert found.gini == pytest.approx(float(reference.gini))


def test_scores_that_separate_have_gini_one_and_the_other_way_round_minus_one():
    bad = np.arange(60) < 30
    scores = np.where(bad, 0.0, 1.0)
    assert discrimination(scores, bad).gini == 1
    assert discrimination(-scores, bad).gini == -1
    assert discrimination(scores, bad).ks == 1


def test_few_bad_outcomes_are_no_ground_for_a_figure():
    scores, bad = a_book(bad=LEAST_BAD - 1)
    assert discrimination(scores, bad) is None
    assert gini(scores, bad) is None


def test_bootstrap_interval_holds_the_gini_and_narrows_with_more_subjects():
    few, many = (discrimination(*a_book(200 * size, 40 * size)) for size in (1, 16))
    for found in (few, many):
        assert found.gini_interval[0] < found.gini < found.gini_interval[1]
    assert np.ptp(many.gini_interval) < np.ptp(few.gini_interval) / 2


def test_bootstrap_is_repeatable():
    scores, bad = a_book()
    assert discrimination(scores, bad) == discrimination(scores, bad)


def test_curves_run_from_corner_to_corner_and_do_not_depend_on_order():
    scores, bad = a_book()
    turned = discrimination(scores[::-1], bad[::-1])
    found = discrimination(scores, bad)
    for curve in (found.roc, found.cap):
        assert (curve.x[0], curve.y[0], curve.x[-1], curve.y[-1]) == (0, 0, 1, 1)
        assert list(curve.x) == sorted(curve.x)
    assert (turned.roc, turned.cap) == (found.roc, found.cap)


def test_area_under_the_roc_is_the_auc():
    scores, bad = a_book(2000, 400)
    found = discrimination(scores, bad)
    assert np.trapezoid(found.roc.y, found.roc.x) == pytest.approx(found.auc, abs=0.005)


def test_gini_of_a_metric_leaves_out_those_of_whom_it_is_not_known():
    scores, bad = a_book()
    with_gaps = np.concatenate([scores, [np.nan] * 50])
    assert gini(with_gaps, np.concatenate([bad, [True] * 50])) == pytest.approx(gini(scores, bad))


def test_information_value_is_that_of_a_worked_table():
    # Shares of good 0.5 0.3 0.2 and of bad 0.2 0.3 0.5: 2 × 0.3 × ln 2.5.
    found = information_value(np.array([50.0, 30, 20]), np.array([20.0, 30, 50]))
    assert found == pytest.approx(0.6 * np.log(2.5))


def test_stability_index_is_that_of_a_worked_table():
    # (0.6 − 0.5) ln(0.6/0.5) + (0.4 − 0.5) ln(0.4/0.5)
    found = stability_index(np.array([50.0, 50]), np.array([60.0, 40]))
    assert found == pytest.approx(0.1 * np.log(1.2) - 0.1 * np.log(0.8))
    assert stability_index(np.array([5.0, 5]), np.array([50.0, 50])) == 0
    assert stability_index(np.zeros(2), np.ones(2)) is None


def test_empty_cell_counts_as_the_declared_share():
    found = stability_index(np.array([50.0, 50, 0]), np.array([40.0, 40, 20]))
    assert found == pytest.approx(2 * -0.1 * np.log(0.8) + (0.2 - 0.0001) * np.log(0.2 / 0.0001))


def test_concentration_runs_from_even_to_whole():
    assert concentration(np.array([5.0, 5, 5, 5])) == pytest.approx(0.25)
    assert concentration(np.array([7.0, 0])) == 1
    assert concentration(np.zeros(3)) is None


def test_rate_has_wilsons_interval():
    # 5 of 100: 0.0215 to 0.1118 (Wilson, 95 %).
    found = rate_of(100, 5)
    assert (found.rate, found.low, found.high) == (
        0.05,
        pytest.approx(0.0215, abs=1e-4),
        pytest.approx(0.1118, abs=1e-4),
    )
    assert rate_of(0, 0).rate is None


def test_inversion_is_told_with_its_chance_and_empty_tiers_are_passed_over():
    fine = [rate_of(100, 1), rate_of(0, 0), rate_of(100, 5)]
    assert inversions(fine) == []
    [slight] = inversions([rate_of(100, 6), rate_of(0, 0), rate_of(100, 5)])
    assert (slight.better, slight.worse, slight.is_significant) == (0, 2, False)
    [clear] = inversions([rate_of(100, 30), rate_of(100, 5)])
    assert clear.is_significant
    assert Fraction(30, 100) > Fraction(5, 100)


def test_growing_concentration_has_the_z_of_a_worked_table():
    # Shares ¼ each have c = 0; ½ ½ 0 0 have c = 1: √3 × (1 − 0) / √(1 × 1.5) = √2.
    found = change_in_concentration(np.array([1.0, 1, 1, 1]), np.array([2.0, 2, 0, 0]))
    assert found.z == pytest.approx(np.sqrt(2))
    assert found.p_value == pytest.approx(0.0786, abs=1e-4)


def test_falling_concentration_is_no_growth_and_even_shares_have_none():
    falling = change_in_concentration(np.array([9.0, 1, 0, 0]), np.array([5.0, 3, 1, 1]))
    assert falling.z < 0
    assert falling.p_value > 0.5
    assert change_in_concentration(np.array([9.0, 1]), np.array([5.0, 5])) is None
    assert change_in_concentration(np.zeros(2), np.array([5.0, 4])) is None


@pytest.mark.parametrize(
    ("gini", "value", "word"),
    [
        (None, None, "unknown"),
        (0.4, 0.019, "nothing"),
        (-0.1, 0.02, "reversed"),
        (0.3, 0.099, "weak"),
        (0.099, 0.1, "unordered"),
        (0.1, 0.1, "medium"),
        (0.3, 0.3, "strong"),
    ],
)
def test_power_has_a_word(gini, value, word):
    assert power_of(gini, value) == word


def test_shift_and_spread_have_words_at_their_marks():
    assert [shift_of(index) for index in (None, 0.099, 0.1, 0.249, 0.25)] == [
        "unknown",
        "stable",
        "minor",
        "minor",
        "shifted",
    ]
    assert [spread_of(share, 6) for share in (None, 0.19, 0.2, 0.25)] == ["unknown", "even", "amber", "red"]
    assert spread_of(0.9, 5) == "few"
