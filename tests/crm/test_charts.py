from datetime import date
from xml.etree import ElementTree

import pytest

from crm.charts import Zone, line_over_zones, meter, sparkline, trend_of

ZONES = (
    Zone("B", 0, 55, "tier-step-3"),
    Zone("A", 55, 75, "tier-step-2"),
    Zone("AA", 75, 100, "tier-step-1"),
)
POINTS = [(date(2026, month, 28), 50.0 + month) for month in range(1, 12)]


@pytest.mark.parametrize(
    ("values", "trend"),
    [
        ((50, 60, 60, 60, 59), "up"),
        ((60, 50, 50, 50, 52), "down"),
        ((50, 90, 50, 51), "level"),
        ((50,), "level"),
    ],
)
def test_trend_is_from_the_first_value_to_the_last(values, trend):
    assert trend_of(values) == trend


def test_sparkline_needs_two_points():
    assert sparkline([70]) == ""
    assert 'class="spark spark-up"' in sparkline([70, 71, 72, 75])


def test_sparkline_of_a_flat_line_is_drawn_in_the_middle():
    drawing = ElementTree.fromstring(sparkline([70, 70]))
    assert drawing.find("circle").get("cy") == "10.0"


@pytest.mark.parametrize(("value", "width"), [(0, "0.0"), (50, "50.0"), (130, "100.0"), (-3, "0.0")])
def test_meter_stays_within_its_track(value, width):
    assert ElementTree.fromstring(meter(value)).findall("rect")[1].get("width") == width


def test_meter_without_a_maximum_is_empty():
    assert ElementTree.fromstring(meter(5, 0)).findall("rect")[1].get("width") == "0"


def test_line_is_readable_as_text_and_draws_only_zones_in_sight():
    drawing = ElementTree.fromstring(line_over_zones(POINTS, ZONES, "Score over 12 months"))
    assert drawing.get("aria-label") == "Score over 12 months"
    assert [title.text for title in drawing.iter("title")][-1] == "Nov: 61"
    labels = [text.text for text in drawing.iter("text") if text.get("class") == "chart-zone-label"]
    assert labels == ["B", "A"]


def test_title_cannot_carry_markup():
    assert "<script" not in line_over_zones(POINTS, ZONES, '"><script>')


def test_nothing_is_drawn_without_points():
    assert line_over_zones([], ZONES, "Score") == ""
