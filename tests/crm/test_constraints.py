"""What the database refuses whoever writes it: page, import, program or a statement by hand."""

from datetime import date

import pytest
from django.db import IntegrityError

from crm.models import CreditReport, Observation, Participation, Role
from tests import factories as make

DAY = date(2026, 6, 30)
EARLIER = date(2026, 6, 29)


def drawn_beyond_its_limit():
    make.make_facility(make.make_client(), limit=1, drawn=2)


def matures_before_it_opens():
    make.make_facility(make.make_client(), opened_on=DAY, matures_on=EARLIER)


def closes_before_it_opens():
    make.make_facility(make.make_client(), opened_on=DAY, closed_on=EARLIER)


def pays_a_negative_amount():
    make.make_payment(make.make_facility(make.make_client()), DAY, principal=-1)


def is_due_twice_on_a_day():
    facility = make.make_facility(make.make_client())
    make.make_payment(facility, DAY)
    make.make_payment(facility, DAY)


def statement_before_its_period_ends():
    make.make_statement(make.make_client(), period_end=DAY, received_on=EARLIER)


def report_before_its_date():
    CreditReport.objects.create(client=make.make_client(), bureau="B", reported_on=DAY, received_on=EARLIER)


def probability_above_one():
    CreditReport.objects.create(
        client=make.make_client(), bureau="B", reported_on=DAY, received_on=DAY, pd=1.5
    )


def observation_of_nothing():
    Observation.objects.create(
        client=make.make_client(), metric="pd", observed_on=DAY, received_on=DAY, source="B"
    )


def share_above_one():
    Participation.objects.create(client=make.make_client(), project=make.make_project(), revenue_share=2)


def client_without_a_name():
    make.make_client(name_en="", name_zh="")


def person_with_a_registration_number():
    make.make_client(kind="individual", registration_number="9131")


def bookholder_without_a_team():
    make.make_user(Role.RM, team=None)


def industry_without_risk():
    make.make_industry(risk_coefficient=0)


def region_without_an_economy():
    make.make_region(factor=0)


def revenue_twice_on_a_day():
    client = make.make_client()
    for amount in (1, 2):
        make.make_revenue(client, date(2026, 1, 1), amount)


def revenue_of_a_day():
    make.make_revenue(make.make_client(), date(2026, 1, 2))


def revenue_before_its_month():
    make.make_revenue(make.make_client(), date(2026, 1, 1), received_on=date(2025, 12, 31))


REFUSED = {
    "facility_drawn_within_limit": drawn_beyond_its_limit,
    "facility_matures_after_opening": matures_before_it_opens,
    "facility_closes_after_opening": closes_before_it_opens,
    "payment_not_negative": pays_a_negative_amount,
    "payment_once_per_due_date": is_due_twice_on_a_day,
    "statement_received_after_period": statement_before_its_period_ends,
    "credit_report_received_after_report": report_before_its_date,
    "credit_report_pd_is_a_probability": probability_above_one,
    "observation_has_one_value": observation_of_nothing,
    "revenue_once_per_source": revenue_twice_on_a_day,
    "revenue_is_of_a_month": revenue_of_a_day,
    "revenue_received_after_month_began": revenue_before_its_month,
    "participation_share_is_a_fraction": share_above_one,
    "client_has_a_name": client_without_a_name,
    "client_individual_has_no_registration_number": person_with_a_registration_number,
    "user_bookholder_has_team": bookholder_without_a_team,
    "industry_risk_coefficient_positive": industry_without_risk,
    "region_factor_positive": region_without_an_economy,
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", REFUSED)
def test_database_refuses(name):
    with pytest.raises(IntegrityError, match=name):
        REFUSED[name]()


@pytest.mark.django_db
def test_observation_is_a_number_or_a_category_and_not_both():
    with pytest.raises(IntegrityError, match="observation_has_one_value"):
        make.make_observation(make.make_client(), "pd", 0.5, text="low")
