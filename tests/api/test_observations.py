from datetime import date, timedelta

import pytest

from crm.history import events_of
from crm.models import CustomMetric, IdempotencyKey, Observation
from tests.api.asking import Asker, make_house
from tests.factories import make_observation, make_project
from tiering.models import RetierRequest

pytestmark = pytest.mark.django_db
TOMORROW = (date.today() + timedelta(days=2)).isoformat()


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def rm(house):
    return Asker(house.rm)


def item(client, **fields):
    defaults = {"metric": "credit_score", "value": 700, "observed_on": "2026-06-30", "source": "Bureau"}
    return {"client": client.pk, **defaults, **fields}


def send(asker, *items, key="k1"):
    return asker.post("observations/", {"observations": list(items)}, key=key)


def test_set_is_recorded_with_its_source_and_asks_for_a_new_tier(house, rm):
    RetierRequest.objects.all().delete()
    answer = send(rm, item(house.own), item(house.own, metric="city_tier", value=None, text="tier_1"))
    assert (answer.status_code, answer.data) == (201, {"created": 2, "changed": 0, "unchanged": 0})
    category, number = Observation.objects.order_by("metric")
    assert (number.value, number.source, number.recorded_by) == (700, "Bureau", house.rm)
    assert (category.value, category.text, category.received_on) == (None, "tier_1", date.today())
    assert RetierRequest.objects.filter(client=house.own).exists()


def test_same_key_and_body_is_done_once_and_answered_alike(house, rm):
    first, again = send(rm, item(house.own)), send(rm, item(house.own))
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert Observation.objects.count() == 1


def test_same_key_with_another_body_is_refused(house, rm):
    send(rm, item(house.own))
    answer = send(rm, item(house.own, value=1))
    assert (answer.status_code, answer.data["code"]) == (422, "idempotency_key_reused")
    assert Observation.objects.get().value == 700


def test_key_of_a_refused_set_is_free_again(house, rm):
    assert send(rm, item(house.own, metric="no_such")).status_code == 400
    assert not IdempotencyKey.objects.exists()
    assert send(rm, item(house.own)).status_code == 201


def test_key_of_another_user_is_no_hindrance(house, rm):
    send(rm, item(house.own))
    assert send(Asker(house.team.rm), item(house.team)).data["created"] == 1


@pytest.mark.parametrize("key", ["", "with space", "schlüssel", "x" * 101])
def test_missing_or_unusable_key_is_refused(house, rm, key):
    answer = send(rm, item(house.own), key=key)
    assert (answer.status_code, list(answer.data["fields"])) == (400, ["Idempotency-Key"])


def test_new_value_of_the_same_day_and_source_replaces_and_the_same_changes_nothing(house, rm):
    send(rm, item(house.own), key="k1")
    same = send(rm, item(house.own), key="k2")
    other = send(rm, item(house.own, value=640), key="k3")
    assert (same.data["unchanged"], other.data["changed"]) == (1, 1)
    assert Observation.objects.get().value == 640
    assert events_of(Observation).count() == 2


def test_every_bad_item_is_named_and_nothing_is_recorded(house, rm):
    CustomMetric.objects.create(key="esg", label_en="ESG")
    answer = send(
        rm,
        item(house.own),
        item(house.own, metric="no_such"),
        item(house.own, metric="esg", value="many"),
        item(house.own, metric="pd", value=1.5),
        item(house.own, metric="city_tier", value=None, text="tier_9"),
        item(house.own, observed_on=TOMORROW, received_on=TOMORROW),
        item(house.own, value=None),
        item(house.own, observed_on="2026-06-30", received_on="2026-06-29"),
        item(house.own),
        item(house.own, value=float(10), tier="AA"),
        "not an object",
    )
    assert (answer.status_code, answer.data["code"]) == (400, "items_refused")
    assert set(answer.data["fields"]) == {
        "observations.1.metric",
        "observations.2.value",
        "observations.3.value",
        "observations.4.text",
        "observations.5.observed_on",
        "observations.5.received_on",
        "observations.6.value",
        "observations.7.received_on",
        "observations.6",
        "observations.8",
        "observations.9.tier",
        "observations.10",
    }
    assert not Observation.objects.exists()


def test_same_metric_is_recorded_of_the_client_and_within_each_project(house, rm):
    first, second = make_project(), make_project()
    for project in (first, second):
        house.own.participations.create(project=project)
    items = [
        item(house.own, metric="management_quality", value=value, project=project and project.pk)
        for value, project in ((3, None), (4, first), (5, second))
    ]
    assert send(rm, *items).data["created"] == 3
    assert send(rm, *items, key="k2").data["unchanged"] == 3
    assert send(rm, {**items[1], "value": 2}, key="k3").data["changed"] == 1
    assert list(Observation.objects.order_by("project").values_list("project", "value")) == [
        (first.pk, 2),
        (second.pk, 5),
        (None, 3),
    ]


def test_metric_of_a_project_needs_one_that_the_client_takes_part_in(house, rm):
    project, stranger = make_project(), make_project()
    house.own.participations.create(project=project)
    house.foreign.participations.create(project=stranger)
    answer = send(
        rm,
        item(house.own, metric="project_dscr", value=1.2),
        item(house.own, project=project.pk),
        item(house.own, metric="project_dscr", value=1.2, project=stranger.pk),
        item(house.own, metric="project_llcr", value=1.2, project=987654321),
    )
    reasons = answer.data["fields"]
    assert set(reasons) == {f"observations.{index}.project" for index in range(4)}
    assert reasons["observations.2.project"] == reasons["observations.3.project"]
    assert not Observation.objects.exists()


def test_foreign_missing_and_unheld_clients_are_refused_alike(house, rm):
    answer = send(
        rm,
        item(house.foreign),
        item(house.team),
        {**item(house.own), "client": 987654321},
    )
    reasons = [answer.data["fields"][f"observations.{index}.client"] for index in range(3)]
    assert reasons[0] == reasons[1] == reasons[2]
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    "body", [{}, [], None, {"observations": []}, {"observations": {}}, {"observations": "x"}]
)
def test_what_is_no_set_is_refused(rm, body):
    answer = rm.post("observations/", body, key="k", raw=b"null" if body is None else None)
    assert (answer.status_code, list(answer.data["fields"])) == (400, ["observations"])


def test_thousand_are_taken_in_as_many_queries_as_two(house, rm, django_assert_max_num_queries):
    days = [(date(2023, 1, 1) + timedelta(days=n)).isoformat() for n in range(1001)]
    with django_assert_max_num_queries(21):
        answer = send(rm, *(item(house.own, observed_on=day) for day in days[:1000]))
    assert answer.data["created"] == 1000
    assert send(rm, *(item(house.own, observed_on=day) for day in days), key="k2").status_code == 400


def test_list_shows_visible_clients_only_and_narrows(house, rm):
    own = make_observation(house.own, "credit_score", 700)
    team = make_observation(house.team, "pd", 0.1, observed_on=date(2026, 1, 1))
    make_observation(house.foreign, "pd", 0.2)
    assert listed(rm.get("observations/")) == {own.pk, team.pk}
    assert listed(rm.get("observations/", metric="pd")) == {team.pk}
    assert listed(rm.get("observations/", client=house.own.pk)) == {own.pk}
    assert listed(rm.get("observations/", client=house.foreign.pk)) == set()
    assert listed(rm.get("observations/", observed_from="2026-02-01")) == {own.pk}
    assert listed(rm.get("observations/", observed_to="2026-02-01")) == {team.pk}


def listed(answer):
    return {row["id"] for row in answer.data["results"]}
