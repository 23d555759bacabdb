import math

import pytest
from django.utils import translation

from crm.models import CustomMetric
from tiering import display
from tiering.core.conditions import parse
from tiering.core.document import SCORE_UNIT, Band
from tiering.core.metric import catalogue
from tiering.selectors.catalogue import as_metric


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


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ({"metric": "notches", "op": "<=", "value": -2}, "The tier falls by 2 tiers or more"),
        ({"metric": "notches", "op": "<", "value": -2}, "The tier falls by 3 tiers or more"),
        ({"metric": "notches", "op": ">=", "value": 2}, "The tier rises by 2 tiers or more"),
        ({"metric": "notches", "op": ">", "value": 0}, "The tier rises"),
        ({"metric": "notches", "op": "<=", "value": -1}, "The tier falls"),
        ({"metric": "notches", "op": ">=", "value": 0}, "Tier move is at least 0 tiers"),
        ({"metric": "new_rank", "op": ">=", "value": 1}, "New tier is A or worse"),
        ({"metric": "old_rank", "op": "<", "value": 2}, "Tier in force is better than B"),
        ({"metric": "old_rank", "op": "==", "value": 7}, "Tier in force is tier 8"),
    ],
)
def test_change_of_tier_reads_as_one_would_say_it(condition, text):
    assert display.cases_text(parse(condition), ["AA", "A", "B"]) == [text]


def test_each_alternative_of_a_rule_is_a_sentence_of_its_own():
    rule = parse(
        {
            "any": [
                {"metric": "exposure", "op": ">=", "value": 50_000_000},
                {
                    "all": [
                        {"metric": "old_rank", "op": "==", "value": 0},
                        {"metric": "notches", "op": "<", "value": 0},
                    ]
                },
            ]
        }
    )
    assert display.cases_text(rule, ["AA", "A"]) == [
        "Exposure is at least 50.0 m",
        "Tier in force is tier AA and the tier falls",
    ]


def test_chinese_bands_have_no_space_between_characters():
    with translation.override("zh-hans"):
        assert display.band_text("relationship_years", Band(1.0, 3.0, 10)) == "1 年至 3 年（不含）"
        assert display.band_text("leverage", Band(0.1, 0.3, 10)) == "10% 至 30%（不含）"


OWN = as_metric(
    CustomMetric(
        key="esg", label_en="ESG score", label_zh="ESG 评分", type="number", unit="points", direction="higher"
    )
)


def test_metrics_of_the_institutions_own_read_by_its_catalogue():
    names = catalogue([OWN])
    condition = parse({"metric": "esg", "op": ">=", "value": 40})
    assert display.metric_label("esg", names) == "ESG score"
    assert display.metric_value("esg", 41.5, names) == "41.5"
    assert display.band_text("esg", Band(40.0, math.inf, 10), names) == "40 and more"
    assert display.condition_text(condition, (), names) == "ESG score is at least 40"


def test_a_metric_that_is_gone_reads_by_its_key():
    assert (display.metric_label("gone"), display.metric_help("gone")) == ("gone", "")
    assert display.metric_value("gone", 0.5) == "0.5"


@pytest.mark.parametrize(
    ("units", "text"),
    [(SCORE_UNIT, "1 point"), (3 * SCORE_UNIT, "3 points"), (SCORE_UNIT // 2, "0.5 points")],
)
def test_counts_of_points_are_exact(units, text):
    assert display.count_of_points(units) == text


@pytest.mark.parametrize(("days", "text"), [(0, "of the day"), (1, "1 day old"), (1200, "1,200 days old")])
def test_ages_read_in_days(days, text):
    assert display.age_text(days) == text


@pytest.mark.parametrize(("source", "text"), [("statement", "Financial statement"), ("other", "other")])
def test_sources_read_by_their_kind(source, text):
    assert display.source_text(source) == text
