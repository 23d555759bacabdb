"""What tiering puts into the client list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import Client, Role
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import days_ago, publish, run_now
from tiering.models import RetierRequest, Tier

pytestmark = pytest.mark.django_db
URL = reverse("crm:client-list")


@pytest.fixture
def officer():
    return make_user(Role.RISK_OFFICER)


def scored(name: str, score: float | None) -> Client:
    client = make_client(name_zh=name, name_en="", rm=make_user(Role.RM))
    if score is not None:
        make_observation(client, "credit_score", score, observed_on=days_ago(40).date())
    return client


def listed(browser, user, **params):
    browser.force_login(user)
    response = browser.get(URL, params)
    assert response.status_code == 200
    return response


def names(browser, user, **params) -> list[str]:
    return [client.name for client, _ in listed(browser, user, **params).context["rows"]]


@pytest.fixture
def book() -> list[Client]:
    """High 100 points, Middle 60, Low 20, and one that came after the run."""
    publish()
    clients = [scored("高", 720), scored("中", 650), scored("低", 500)]
    run_now(as_of=days_ago(20))
    return [*clients, scored("新", 720)]


def by_column(response, cells: list[str]) -> dict[str, str]:
    return dict(zip((column.key for column in response.context["columns"]), cells, strict=True))


def test_tier_score_and_trend_stand_in_the_row(client, officer, book):
    response = listed(client, officer, q="中")
    [(_, cells)] = response.context["rows"]
    shown = by_column(response, cells)
    assert ">Middle<" in shown["tier"]
    assert shown["score"].strip() == "60.0"


def test_scores_sort_both_ways_with_the_untiered_last(client, officer, book):
    assert names(client, officer, sort="score") == ["低", "中", "高", "新"]
    assert names(client, officer, sort="-score") == ["高", "中", "低", "新"]


def test_tier_filter_finds_tiers_and_clients_without_one(client, officer, book):
    tiers = {tier.key: str(tier.pk) for tier in Tier.objects.all()}
    assert sorted(names(client, officer, tier=[tiers["High"], tiers["Low"]])) == sorted(["高", "低"])
    assert names(client, officer, tier="none") == ["新"]
    assert sorted(names(client, officer, tier=["none", tiers["High"]])) == sorted(["高", "新"])


def test_pending_change_shows_where_it_leads_and_has_a_view(client, officer, book):
    make_observation(book[0], "credit_score", 500, observed_on=days_ago(15).date())
    run_now(as_of=days_ago(10))
    response = listed(client, officer, view="pending")
    [(found, cells)] = response.context["rows"]
    shown = by_column(response, cells)
    assert found == book[0]
    assert shown["tier"].index(">High<") < shown["tier"].index(">Low<")


def test_columns_cost_the_same_for_many_clients(client, officer, book):
    listed(client, officer)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    for number in range(10):
        scored(f"多{number}", 650)
    run_now(as_of=days_ago(5))
    with CaptureQueriesContext(connection) as many:
        client.get(URL)
    assert len(many) == len(few)


def test_list_works_before_any_criteria_are_loaded(client, officer):
    scored("早", 720)
    assert names(client, officer, sort="-score") == ["早"]
    assert names(client, officer, tier="none") == ["早"]


def test_selected_clients_are_queued_for_re_tiering(client, officer, book):
    RetierRequest.objects.all().delete()
    client.force_login(officer)
    chosen = [book[0].pk, book[2].pk]
    response = client.post(reverse("tiering:retier-clients"), {"client": [*chosen, "x"], "next": URL})
    assert response.url == URL
    assert set(RetierRequest.objects.values_list("client", flat=True)) == set(chosen)


def test_re_tiering_is_not_for_those_who_start_no_runs(client, book):
    client.force_login(make_user(Role.RM))
    assert client.post(reverse("tiering:retier-clients"), {"client": [book[0].pk]}).status_code == 403
