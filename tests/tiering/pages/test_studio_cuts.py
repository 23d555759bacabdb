"""Where the studio cuts a number into bands, and the axis on which it draws them."""

import pytest

from tiering.core.catalogue import METRICS
from tiering.pages.studio_chart import Axis, axis_for
from tiering.pages.studio_cuts import edges_at_quantiles, first_bands, first_categories, points_for
from tiering.selectors.distribution import UNKNOWN, Distribution


def lying(*values: float) -> Distribution:
    """A thousand and one values of which the given ones have equal parts."""
    return Distribution(1.0, tuple(sorted(values[step * len(values) // 1001] for step in range(1001))))


@pytest.mark.parametrize(
    ("values", "count", "edges"),
    [
        (range(0, 1000, 10), 4, [250, 500, 750]),
        ([0.1, 0.2, 0.3, 0.4], 2, [0.25]),
        ([0] * 8 + [5, 40], 3, []),
        ([0] * 3 + [5] * 3 + [40] * 3, 3, [5, 40]),
        ([1_234_567, 23_456_789, 345_678_901], 3, [20_000_000, 250_000_000]),
    ],
)
def test_edges_lie_at_equal_shares_and_are_round(values, count, edges):
    assert edges_at_quantiles(lying(*values), count, "none") == edges


def test_days_are_cut_at_whole_days():
    assert all(edge == int(edge) for edge in edges_at_quantiles(lying(1, 2, 3, 5, 8, 13), 3, "days"))


@pytest.mark.parametrize(
    ("count", "rising", "points"), [(3, True, [0, 50, 100]), (4, False, [100, 67, 33, 0]), (1, True, [100])]
)
def test_points_run_in_equal_steps(count, rising, points):
    assert points_for(count, rising) == points


def test_number_of_which_nothing_is_known_is_cut_where_its_unit_usually_is():
    bands = first_bands(METRICS["leverage"], UNKNOWN)
    assert [(band["lo"], band["points"]) for band in bands] == [(None, 100), (0.3, 50), (0.6, 0)]


def test_category_that_does_not_apply_gets_no_points():
    points = first_categories(METRICS["security_package"])
    assert points["not_applicable"] is None
    assert sorted(each for each in points.values() if each is not None) == [0, 33, 67, 100]


@pytest.mark.parametrize("axis", [Axis(-5, 20), Axis(-3, 900, 2.5), Axis(0, 1e9, 1e6)])
def test_axis_leads_to_a_share_and_back(axis):
    for value in (axis.low, axis.high, (axis.low + axis.high) / 3):
        assert axis.value(axis.share(value)) == pytest.approx(value)


def test_axis_shows_every_edge_and_draws_a_long_tail_together():
    axis = axis_for(lying(*range(1, 100), 1_000_000, 2_000_000), [5_000_000])
    assert axis.share(5_000_000) == 1
    assert axis.share(50) > 0.05
    assert axis_for(lying(*range(100)), []).bend == 0
