"""What clients bring in: by months that are over, as known on the day, and measured against the whole book."""

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta
from django.db import InternalError

from crm.models import Client, Revenue
from tests.factories import make_client, make_project, make_revenue
from tests.tiering.helpers import facts_of, facts_of_all
from tests.tiering.test_facts_dates import noon
from tiering.models import PortfolioBenchmark
from tiering.services.benchmarks import take_benchmark

pytestmark = pytest.mark.django_db

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
CDNOW = Path(__file__).parents[3] / "shared/data/CDNOW_sample.txt"
BOOK_OF = (
    "recency_quintile",
    "frequency_quintile",
    "monetary_quintile",
    "portfolio_share",
    "cumulative_share",
)


def test_month_counts_once_it_is_over_and_for_a_year():
    client = make_client()
    make_revenue(client, JUNE, 500, received_on=JUNE)
    assert facts_of(client, noon(date(2026, 6, 30)))["revenue_12m"] is None
    assert facts_of(client, noon(date(2026, 7, 1)))["revenue_12m"] == 500
    assert facts_of(client, noon(date(2027, 6, 30)))["revenue_12m"] == 500
    gone = facts_of(client, noon(date(2027, 7, 1)))
    assert (gone["revenue_12m"], gone["frequency_12m"], gone["recency_days"]) == (0, 0, 366)


def test_figure_received_later_restates_the_month_of_its_source_and_project():
    client, project = make_client(), make_project()
    make_revenue(client, MAY, 500)
    make_revenue(client, MAY, 40, source="fees")
    make_revenue(client, MAY, 7, project=project)
    make_revenue(client, MAY, 300, received_on=date(2026, 6, 20))
    assert facts_of(client, noon(date(2026, 6, 19)))["revenue_12m"] == 547
    assert facts_of(client, noon(date(2026, 6, 20)))["revenue_12m"] == 347


def test_loss_lowers_revenue_and_is_no_month_with_revenue():
    client = make_client()
    make_revenue(client, date(2026, 3, 1), 100)
    make_revenue(client, MAY, -250)
    facts = facts_of(client, noon(JUNE))
    assert (facts["revenue_12m"], facts["frequency_12m"], facts["recency_days"]) == (-150, 1, 62)


def test_without_a_benchmark_nothing_is_known_of_a_part_of_the_book():
    client = make_client()
    make_revenue(client, MAY, 100)
    take_benchmark(as_of=noon(date(2026, 6, 30)))
    facts = facts_of(client, noon(date(2026, 6, 29)))
    assert {facts[metric] for metric in BOOK_OF} == {None}


def test_benchmark_of_an_empty_book_leaves_its_parts_unknown():
    take_benchmark(as_of=noon(JUNE))
    client = make_client()
    make_revenue(client, MAY, 100)
    facts = facts_of(client, noon(date(2026, 6, 30)))
    assert {facts[metric] for metric in BOOK_OF} == {None}


def test_late_revenue_of_others_moves_a_share_with_the_next_benchmark_only():
    client = make_client()
    make_revenue(client, MAY, 100)
    take_benchmark(as_of=noon(date(2026, 6, 2)))
    make_revenue(make_client(), MAY, 300, received_on=date(2026, 6, 5))
    assert facts_of(client, noon(date(2026, 6, 10)))["portfolio_share"] == 1
    take_benchmark(as_of=noon(date(2026, 6, 11)))
    facts = facts_of(client, noon(date(2026, 6, 12)))
    assert (facts["portfolio_share"], facts["cumulative_share"]) == (0.25, 0.75)
    assert facts_of(client, noon(date(2026, 6, 10)))["portfolio_share"] == 1


def test_benchmark_is_taken_once_for_a_moment_and_stays():
    first = take_benchmark(as_of=noon(JUNE))
    make_revenue(make_client(), MAY, 100)
    assert take_benchmark(as_of=noon(JUNE)) == first
    with pytest.raises(InternalError):
        PortfolioBenchmark.objects.update(total_revenue=1)


def test_parts_of_the_book_equal_what_counting_gives():
    """Ranks with many equals, losses and clients without revenue, against a count of those strictly ahead."""
    source = random.Random(7)
    amounts: dict[Client, list[int]] = {}
    for _ in range(60):
        client = make_client()
        amounts[client] = [
            source.choice([-50, 0, 10, 10, 20, 300, 4000]) for _ in range(source.randint(1, 4))
        ]
        for back, amount in enumerate(amounts[client]):
            make_revenue(client, MAY - relativedelta(months=2 * back), amount)
    take_benchmark(as_of=noon(JUNE))
    money = {client: sum(found) for client, found in amounts.items()}
    months = {client: sum(amount > 0 for amount in found) for client, found in amounts.items()}
    last = {c: -next(n for n, a in enumerate(found) if a > 0) for c, found in amounts.items() if months[c]}
    whole = sum(max(0, value) for value in money.values())
    for client in amounts:
        ahead = sum(value for value in money.values() if value > max(money[client], 0))
        facts = facts_of(client, noon(JUNE))
        assert {metric: facts[metric] for metric in BOOK_OF} == {
            "recency_quintile": _quintile(client, last),
            "frequency_quintile": _quintile(client, months),
            "monetary_quintile": _quintile(client, money),
            "portfolio_share": max(0, money[client]) / whole,
            "cumulative_share": 1000 * ahead // whole / 1000,
        }


def _quintile(client: Client, values: Mapping[Client, float]) -> int | None:
    if client not in values:
        return None
    ahead = sum(value > values[client] for value in values.values())
    return 5 - 5 * ahead // len(values)


@pytest.mark.skipif(not CDNOW.exists(), reason="needs CDNOW_sample.txt")
def test_recency_frequency_and_size_of_real_purchases_equal_those_of_a_plain_count():
    """Purchases of 300 customers of CDNOW from 1997-01 to 1998-06, a figure a month; as of July 1998."""
    bought: dict[str, dict[date, float]] = {}
    for line in CDNOW.read_text().splitlines():
        _, customer, day, _, dollars = line.split()
        month = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).date().replace(day=1)
        months = bought.setdefault(customer, {})
        months[month] = round(months.get(month, 0) + float(dollars), 2)
    chosen = {make_client(): bought[customer] for customer in sorted(bought)[:300]}
    Revenue.objects.bulk_create(
        Revenue(client=client, month=month, amount=dollars, received_on=month)
        for client, months in chosen.items()
        for month, dollars in months.items()
    )
    as_of = noon(date(1998, 7, 1))
    take_benchmark(as_of=as_of)
    rows = facts_of_all([client.pk for client in chosen], as_of)
    size = {c: sum(d for m, d in months.items() if m >= date(1997, 7, 1)) for c, months in chosen.items()}
    last = {c: max((m for m, d in months.items() if d > 0), default=None) for c, months in chosen.items()}
    for client, months in chosen.items():
        facts, latest = rows[client.pk], last[client]
        assert facts["revenue_12m"] == pytest.approx(size[client])
        assert facts["frequency_12m"] == sum(d > 0 for m, d in months.items() if m >= date(1997, 7, 1))
        assert facts["recency_days"] == (_days_since(latest) if latest else None)
        assert facts["monetary_quintile"] == _quintile(client, {c: round(v, 2) for c, v in size.items()})


def _days_since(month: date) -> int:
    """From the last day of a month to the first of July 1998."""
    return (date(1998, 7, 1) - (month + relativedelta(months=1, days=-1))).days
