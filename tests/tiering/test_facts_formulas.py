"""Every metric of the catalogue against values worked out by hand."""

from datetime import UTC, date, datetime

import pytest

from crm.models import CreditReport, Interaction, Participation, Role
from tests.factories import (
    make_client,
    make_facility,
    make_industry,
    make_observation,
    make_payment,
    make_project,
    make_region,
    make_revenue,
    make_statement,
    make_user,
)
from tests.tiering.helpers import NOON_IN_SHANGHAI, facts_of
from tiering.core.catalogue import CLIENT_METRICS
from tiering.facts import Origin, origin
from tiering.services.benchmarks import take_benchmark

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    """A client of whom everything is recorded."""
    client = make_client(
        kind="corporate",
        industry=make_industry(risk_coefficient=1.15, size_rule="software"),
        region=make_region(factor=0.95, city_tier="tier_2"),
        life_cycle="growth",
        size_class="small",
        risk_appetite="balanced",
        demand_level="premium",
        registered_capital="5000000.50",
        employees=103,
        client_since=date(2021, 2, 15),
    )
    make_statement(client, period_end=date(2024, 12, 31), revenue=80_000_000)
    make_statement(client, period_end=date(2025, 12, 31))
    CreditReport.objects.create(
        client=client,
        bureau="X",
        reported_on=date(2026, 3, 1),
        received_on=date(2026, 3, 2),
        score=688.5,
        pd=0.012,
    )
    CreditReport.objects.create(
        client=client,
        bureau="Y",
        reported_on=date(2026, 2, 1),
        received_on=date(2026, 2, 2),
        score=600,
        rating="BBB",
    )
    loan = make_facility(client, limit=10_000_000, drawn=8_000_000)
    make_payment(loan, date(2026, 1, 1), paid_on=date(2026, 1, 21))
    make_payment(loan, date(2026, 4, 1), paid_on=date(2026, 4, 1))
    make_payment(loan, date(2026, 6, 20))
    make_payment(loan, date(2026, 9, 1))
    make_facility(client, product="lease", limit=2_000_000, drawn=1_000_000)
    make_facility(client, product="guarantee", limit=9_000_000, drawn=9_000_000, closed_on=date(2026, 1, 31))
    rm = make_user(Role.RM)
    for kind, at in (
        ("meeting", datetime(2026, 5, 31, 2, 0, tzinfo=UTC)),
        ("email", datetime(2026, 6, 20, 2, 0, tzinfo=UTC)),
        ("call", datetime(2025, 7, 1, 2, 0, tzinfo=UTC)),
        ("site_visit", datetime(2025, 6, 1, 2, 0, tzinfo=UTC)),
    ):
        Interaction.objects.create(client=client, kind=kind, at=at, subject="-", author=rm)
    for status, share in (("active", 0.3), ("active", 0.55), ("completed", 0.2), ("cancelled", 0.9)):
        Participation.objects.create(client=client, project=make_project(status=status), revenue_share=share)
    planned = make_project(status="proposed", amount=20_000_000)
    for part in ("borrower", "sponsor"):
        Participation.objects.create(client=client, project=planned, part=part)
    Participation.objects.create(client=client, project=make_project(status="approved", amount=5_000_000))
    foreign = make_project(status="approved", amount=7_000_000, currency="USD")
    Participation.objects.create(client=client, project=foreign)
    make_revenue(client, date(2025, 6, 1), 300)
    make_revenue(client, date(2025, 5, 1), 5_000)
    make_revenue(client, date(2026, 4, 1), 700, project=planned)
    make_revenue(client, date(2026, 5, 1), 0)
    make_revenue(make_client(), date(2026, 5, 1), 3_000)
    for metric, value in OBSERVED.items():
        make_observation(client, metric, value)
    take_benchmark(as_of=NOON_IN_SHANGHAI)
    return client


OBSERVED: dict[str, float | str] = {
    "management_quality": 4.0,
    "founding_team": 2.0,
    "market_influence": 3.0,
    "cooperation_potential": 5.0,
    "satisfaction": 4.5,
    "dscr": 1.31,
    "llcr": 1.52,
    "net_worth": 3_000_000.0,
    "annual_income": 400_000.0,
    "financial_strength": "strong",
    "political_legal": "good",
    "transaction_characteristics": "satisfactory",
    "sponsor_strength": "weak",
    "security_package": "not_applicable",
}


