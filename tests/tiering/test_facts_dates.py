"""What counts on a day: receipt, restatement, age, and the latest word."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm.models import CreditReport
from tests.factories import make_client, make_facility, make_observation, make_payment, make_statement
from tests.tiering.helpers import facts_of

pytestmark = pytest.mark.django_db


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)


def test_statement_counts_from_the_day_it_was_received():
    client = make_client()
    make_statement(client, period_end=date(2024, 12, 31), received_on=date(2025, 3, 1), revenue=80)
    make_statement(client, period_end=date(2025, 12, 31), received_on=date(2026, 5, 10), revenue=100)
    assert facts_of(client, noon(date(2026, 5, 9)))["revenue"] == 80
    assert facts_of(client, noon(date(2026, 5, 10)))["revenue"] == 100


def test_the_day_is_the_institutions_and_not_that_of_greenwich():
    client = make_client()
    make_statement(client, period_end=date(2025, 12, 31), received_on=date(2026, 5, 10), revenue=100)
    assert facts_of(client, datetime(2026, 5, 9, 15, 59, tzinfo=UTC))["revenue"] is None
    assert facts_of(client, datetime(2026, 5, 9, 16, 0, tzinfo=UTC))["revenue"] == 100


def test_restatement_replaces_the_statement_from_its_receipt_on():
    client = make_client()
    make_statement(client, received_on=date(2026, 3, 1), revenue=100)
    make_statement(client, received_on=date(2026, 6, 1), revenue=90)
    assert facts_of(client, noon(date(2026, 5, 31)))["revenue"] == 100
    assert facts_of(client, noon(date(2026, 6, 1)))["revenue"] == 90


def test_late_statement_of_an_earlier_year_does_not_replace_a_later_one():
    client = make_client()
    make_statement(client, period_end=date(2025, 12, 31), received_on=date(2026, 3, 1), revenue=100)
    make_statement(client, period_end=date(2024, 12, 31), received_on=date(2026, 6, 1), revenue=80)
    facts = facts_of(client, noon(date(2026, 6, 2)))
    assert (facts["revenue"], facts["revenue_growth"]) == (100, 0.25)


def test_growth_needs_the_year_before():
    client = make_client()
    make_statement(client, period_end=date(2023, 12, 31), revenue=80)
    make_statement(client, period_end=date(2025, 12, 31), revenue=100)
    assert facts_of(client)["revenue_growth"] is None


def test_growth_follows_a_restated_year_before_from_its_receipt_on():
    client = make_client()
    restated = date(2026, 5, 4)
    make_statement(client, period_end=date(2025, 12, 31), received_on=date(2026, 3, 31), revenue=100)
    make_statement(client, period_end=date(2024, 12, 31), received_on=date(2025, 3, 31), revenue=80)
    make_statement(client, period_end=date(2024, 12, 31), received_on=restated, revenue=50)
    assert facts_of(client, noon(restated - timedelta(days=1)))["revenue_growth"] == 0.25
    assert facts_of(client, noon(restated))["revenue_growth"] == 1


def test_statement_past_its_maximum_age_is_not_known():
    client = make_client()
    make_statement(client, period_end=date(2024, 12, 31))
    last_day = date(2024, 12, 31) + timedelta(days=550)
    assert facts_of(client, noon(last_day))["leverage"] == 0.5
    assert facts_of(client, noon(last_day + timedelta(days=1)))["leverage"] is None


def test_credit_report_past_its_maximum_age_is_not_known():
    client = make_client()
    CreditReport.objects.create(
        client=client, bureau="X", reported_on=date(2025, 6, 30), received_on=date(2025, 7, 1), score=700
    )
    assert facts_of(client, noon(date(2026, 6, 30)))["credit_score"] == 700
    assert facts_of(client, noon(date(2026, 7, 1)))["credit_score"] is None


def test_observation_past_its_maximum_age_gives_way_to_the_ledger():
    client = make_client()
    loan = make_facility(client)
    make_payment(loan, date(2026, 1, 1), paid_on=date(2026, 1, 1))
    make_observation(client, "days_overdue", 33.0, observed_on=date(2026, 5, 1))
    assert facts_of(client, noon(date(2026, 6, 15)))["days_overdue"] == 33
    assert facts_of(client, noon(date(2026, 6, 16)))["days_overdue"] == 0


def test_latest_observation_counts_and_of_one_day_the_one_received_last():
    client = make_client()
    make_observation(client, "market_influence", 2.0, observed_on=date(2026, 5, 1))
    make_observation(
        client, "market_influence", 5.0, observed_on=date(2026, 4, 1), received_on=date(2026, 6, 1)
    )
    assert facts_of(client)["market_influence"] == 2
    make_observation(
        client, "market_influence", 4.0, observed_on=date(2026, 5, 1), received_on=date(2026, 5, 2)
    )
    assert facts_of(client)["market_influence"] == 4


def test_observation_stands_for_a_metric_without_records():
    client = make_client()
    make_observation(client, "current_ratio", 1.75)
    make_observation(client, "rating", "AA")
    facts = facts_of(client)
    assert (facts["current_ratio"], facts["rating"]) == (1.75, "AA")


def test_later_statement_replaces_an_observation_and_an_earlier_one_does_not():
    client = make_client()
    make_observation(client, "current_ratio", 1.75, observed_on=date(2025, 6, 30))
    make_statement(client, period_end=date(2024, 12, 31), received_on=date(2025, 3, 1))
    assert facts_of(client, noon(date(2025, 12, 1)))["current_ratio"] == 1.75
    make_statement(client, period_end=date(2025, 12, 31), received_on=date(2026, 3, 1))
    facts = facts_of(client, noon(date(2026, 3, 1)))
    assert facts["current_ratio"] == 2.0
    assert "observation" not in facts["sources"]


def test_observation_without_a_usable_value_is_passed_over():
    client = make_client()
    make_observation(client, "market_influence", 3.0, observed_on=date(2026, 5, 1))
    make_observation(client, "market_influence", float("nan"), observed_on=date(2026, 6, 1))
    make_observation(client, "market_influence", "strong", observed_on=date(2026, 6, 2))
    assert facts_of(client)["market_influence"] == 3


def test_instalment_is_overdue_until_paid_and_remembered_for_a_year():
    client = make_client()
    loan = make_facility(client, opened_on=date(2024, 1, 1))
    make_payment(loan, date(2025, 3, 1), paid_on=date(2025, 6, 9))
    assert facts_of(client, noon(date(2025, 3, 1)))["days_overdue"] == 0
    assert facts_of(client, noon(date(2025, 6, 8)))["days_overdue"] == 99
    settled = facts_of(client, noon(date(2025, 6, 9)))
    assert (settled["days_overdue"], settled["days_overdue_12m"]) == (0, 100)
    assert facts_of(client, noon(date(2026, 6, 8)))["days_overdue_12m"] == 100
    assert facts_of(client, noon(date(2026, 6, 10)))["days_overdue_12m"] == 0


def test_exposure_follows_repayment_opening_and_closing():
    client = make_client()
    loan = make_facility(client, drawn=8_000_000, opened_on=date(2025, 1, 1), closed_on=date(2026, 3, 1))
    make_payment(loan, date(2025, 6, 1), principal=3_000_000, paid_on=date(2025, 6, 5))
    by_day = {
        date(2024, 12, 31): 0,
        date(2025, 1, 1): 8_000_000,
        date(2025, 6, 4): 8_000_000,
        date(2025, 6, 5): 5_000_000,
        date(2026, 3, 1): 0,
    }
    assert {day: facts_of(client, noon(day))["exposure"] for day in by_day} == by_day


def test_instalments_of_a_closed_facility_are_settled():
    client = make_client()
    loan = make_facility(client, closed_on=date(2026, 3, 1))
    make_payment(loan, date(2026, 2, 1))
    assert facts_of(client, noon(date(2026, 2, 20)))["days_overdue"] == 19
    facts = facts_of(client, noon(date(2026, 6, 1)))
    assert (facts["days_overdue"], facts["days_overdue_12m"]) == (0, 28)


def test_facility_without_instalments_says_nothing_about_repayment():
    client = make_client()
    make_facility(client)
    assert facts_of(client)["days_overdue"] is None
