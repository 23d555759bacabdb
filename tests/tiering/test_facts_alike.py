"""However many clients facts are derived for at once, and however they are chosen, each client's are the same."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection

from crm.models import Client, CreditReport, CustomMetric, Interaction, Participation, User
from tests.factories import (
    make_client,
    make_facility,
    make_industry,
    make_observation,
    make_payment,
    make_project,
    make_revenue,
    make_statement,
    make_user,
)
from tests.tiering.helpers import facts_of, facts_of_all
from tests.tiering.test_facts_dates import noon
from tiering.core.catalogue import CLIENT_METRICS
from tiering.services.benchmarks import take_benchmark

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 30)
MONTHS = [date(2025 + month // 12, 1 + month % 12, 1) for month in range(18)]


@pytest.fixture
def book():
    """Clients with any mixture of records, two of them with none."""
    source, rm = random.Random(11), make_user()
    CustomMetric.objects.create(key="esg", label_en="ESG")
    industries = [make_industry(size_rule=rule) for rule in ("software", "manufacturing", "")]
    projects = [make_project(status=status) for status in ("active", "proposed", "cancelled")]
    clients = [
        make_client(
            industry=source.choice([*industries, None]),
            employees=source.choice([None, 5, 120, 900]),
            client_since=source.choice([None, date(2020, 3, 5)]),
        )
        for _ in range(24)
    ]
    for client in clients[2:]:
        _records(source, client, rm)
        for project in source.sample(projects, source.randint(0, 3)):
            Participation.objects.create(client=client, project=project, revenue_share=source.random())
    take_benchmark(as_of=noon(DAY - timedelta(days=3)))
    return clients


def _records(source: random.Random, client: Client, rm: User) -> None:
    def any_day() -> date:
        return DAY - timedelta(days=source.randint(-30, 700))

    for year in source.sample([2021, 2023, 2024, 2025], source.randint(0, 4)):
        for late in source.sample([60, 150], source.randint(1, 2)):
            made = date(year, 12, 31)
            figures = {"revenue": source.choice([None, 0, 10**8]), "inventory": source.randint(0, 10**7)}
            make_statement(client, period_end=made, received_on=made + timedelta(days=late), **figures)
    for _ in range(source.randint(0, 3)):
        day, grade = any_day(), source.choice(["", "BB", "A"])
        score, chance = source.choice([None, 600.0]), source.choice([None, 0.02])
        CreditReport.objects.create(
            client=client,
            bureau=f"B{source.random()}",
            reported_on=day,
            received_on=day,
            score=score,
            pd=chance,
            rating=grade,
        )
    for _ in range(source.randint(0, 2)):
        loan = make_facility(client, opened_on=any_day(), closed_on=source.choice([None, date(2026, 8, 1)]))
        for month in source.sample(MONTHS, 3):
            make_payment(loan, month, paid_on=source.choice([None, month + timedelta(days=40)]))
    for month in source.sample(MONTHS, source.randint(0, 6)):
        make_revenue(client, month, source.choice([-10, 0, 500, 70_000]))
    for _ in range(source.randint(0, 4)):
        at = datetime.combine(any_day(), datetime.min.time(), UTC)
        Interaction.objects.create(client=client, kind="call", at=at, subject="-", author=rm)
    values: dict[str, float | str] = {
        "esg": 0.3,
        "leverage": 0.7,
        "rating": "AAA",
        "satisfaction": 4.0,
        "employees": 7.0,
    }
    for metric, value in source.sample(sorted(values.items()), source.randint(0, 5)):
        for day in {any_day(), any_day()}:
            make_observation(client, metric, value, observed_on=day)


@pytest.mark.parametrize("days_back", [0, 45, 400])
def test_facts_of_one_equal_those_of_it_among_all(book, days_back):
    as_of = noon(DAY - timedelta(days=days_back))
    ids = [client.pk for client in book]
    alone = {client.pk: facts_of(client, as_of) for client in book}
    assert facts_of_all(ids, as_of) == alone
    assert facts_of_all(range(min(ids), max(ids) + 1), as_of) == alone
    assert facts_of_all(range(ids[5], ids[9]), as_of) == {pk: alone[pk] for pk in ids[5:9]}


def test_mixture_of_records_feeds_every_metric_that_records_can_feed(book):
    rows = facts_of_all([client.pk for client in book], noon(DAY)).values()
    fed = {key for key in CLIENT_METRICS if any(row[key] is not None for row in rows)}
    unfed = {key for key, metric in CLIENT_METRICS.items() if metric.source in ("judgement", "observation")}
    blank = {
        "registered_capital",
        "life_cycle",
        "risk_appetite",
        "demand_level",
        "region_factor",
        "city_tier",
    }
    assert set(CLIENT_METRICS) - fed == unfed - {"satisfaction"} | blank


def test_facts_follow_from_values_and_not_from_the_order_of_records(book):
    """Rows that are written anew lie elsewhere in their tables, and are read in another order."""
    as_of, ids = noon(DAY), [client.pk for client in book]
    before = facts_of_all(ids, as_of)
    with connection.cursor() as cursor:
        for table in ("crm_revenue", "crm_observation", "crm_creditreport", "crm_payment"):
            cursor.execute(f"UPDATE {table} SET id = id WHERE id %% 2 = 0", [])
    after = facts_of_all(ids[::-1], as_of)
    assert after == before


def test_values_that_stay_have_the_same_hash_and_others_have_not(book):
    rows = facts_of_all([client.pk for client in book], noon(DAY))
    by_values = [(tuple(row[key] for key in CLIENT_METRICS), row["content_hash"]) for row in rows.values()]
    for (values, digest), (others, other) in pairwise(sorted(by_values, key=str)):
        assert (values == others) == (digest == other)
