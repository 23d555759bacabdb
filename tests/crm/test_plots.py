"""Plots as text: where their marks stand, and what they say."""

import re
from datetime import date

import pytest

from crm.plots import Dot, decimals, dots_and_whiskers, nice_ceiling, shares_over_days, ticks, unit_square


def numbers(pattern: str, svg: str) -> list[float]:
    return [float(found) for found in re.findall(pattern, svg)]


@pytest.mark.parametrize(
    ("value", "ceiling"),
    [(0, 0.01), (0.0101, 0.02), (0.02, 0.02), (0.084, 0.1), (0.3, 0.5), (0.7, 1.0), (1.0, 1.0)],
)
def test_axis_ends_at_the_next_round_share(value, ceiling):
    assert nice_ceiling(value) == pytest.approx(ceiling)


def test_ticks_have_the_decimals_that_tell_them_apart():
    assert [decimals(ticks(0, high, 4)) for high in (1.0, 0.5, 0.05)] == [0, 1, 2]


def test_better_rates_stand_further_left_with_their_whiskers_around_them():
    dots = [Dot("A", 0.01, 0.005, 0.02, "plot-tier-1", "A: 1%"), Dot("B", 0.06, 0.04, 0.08, "", "B: 6%")]
    svg = dots_and_whiskers(dots, "Bad rate")
    first, second = numbers(r'class="plot-dot" cx="([\d.]+)"', svg)
    assert first < second
    begins, ends = numbers(r"plot-whisker\" d=\"M([\d.]+)", svg), numbers(r"H([\d.]+)M", svg)
    assert begins[0] < first < ends[0] < begins[1] < second < ends[1]
    assert 'aria-label="Bad rate"' in svg
    assert "<title>A: 1%</title>" in svg


def test_tier_without_clients_has_its_label_and_no_mark():
    svg = dots_and_whiskers([Dot("<A>", None, 0, 1, "", "nobody")], "Bad rate")
    assert "&lt;A&gt;" in svg
    assert "plot-dot" not in svg
    assert "plot-whisker" not in svg


def test_curves_run_over_the_diagonal_from_corner_to_corner():
    svg = unit_square([([(0, 0), (0.2, 0.8), (1, 1)], "")], "ROC", "good", "bad", size=264)
    chance, curve = re.findall(r'd="(M40[^"]+)"', svg)[-2:]
    assert chance == "M40.0 224.0L246.0 8.0"
    assert curve == "M40.0 224.0L81.2 51.2L246.0 8.0"


def test_days_stand_as_far_apart_as_they_are():
    points = [(date(2026, 1, 1), 0.95), (date(2026, 1, 11), 0.9), (date(2026, 1, 31), 1.0)]
    x = numbers(r'class="chart-point" cx="([\d.]+)"', shares_over_days(points, "Agreement"))
    assert (x[1] - x[0]) * 2 == pytest.approx(x[2] - x[1], abs=0.3)


def test_one_day_is_a_point_and_none_is_nothing():
    assert shares_over_days([], "Agreement") == ""
    assert shares_over_days([(date(2026, 1, 1), 0.0)], "Agreement").count("chart-point") == 1
