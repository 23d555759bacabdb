"""The catalogue has what the seeds speak of, and each entry is fit to be shown and compiled."""

import re
from pathlib import Path
from typing import get_args

import pytest

from tiering.core.catalogue import CHANGE_METRICS, CLIENT_METRICS, METRICS
from tiering.core.metric import Direction, Unit
from tiering.core.metrics_table import metrics_table
from tiering.facts import CLOCK_STEPS
from tiering.facts.formulas import FORMULAS, OF_OTHER_METRICS
from tiering.models import Facts

ASKED_FOR = """
    leverage current_ratio quick_ratio operating_margin net_margin roe interest_cover dscr llcr cash_flow_margin
    receivable_days revenue_growth altman_z2 credit_score pd rating days_overdue days_overdue_12m utilisation
    registered_capital revenue total_assets size_class industry_risk region_factor city_tier revenue_contribution
    portfolio_share cumulative_share recency_days frequency_12m revenue_12m recency_quintile frequency_quintile
    monetary_quintile products_held relationship_years contacts_12m satisfaction project_count pipeline_amount
    management_quality founding_team market_influence cooperation_potential financial_strength political_legal
    transaction_characteristics sponsor_strength security_package life_cycle client_kind risk_appetite demand_level
    data_completeness client_status net_worth annual_income employees
"""
FED_BY_OBSERVATION = {"judgement", "observation"}


def test_catalogue_has_every_metric_that_was_asked_for():
    assert set(ASKED_FOR.split()) <= set(CLIENT_METRICS)
    assert len(METRICS) >= 45


@pytest.mark.parametrize(
    "metric", [*METRICS.values(), *CHANGE_METRICS.values()], ids=lambda metric: metric.key
)
def test_every_metric_is_whole(metric):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", metric.key)
    assert metric.label
    assert metric.help.endswith(".")
    assert metric.unit in get_args(Unit)
    assert metric.direction in get_args(Direction)
    assert bool(metric.categories) != metric.is_number
    assert metric.is_number or metric.unit == "none"


def test_no_two_metrics_share_a_label():
    labels = [metric.label for metric in METRICS.values()]
    assert len(set(labels)) == len(labels)


def test_every_metric_of_a_client_has_a_formula_or_is_observed():
    derived = set(FORMULAS) | set(OF_OTHER_METRICS)
    observed = {key for key, metric in CLIENT_METRICS.items() if metric.source in FED_BY_OBSERVATION}
    assert derived | observed == set(CLIENT_METRICS)
    assert not derived & observed


def test_every_metric_of_a_client_has_a_column_of_its_type():
    types = {field.name: field.get_internal_type() for field in Facts._meta.fields}
    for key, metric in CLIENT_METRICS.items():
        assert types[key] == ("FloatField" if metric.is_number else "CharField")


def test_only_numbers_move_by_the_clock():
    assert all(CLIENT_METRICS[key].is_number for key in CLOCK_STEPS)


def test_table_of_metrics_in_the_docs_is_that_of_the_catalogue():
    page = Path(__file__).parents[3] / "docs/metrics.md"
    assert metrics_table(METRICS) in page.read_text(), "take the table of manage.py metrics"
