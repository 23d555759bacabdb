from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiering.core.discrimination import discrimination

COUNTS = st.dictionaries(st.integers(0, 5), st.integers(1, 4), min_size=1)


@pytest.mark.parametrize(
    ("good", "bad", "auc"),
    [
        ({80: 1}, {20: 1}, 1),
        ({20: 1}, {80: 1}, 0),
        ({50: 3}, {50: 2}, Fraction(1, 2)),
        # Of the six pairs (80, 60, 60 against 60, 40): 1 + 1, ½ + 1, ½ + 1.
        ({80: 1, 60: 2}, {60: 1, 40: 1}, Fraction(5, 6)),
        # 3 of 4: the bad one at 70 lies above the good one at 50.
        ({90: 1, 50: 1}, {70: 1, 30: 1}, Fraction(3, 4)),
    ],
)
def test_auc_of_examples_counted_by_hand(good, bad, auc):
    found = discrimination(good, bad)
    assert (found.auc, found.gini) == (auc, 2 * auc - 1)
    assert (found.good, found.bad) == (sum(good.values()), sum(bad.values()))


@pytest.mark.parametrize(("good", "bad"), [({}, {}), ({50: 1}, {}), ({}, {50: 1})])
def test_nothing_is_said_without_both_outcomes(good, bad):
    assert discrimination(good, bad) is None


@given(good=COUNTS, bad=COUNTS)
def test_auc_is_the_share_of_pairs_that_are_in_order(good, bad):
    pairs = product(good.items(), bad.items())
    won = sum(Fraction(n * m) * (1 if g > b else Fraction(g == b, 2)) for (g, n), (b, m) in pairs)
    assert discrimination(good, bad).auc == won / (sum(good.values()) * sum(bad.values()))
