"""The official size classes: the table's own bounds, and Python equal to SQL."""

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.models import Industry
from tiering.core.size_classes import RULES, WAN, size_class, size_class_sql

BOUNDS = sorted({bound for rule in RULES.values() for bounds in rule.bounds.values() for bound in bounds})
NEAR = st.sampled_from([None, *(bound + off for bound in BOUNDS for off in (-0.01, 0, 1))])


def test_software_company_of_a_hundred_people_is_medium():
    """A known case: 103 people and 157,352,800 yuan, above the bound of revenue for large ones."""
    assert size_class("software", 103, 15_735.28 * WAN, None) == "medium"


@pytest.mark.parametrize(
    ("rule", "figures", "expected"),
    [
        ("manufacturing", (1000, 400_000_000, None), "large"),
        ("manufacturing", (999, 400_000_000, None), "medium"),
        ("manufacturing", (1000, 399_999_999, None), "medium"),
        ("manufacturing", (19, 400_000_000, None), "micro"),
        ("construction", (None, 60_000_000, 50_000_000), "medium"),
        ("construction", (None, 60_000_000, 49_999_999), "small"),
        ("business_services", (300, None, 1_200_000_000), "large"),
        ("real_estate", (None, 2_000_000_000, 100_000_000), "large"),
        ("agriculture", (None, 499_999, None), "micro"),
        ("other", (0, None, None), "micro"),
    ],
)
def test_class_is_the_best_all_of_whose_bounds_are_met(rule, figures, expected):
    assert size_class(rule, *figures) == expected


@pytest.mark.parametrize("figures", [(None, 1e9, 1e9), (5, None, 1e9)])
def test_class_is_not_known_without_a_figure_that_counts(figures):
    assert size_class("manufacturing", *figures) is None


def test_class_is_not_known_without_a_rule():
    assert {size_class(rule, 5, 1e9, 1e9) for rule in (None, "", "astrology")} == {None}


def test_bounds_of_every_rule_fall_from_class_to_class():
    for rule in RULES.values():
        for large, medium, small in rule.bounds.values():
            assert large > medium > small > 0


def test_industries_offer_the_rules_there_are():
    assert set(Industry.SizeRule.values) == set(RULES)


@pytest.mark.django_db
@settings(max_examples=10)
@given(st.lists(st.tuples(st.sampled_from([*RULES, "", None]), NEAR, NEAR, NEAR), min_size=50, max_size=300))
def test_sql_gives_the_class_that_python_gives(cases):
    names = ("rule", "employees", "revenue", "assets")
    columns = zip(*cases, strict=True)
    params = dict(zip(names, map(list, columns), strict=True))
    statement = f"""
        SELECT {size_class_sql(*names)} FROM unnest(
            %(rule)s::text[], %(employees)s::float8[], %(revenue)s::float8[], %(assets)s::float8[])
        WITH ORDINALITY AS c (rule, employees, revenue, assets, place) ORDER BY place"""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        assert [found for (found,) in cursor.fetchall()] == [size_class(*case) for case in cases]
