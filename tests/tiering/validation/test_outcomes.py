"""What became of clients, by their records."""

from datetime import date

import pytest
from django.db import connection

from crm.models import Client, CreditReport
from tests.factories import make_client, make_facility, make_payment, make_revenue
from tiering.validation.outcomes import OUTCOMES, span

pytestmark = pytest.mark.django_db
START = date(2025, 6, 30)


def told(outcome: str, months: int = 12) -> dict[int, bool]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT client_id, bad FROM ({OUTCOMES[outcome].relation}) o", span(START, months))
        return dict(cursor.fetchall())


def borrower(*payments: tuple[date, date | None], **facility) -> Client:
    client = make_client()
    made = make_facility(
        client, **{"opened_on": date(2024, 1, 1), "matures_on": date(2030, 1, 1), **facility}
    )
    for due, paid in payments:
        make_payment(made, due, paid_on=paid)
    return client


@pytest.mark.parametrize(
    ("due", "paid", "expected"),
    [
        (date(2025, 8, 1), None, True),
        (date(2025, 8, 1), date(2025, 10, 31), True),  # 91 days late
        (date(2025, 8, 1), date(2025, 10, 30), False),  # 90 days late
        (date(2026, 4, 1), None, False),  # not so late by the end
        (date(2025, 3, 1), date(2025, 6, 1), False),  # over before the day
        (date(2025, 4, 15), None, True),  # late already, but not by 90 days
    ],
)
def test_instalment_is_overdue_once_it_is_later_than_ninety_days(due, paid, expected):
    client = borrower((due, paid))
    assert told("overdue") == {client.pk: expected}


def test_who_is_overdue_on_the_day_or_owes_nothing_has_nothing_to_foretell():
    borrower((date(2025, 1, 1), None))
    borrower(closed_on=date(2025, 1, 1))
    make_client()
    assert told("overdue") == {}


def test_default_is_overdue_or_rated_d_since():
    fine, rated, long_rated, late = borrower(), borrower(), borrower(), borrower((date(2025, 8, 1), None))
    for client, day in ((rated, date(2025, 12, 1)), (long_rated, date(2025, 1, 1))):
        CreditReport.objects.create(client=client, bureau="B", reported_on=day, received_on=day, rating="D")
    assert told("default") == {fine.pk: False, rated.pk: True, late.pk: True}


def test_revenue_has_fallen_when_less_than_half_comes_in():
    steady, fallen, new = make_client(), make_client(), make_client()
    for client, later in ((steady, 60), (fallen, 49)):
        make_revenue(client, date(2025, 3, 1), 100)
        make_revenue(client, date(2025, 9, 1), later)
    make_revenue(new, date(2025, 9, 1), 100)
    assert told("revenue_fall") == {steady.pk: False, fallen.pk: True}


def test_restated_revenue_counts_once():
    client = make_client()
    make_revenue(client, date(2025, 3, 1), 100, received_on=date(2025, 3, 5))
    make_revenue(client, date(2025, 3, 1), 10, received_on=date(2025, 5, 5))
    make_revenue(client, date(2025, 9, 1), 6)
    assert told("revenue_fall") == {client.pk: False}


def test_client_is_lost_who_brings_nothing_in_and_owes_nothing():
    gone, owing, back = make_client(), borrower(), make_client()
    for client in (gone, owing, back):
        make_revenue(client, date(2025, 3, 1), 100)
    make_revenue(back, date(2026, 5, 1), 5)
    assert told("lost") == {gone.pk: True, owing.pk: False, back.pk: False}
