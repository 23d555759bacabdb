from decimal import Decimal

import pytest

from crm import paging
from crm.models import Client
from crm.paging import COUNT_CAP, Order, count_of, neighbours_of, numbers_of, page_of
from tests.factories import make_client

pytestmark = pytest.mark.django_db
# Two clients share a value and two have none: the places where paging by value alone loses or repeats rows.
CAPITALS = (30, 10, None, 20, 20, None, 40)


@pytest.fixture
def clients() -> list[Client]:
    return [make_client(registered_capital=capital) for capital in CAPITALS]


def walk(order: Order, size: int) -> list[list[Decimal | None]]:
    """The values of every page, forward."""
    page = page_of(Client.objects.all(), order, size)
    pages = [page]
    while page.next:
        page = page_of(Client.objects.all(), order, size, after=page.next)
        pages.append(page)
    return [[row.registered_capital for row in page.rows] for page in pages]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_pages_together_hold_every_row_once_in_order(clients, size):
    rising = [value for page in walk(Order("registered_capital"), size) for value in page]
    falling = [value for page in walk(Order("registered_capital", descending=True), size) for value in page]
    assert rising == [10, 20, 20, 30, 40, None, None]
    assert falling == [40, 30, 20, 20, 10, None, None]


@pytest.mark.parametrize("descending", [False, True])
def test_going_back_shows_the_pages_that_were_passed(clients, descending):
    order = Order("registered_capital", descending)
    first = page_of(Client.objects.all(), order, 3)
    second = page_of(Client.objects.all(), order, 3, after=first.next)
    third = page_of(Client.objects.all(), order, 3, after=second.next)
    back = page_of(Client.objects.all(), order, 3, before=third.previous)
    assert (back.rows, back.first, back.last) == (second.rows, 4, 6)
    again = page_of(Client.objects.all(), order, 3, before=back.previous)
    assert (again.rows, again.previous) == (first.rows, "")


def test_last_page_has_no_next_and_first_no_previous(clients):
    page = page_of(Client.objects.all(), Order("sort_key"), 50)
    assert (page.previous, page.next, page.first, page.last) == ("", "", 1, 7)


@pytest.mark.parametrize("token", ["", "nonsense", "WzEwLDFd:1abc:forged"])
def test_token_that_is_not_ours_shows_the_first_page(clients, token):
    page = page_of(Client.objects.all(), Order("sort_key"), 2, after=token)
    assert (page.rows, page.first) == (clients[:2], 1)


def test_neighbours_follow_the_order_across_missing_values(clients):
    order = Order("registered_capital", descending=True)
    smallest, first_without = clients[1], clients[2]
    assert neighbours_of(Client.objects.all(), order, smallest.pk)[1] == first_without.pk
    assert neighbours_of(Client.objects.all(), order, first_without.pk)[0] == smallest.pk
    assert neighbours_of(Client.objects.all(), order, clients[6].pk)[0] is None


def test_neighbours_of_a_row_outside_the_list_are_none(clients):
    others = Client.objects.exclude(pk=clients[0].pk)
    assert neighbours_of(others, Order("sort_key"), clients[0].pk) == (None, None)


def test_count_stops_at_the_cap(clients, monkeypatch):
    assert count_of(Client.objects.all()).number == 7
    monkeypatch.setattr("crm.paging.COUNT_CAP", 5)
    capped = count_of(Client.objects.all())
    assert (capped.number, capped.is_capped) == (5, True)
    assert COUNT_CAP == 10_000


def test_rows_of_several_kinds_are_counted_in_one_statement_up_to_the_cap(
    clients, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(paging, "COUNT_CAP", 5)
    every = Client.objects.all()
    twice = every.filter(registered_capital=10).union(every.filter(registered_capital=30))
    with django_assert_num_queries(1):
        found = numbers_of([every, 3, every.none(), every.filter(registered_capital=20), twice])
    assert found == [6, 3, 0, 2, 2]
