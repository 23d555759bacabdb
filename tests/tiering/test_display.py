import math

import pytest

from tiering import display
from tiering.core.conditions import parse
from tiering.core.document import SCORE_UNIT, Band


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [
        ("leverage", 0.625, "62.5%"),
        ("leverage", 0.6, "60%"),
        ("current_ratio", 1.284, "1.28×"),
        ("days_overdue", 1, "1 day"),
        ("days_overdue", 120.0, "120 days"),
        ("relationship_years", 3.25, "3.2 years"),
        ("revenue", 94_300_000, "94.3 m"),
        ("management_quality", 4.0, "4 of 5"),
        ("notches", -2.0, "-2 tiers"),
        ("old_rank", 0.0, "1"),
        ("credit_score", 722.0, "722"),
        ("rating", "AAA", "AAA"),
        ("demand_level", "basic", "Basic"),
        ("leverage", None, "–"),
        ("leverage", math.nan, "–"),
        ("rating", "", "–"),
    ],
)
def test_values_read_by_their_unit(metric, value, text):
    assert display.metric_value(metric, value) == text


def test_score_is_cut_off_so_that_a_cutoff_never_seems_reached():
    assert display.score(6499 * SCORE_UNIT // 100) == "64.9"
    assert display.shortfall(SCORE_UNIT // 1000) == "0.1"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-math.inf, 0.5, "below 50%"),
        (0.5, 0.75, "50% to under 75%"),
        (0.75, math.inf, "75% and more"),
        (-math.inf, math.inf, "any value"),
    ],
)
def test_bands_read_as_ranges(low, high, text):
    assert display.band_text("leverage", Band(low, high, 10)) == text


@pytest.mark.parametrize(("basis_points", "text"), [(2500, "25%"), (1250, "12.5%")])
def test_weights_read_as_percentages(basis_points, text):
    assert display.weight(basis_points) == text


def test_condition_reads_as_a_sentence_with_units():
    condition = parse(
        {"all": [{"metric": "leverage", "op": ">=", "value": 0.95}, {"metric": "rating", "op": "is_missing"}]}
    )
    assert display.condition_text(condition) == "Leverage is at least 95% and Credit rating is not known"
