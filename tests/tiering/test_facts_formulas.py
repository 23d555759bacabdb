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
    make_statement,
    make_user,
)
from tests.tiering.helpers import facts_of
from tiering.core.catalogue import CLIENT_METRICS
from tiering.facts import Origin, origin

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    """A client of whom everything is recorded."""
    client = make_client(
        kind="corporate",
        industry=make_industry(risk_coefficient=1.15),
        region=make_region(factor=0.95, city_tier="tier_2"),
        life_cycle="growth",
        size_class="medium",
        risk_appetite="balanced",
        demand_level="premium",
        registered_capital="5000000.50",
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
    for metric, grade in (
        ("management_quality", 4.0),
        ("market_influence", 3.0),
        ("cooperation_potential", 5.0),
    ):
        make_observation(client, metric, grade)
    return client


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
    "management_quality": 4.0,
    "market_influence": 3.0,
    "cooperation_potential": 5.0,
}


def test_every_metric_equals_its_formula_worked_out_by_hand(known):
    facts = facts_of(known)
    assert {key: facts[key] for key in CLIENT_METRICS} == BY_HAND


def test_client_without_records_is_known_by_its_profile_alone():
    facts = facts_of(make_client())
    counted = {"client_kind": "corporate", "exposure": 0.0, "credit_limit": 0.0, "products_held": 0.0}
    counted |= {"contacts_12m": 0.0, "project_count": 0.0}
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