BY_HAND = {
    "leverage": 60 / 120,
    "debt_to_equity": 60 / 60,
    "current_ratio": 60 / 30,
    "quick_ratio": 50 / 30,
    "operating_margin": 15 / 100,
    "net_margin": 10 / 100,
    "roe": 10 / 60,
    "roa": 10 / 120,
    "interest_cover": 15 / 2,
    "cash_flow_margin": 12 / 100,
    "receivable_days": 15 / 100 * 365,
    "asset_turnover": 100 / 120,
    "revenue": 100_000_000.0,
    "total_assets": 120_000_000.0,
    "revenue_growth": 100 / 80 - 1,
    "altman_z2": 6.56 * (30 / 120) + 3.26 * (30 / 120) + 6.72 * (15 / 120) + 1.05 * (60 / 60),
    "credit_score": 688.5,
    "pd": 0.012,
    "rating": "BBB",
    "days_overdue": 10.0,
    "days_overdue_12m": 20.0,
    "exposure": 8_000_000 - 1_000_000 + 1_000_000.0,
    "credit_limit": 12_000_000.0,
    "utilisation": 8 / 12,
    "products_held": 2.0,
    "registered_capital": 5000000.5,
    "client_kind": "corporate",
    "life_cycle": "growth",
    # 103 people and 100 million yuan: large by revenue alone, so medium.
    "size_class": "medium",
    "risk_appetite": "balanced",
    "demand_level": "premium",
    "industry_risk": 1.15,
    "region_factor": 0.95,
    "city_tier": "tier_2",
    "relationship_years": 64 / 12,
    "contacts_12m": 2.0,
    "days_since_contact": 10.0,
    "project_count": 2.0,
    "revenue_contribution": 0.55,
    "client_status": "active",
    "employees": 103.0,
    "pipeline_amount": 25_000_000.0,
    # Of 2025-06 to 2026-05, in which the month of 5 000 is not.
    "revenue_12m": 1_000.0,
    "frequency_12m": 2.0,
    # 2026-05 brought nothing, so since 2026-04-30.
    "recency_days": 61.0,
    "portfolio_share": 1_000 / 4_000,
    "cumulative_share": 3_000 / 4_000,
    # Two clients: one strictly ahead is a half, which lies in the third fifth.
    "recency_quintile": 3.0,
    "frequency_quintile": 5.0,
    "monetary_quintile": 3.0,
    "data_completeness": 1.0,
    **OBSERVED,
}


def test_every_metric_equals_its_formula_worked_out_by_hand(known):
    facts = facts_of(known)
    assert {key: facts[key] for key in CLIENT_METRICS} == BY_HAND


def test_client_without_records_is_known_by_its_profile_alone():
    facts = facts_of(make_client())
    counted = {"client_kind": "corporate", "exposure": 0.0, "credit_limit": 0.0, "products_held": 0.0}
    counted |= {"contacts_12m": 0.0, "project_count": 0.0, "pipeline_amount": 0.0}
    counted |= {"client_status": "active", "data_completeness": 0.0}
    assert {key: facts[key] for key in CLIENT_METRICS if facts[key] is not None} == counted


NOTHING_TO_DIVIDE_BY = {
    "total_assets": {"leverage", "roa", "asset_turnover", "altman_z2", "debt_to_equity", "roe"},
    "revenue": {"operating_margin", "net_margin", "cash_flow_margin", "receivable_days"},
    "current_liabilities": {"current_ratio", "quick_ratio"},
    "interest_expense": {"interest_cover"},
    "total_liabilities": {"altman_z2"},
}


@pytest.mark.parametrize("figure", NOTHING_TO_DIVIDE_BY)
@pytest.mark.parametrize("value", [0, None, -5])
def test_quotient_without_a_positive_denominator_is_not_known(figure, value):
    client = make_client()
    make_statement(client, **{figure: value})
    facts = facts_of(client)
    assert {key for key in NOTHING_TO_DIVIDE_BY[figure] if facts[key] is not None} == set()


def test_negative_equity_leaves_returns_unknown_and_leverage_above_one():
    client = make_client()
    make_statement(client, total_liabilities=150_000_000)
    facts = facts_of(client)
    assert facts["leverage"] == 150 / 120
    assert facts["roe"] is None
    assert facts["debt_to_equity"] is None


def test_sources_name_the_records_that_fed_the_facts(known):
    sources = facts_of(known)["sources"]
    statement = known.statements.get(period_end=date(2025, 12, 31))
    observation = known.observations.get(metric="market_influence")
    assert origin(sources, "leverage").record == statement.pk
    assert origin(sources, "rating").record == known.credit_reports.get(bureau="Y").pk
    assert origin(sources, "market_influence") == Origin("observation", observation.pk)
    assert origin(sources, "exposure") == Origin("facility", None)


def test_size_class_falls_back_on_the_profile_where_a_figure_is_not_known():
    client = make_client(industry=make_industry(size_rule="software"), size_class="small", employees=None)
    make_statement(client)
    assert facts_of(client)["size_class"] == "small"
    make_statement(client, period_end=date(2024, 12, 31))
    client.employees = 300
    client.save()
    assert facts_of(client)["size_class"] == "large"


def test_completeness_counts_what_a_person_can_have():
    person = make_client(kind="individual", risk_appetite="balanced", registered_capital=1)
    make_observation(person, "net_worth", 1_000_000.0)
    assert facts_of(person)["data_completeness"] == 2 / 11
