from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation

from crm.models import Role
from tests.factories import make_user
from tests.tiering.helpers import publish, run_now
from tests.tiering.pages.making import client_with, observe, visitor_of, waiting
from tiering.forms import QueueFilterForm
from tiering.models import Proposal
from tiering.selectors import queue
from tiering.selectors.queue import QueueFilter
from tiering.services.proposals import approve

pytestmark = pytest.mark.django_db
ALL = QueueFilter()


@pytest.fixture(autouse=True)
def criteria():
    return publish()


@pytest.fixture
def officer():
    return make_user(Role.RISK_OFFICER)


def order(user, wanted=ALL, **options):
    return [row.pk for row in queue.page(user, wanted, timezone.now(), **options).rows]


def test_two_tiers_down_come_before_one_with_the_same_exposure(officer):
    (one,) = waiting(client_with(10_000_000), score=650.0)
    (two,) = waiting(client_with(10_000_000), score=500.0)
    assert order(officer) == [two.pk, one.pk]


def test_what_waits_longer_comes_first(officer):
    newer, older = waiting(client_with(11_000_000), client_with(10_000_000))
    assert order(officer) == [newer.pk, older.pk]
    Proposal.objects.filter(pk=older.pk).update(waiting_since=timezone.now() - timedelta(days=30))
    assert order(officer) == [older.pk, newer.pk]


def test_new_evidence_does_not_shorten_the_wait(officer):
    client = client_with(1_000_000)
    waiting(client)
    observe(client, 480.0, 5)
    run_now()
    queued = visitor_of(officer).get(reverse("tiering:reviews")).context["rows"]
    assert [row.waited for row in queued] == ["10 d"]
    assert len(order(officer, QueueFilter(waiting_days=7))) == 1


def test_pages_follow_each_other_though_a_decision_falls_between(officer):
    proposals = waiting(*[client_with(1_000_000 * n) for n in (5, 4, 3, 2, 1)])
    at = timezone.now()
    first = queue.page(officer, ALL, at, rows=2)
    assert ([row.pk for row in first.rows], first.has_more) == ([p.pk for p in proposals[:2]], True)
    approve(proposal=proposals[1], decided_by=officer)
    second = queue.page(officer, ALL, at, after=proposals[1].pk, rows=5)
    assert ([row.pk for row in second.rows], second.has_more) == ([p.pk for p in proposals[2:]], False)


def test_page_of_a_deep_proposal_reaches_down_to_it(officer, monkeypatch):
    monkeypatch.setattr(queue, "PAGE", 2)
    proposals = waiting(*[client_with(1_000_000 * n) for n in (5, 4, 3, 2, 1)])
    page = queue.page_with(officer, ALL, timezone.now(), proposals[2].pk)
    assert [row.pk for row in page.rows] == [p.pk for p in proposals[:4]]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (QueueFilter(direction="down"), 1),
        (QueueFilter(direction="up"), 0),
        (QueueFilter(waiting_days=5), 1),
        (QueueFilter(waiting_days=30), 0),
    ],
)
def test_filter_by_direction_and_age(officer, wanted, found):
    waiting(client_with(1_000_000))
    assert len(order(officer, wanted)) == found


def test_more_rows_come_after_the_last_one_shown(officer):
    first, second, third = waiting(client_with(3_000_000), client_with(2_000_000), client_with(1_000_000))
    query: dict[str, str | int] = {"after": first.pk, "at": timezone.now().isoformat()}
    response = visitor_of(officer).get(reverse("tiering:reviews-more"), query)
    assert [row.proposal.pk for row in response.context["rows"]] == [second.pk, third.pk]
    nonsense = visitor_of(officer).get(reverse("tiering:reviews-more"), {"after": "x", "at": "2026-99-99"})
    assert len(nonsense.context["rows"]) == 3


def test_filter_offers_its_choices_in_the_readers_language(officer):
    for language, offered in (("en", "3 days or more"), ("zh-hans", "3 天及以上")):
        with translation.override(language):
            options = QueueFilterForm(QueryDict(), user=officer)["waiting"].subwidgets
            labels = {str(option.data["value"]): str(option.choice_label) for option in options}
        assert labels["3"] == offered
