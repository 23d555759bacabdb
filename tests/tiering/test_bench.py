"""The made-up books of the benchmark: what they hold, and that ways which disagree are not compared."""

from collections.abc import Iterator

import pytest
from django.db import connection

from crm.models import Client
from tiering.bench import criteria
from tiering.bench.assess import Disagreement, assessing
from tiering.bench.book import Book, change_facts, make_book
from tiering.bench.clocks import percentile
from tiering.bench.metrics import TABLE, make_metrics, sample
from tiering.bench.records import make_records
from tiering.bench.report import at_least, at_most
from tiering.bench.rows import execute
from tiering.core.document import Document
from tiering.facts import derive
from tiering.models import Assignment, Facts

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 400


@pytest.fixture
def book() -> Iterator[Book]:
    made = make_book(CLIENTS)
    yield made
    execute(f"DROP TABLE {TABLE}")


def shape(document: Document) -> tuple[set[int], set[int], int, int, set[str]]:
    cards = document.scorecards
    indicators = [[part for dimension in card.dimensions for part in dimension.indicators] for card in cards]
    return (
        {len(card.dimensions) for card in cards},
        {len(parts) for parts in indicators},
        len(document.gates),
        len(cards),
        {part.missing.kind for parts in indicators for part in parts if len(part.bands) == 5},
    )


def test_measured_method_has_the_shape_that_goals_are_set_for():
    expected = ({6}, {18}, 8, 3, {"worst", "neutral", "reweight", "block"})
    assert shape(criteria.document()) == expected


def test_made_up_book_is_tiered_and_the_same_each_time(book):
    held = dict(Assignment.objects.filter(valid_to=None).values_list("client", "tier__key"))
    assert len(held) == Client.objects.count() == CLIENTS
    assert set(held.values()) == set(criteria.TIERS)
    rows = sample(CLIENTS)
    stored = Facts.objects.order_by("client").values("client_id", *book.document.metrics)
    assert list(stored) == rows
    make_metrics(book.document, CLIENTS)
    assert sample(CLIENTS) == rows


def test_changed_facts_belong_to_so_many_clients_and_never_twice_to_the_same(book):
    assert change_facts(book, 0.02) == change_facts(book, 0.02) == CLIENTS // 50
    closed = Facts.objects.exclude(valid_to=None).values_list("client", flat=True)
    assert len(set(closed)) == len(closed) == 2 * CLIENTS // 50


def test_records_give_every_client_facts(book):
    make_records(book)
    with connection.cursor() as cursor:
        cursor.execute(*derive(range(1, CLIENTS + 1), book.as_of))
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert len(rows) == CLIENTS
    for metric in ("leverage", "revenue_growth", "exposure", "days_overdue_12m", "contacts_12m"):
        assert all(row[metric] is not None for row in rows)


def test_ways_that_disagree_are_not_compared(book):
    execute(f"UPDATE {TABLE} SET leverage = 'NaN' WHERE client_id = 7")
    with pytest.raises(Disagreement):
        list(assessing(book))


@pytest.mark.parametrize(("value", "verdict"), [(1.9, "ok"), (2.0, "ok"), (2.1, "over")])
def test_what_is_over_its_goal_is_called_so(value, verdict):
    assert str(at_most("waiting", value, 2, " s", 1)).split() == [
        "waiting",
        str(value),
        "s",
        "≤",
        "2",
        "s",
        verdict,
    ]
    assert str(at_least("speed", 4 - value, 2)).endswith(verdict)


@pytest.mark.parametrize(("share", "value"), [(0.05, 1), (0.5, 10), (0.95, 19), (1, 20)])
def test_share_of_the_values_lies_at_or_below_the_percentile(share, value):
    assert percentile(list(range(20, 0, -1)), share) == value
