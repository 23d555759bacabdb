from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Role
from tests.api.asking import Asker, make_house
from tests.factories import make_observation, make_user
from tests.tiering.helpers import LONG_AGO, days_ago, publish, run_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """Own and foreign clients are High since 60 days ago, the colleague's lacks its score and so is provisional."""
    house = make_house()
    publish()
    for client in (house.own, house.foreign):
        make_observation(client, "credit_score", 720, observed_on=days_ago(90).date())
    run_now(as_of=days_ago(60))
    return house


@pytest.fixture
def rm(house):
    return Asker(house.rm)


def listed(answer):
    return {row["client"]["id"]: row["tier"]["key"] for row in answer.data["results"]}


def worsen(house):
    make_observation(house.own, "credit_score", 500, observed_on=days_ago(2).date())
    run_now()


def test_list_shows_the_tiers_of_visible_clients(house, rm):
    assert listed(rm.get("tiers/")) == {house.own.pk: "High", house.team.pk: "Low"}
    row = rm.get("tiers/", tier="High").data["results"][0]
    assert (row["score"], row["provisional"], row["pending"]) == (100.0, False, None)
    assert row["tier"]["rank"] == 0


def test_filters_narrow(house, rm):
    assert set(listed(rm.get("tiers/", tier="Low"))) == {house.team.pk}
    assert set(listed(rm.get("tiers/", provisional="true"))) == {house.team.pk}
    assert set(listed(rm.get("tiers/", provisional="false"))) == {house.own.pk}
    assert set(listed(rm.get("tiers/", scheme="small", rm=house.rm.pk))) == {house.own.pk}


@pytest.mark.parametrize(
    "query", [{"tier": "abc"}, {"scheme": "abc"}, {"provisional": "perhaps"}, {"team": "abc"}]
)
def test_unknown_value_is_refused(rm, query):
    answer = rm.get("tiers/", **query)
    assert (answer.status_code, list(answer.data["fields"])) == (400, list(query))


def test_list_pages_by_client(house, rm):
    first = rm.get("tiers/", page_size=1).data
    second = rm.get(first["next"].split("/api/v1/")[1]).data
    pages = [*first["results"], *second["results"]]
    assert [row["client"]["id"] for row in pages] == sorted([house.own.pk, house.team.pk])
    assert second["next"] is None


def test_list_is_empty_before_criteria_are_loaded(db):
    assert Asker(make_user(Role.AUDITOR)).get("tiers/").data["results"] == []


def test_account_adds_up(house, rm):
    found = rm.get(f"clients/{house.own.pk}/tier/").data
    assert (found["tier"]["key"], found["scheme"], found["pending"]) == ("High", "small", None)
    told = found["assessment"]
    assert told["score"] == sum(row["contribution"] for row in told["dimensions"]) == 100.0
    (indicator,) = told["dimensions"][0]["indicators"]
    assert (indicator["metric"], indicator["value"], indicator["points"]) == ("credit_score", 720, 100)
    assert indicator["band"] == {"lo": 700.0, "hi": None}
    assert [(gate["key"], gate["fired"], gate["tier"]) for gate in told["gates"]] == [("late", False, "Low")]
    assert [row["tier"]["key"] for row in found["history"]] == ["High"]


def test_pending_change_is_named_and_the_lift_says_what_would_help(house, rm):
    worsen(house)
    found = rm.get(f"clients/{house.own.pk}/tier/").data
    assert (found["tier"]["key"], found["assessment"]["tier"]["key"]) == ("High", "Low")
    assert found["pending"]["to_tier"]["key"] == "Low"
    assert found["assessment"]["next_tier"] == "Middle"
    assert found["assessment"]["lifts"][0]["steps"][0]["metric"] == "credit_score"
    assert listed(rm.get("tiers/"))[house.own.pk] == "High"


def test_past_date_is_replayed(house, rm):
    worsen(house)
    past = timezone.localdate() - timedelta(days=30)
    found = rm.get(f"clients/{house.own.pk}/tier/", as_of=past.isoformat()).data
    assert (found["assessment"]["score"], found["pending"]) == (100.0, None)
    before = rm.get(f"clients/{house.own.pk}/tier/", as_of=LONG_AGO.date().isoformat()).data
    assert (before["tier"], before["assessment"]) == (None, None)


@pytest.mark.parametrize(
    "query", [{"as_of": "2999-01-01"}, {"as_of": "x"}, {"scheme": "x"}, {"asof": "2026-01-01"}]
)
def test_unusable_question_is_refused(house, rm, query):
    answer = rm.get(f"clients/{house.own.pk}/tier/", **query)
    assert (answer.status_code, list(answer.data["fields"])) == (400, list(query))
