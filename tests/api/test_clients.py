from datetime import timedelta

import pytest
from django.utils import timezone

from crm.history import events_of
from crm.models import Client, Role
from tests.api.asking import Asker, make_house
from tests.factories import make_client, make_industry, make_region, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def rm(house):
    return Asker(house.rm)


def ids(answer) -> set[int]:
    return {row["id"] for row in answer.data["results"]}


def test_list_shows_own_and_teams_clients_only(house, rm):
    assert ids(rm.get("clients/")) == {house.own.pk, house.team.pk}


def test_list_shows_every_client_to_the_risk_officer(house):
    assert ids(Asker(house.officer).get("clients/")) == {house.own.pk, house.team.pk, house.foreign.pk}


def test_filters_narrow(house, rm):
    steel = make_industry(code="steel")
    chosen = make_client(
        rm=house.rm,
        name_en="Harbour Works",
        name_zh="",
        industry=steel,
        region=make_region(code="hz"),
        kind=Client.Kind.INSTITUTION,
        status=Client.Status.DORMANT,
    )
    for query in (
        {"q": "harbour"},
        {"industry": "steel"},
        {"region": "hz"},
        {"kind": "institution"},
        {"status": "dormant"},
        {"code": chosen.code},
    ):
        assert ids(rm.get("clients/", **query)) == {chosen.pk}, query
    assert ids(rm.get("clients/", rm=house.rm.pk)) == {house.own.pk, chosen.pk}
    assert len(ids(rm.get("clients/", team=house.rm.team.code))) == 3


def test_search_and_filters_reveal_nothing_foreign(house, rm):
    assert ids(rm.get("clients/", q=house.foreign.name_zh)) == set()
    assert ids(rm.get("clients/", code=house.foreign.code)) == set()
    assert ids(rm.get("clients/", rm=house.foreign.rm_id)) == ids(rm.get("clients/", rm=987654321)) == set()


@pytest.mark.parametrize("name", ["ordering", "owner__password__startswith", "rm__password", "search"])
def test_unknown_filter_is_refused(rm, name):
    answer = rm.get("clients/", **{name: "a"})
    assert answer.status_code == 400
    assert list(answer.data["fields"]) == [name]


def test_filter_given_twice_is_refused(rm):
    assert rm.get("clients/?kind=corporate&kind=individual").status_code == 400


def test_unknown_key_is_refused_and_names_the_known_ones(rm):
    make_industry(code="steel")
    answer = rm.get("clients/", industry="stel")
    assert answer.status_code == 400
    assert "steel" in answer.data["fields"]["industry"][0]


def test_pages_follow_each_other_without_gap_or_repeat(house, rm):
    expected = {make_client(rm=house.rm).pk for _ in range(7)} | {house.own.pk, house.team.pk}
    seen, path = [], "clients/?page_size=2"
    while path:
        page = rm.get(path).data
        seen += [row["id"] for row in page["results"]]
        path = page["next"] and page["next"].split("/api/v1/")[1]
    assert (len(seen), set(seen)) == (9, expected)


def test_detail_writes_the_client_out(house, rm):
    house.own.industry = make_industry(code="steel")
    house.own.save()
    found = rm.get(f"clients/{house.own.pk}/").data
    assert (found["code"], found["industry"], found["version"]) == (house.own.code, "steel", 1)
    assert found["rm"] == {"id": house.rm.pk, "name": house.rm.name}


@pytest.mark.parametrize("path", ["clients/{}/", "clients/{}/tier/"])
def test_foreign_client_reads_like_a_missing_one(house, rm, path):
    foreign, missing = rm.get(path.format(house.foreign.pk)), rm.get(path.format(987654321))
    assert (foreign.status_code, foreign.data) == (missing.status_code, missing.data)
    assert foreign.status_code == 404


def test_rm_adds_a_client_to_their_book(house, rm):
    make_region(code="hz")
    body = {"code": "N1", "name_zh": "新客户", "region": "hz", "registered_capital": "12000000.50"}
    answer = rm.post("clients/", body)
    assert answer.status_code == 201
    made = Client.objects.get(code="N1")
    assert (made.rm, made.team, made.region.code) == (house.rm, house.rm.team, "hz")
    assert answer["Location"].endswith(f"/api/v1/clients/{made.pk}/")


def test_client_without_a_name_is_refused_by_the_services_rule(rm):
    answer = rm.post("clients/", {"code": "N1"})
    assert (answer.status_code, answer.data["code"]) == (400, "invalid")
    assert not Client.objects.filter(code="N1").exists()


def test_taken_code_is_refused_by_field(house, rm):
    answer = rm.post("clients/", {"code": house.own.code, "name_en": "Twin"})
    assert (answer.status_code, list(answer.data["fields"])) == (400, ["code"])


def test_change_raises_the_version(house, rm):
    answer = rm.patch(f"clients/{house.own.pk}/", {"version": 1, "size_class": "large"})
    assert (answer.status_code, answer.data["size_class"], answer.data["version"]) == (200, "large", 2)
    house.own.refresh_from_db()
    assert (house.own.size_class, house.own.name_zh) == ("large", house.own.name_zh)


def test_change_from_an_old_version_conflicts_and_changes_nothing(house, rm):
    rm.patch(f"clients/{house.own.pk}/", {"version": 1, "size_class": "large"})
    answer = rm.patch(f"clients/{house.own.pk}/", {"version": 1, "size_class": "small"})
    assert (answer.status_code, answer.data["code"]) == (409, "conflict")
    assert answer.data["fields"]["size_class"][0].startswith("It was “–”, is “Large” by now")
    assert answer.data["version"] == 2
    house.own.refresh_from_db()
    assert house.own.size_class == "large"
    merged = rm.patch(f"clients/{house.own.pk}/", {"version": 1, "employees": 12})
    assert (merged.data["size_class"], merged.data["employees"], merged.data["version"]) == ("large", 12, 3)


def test_client_of_a_past_day_is_there_as_far_as_history_is_kept(house, rm):
    today = timezone.localdate()
    path = f"clients/{house.own.pk}/"
    assert rm.get(path, as_of=today.isoformat()).data["code"] == house.own.code
    assert rm.get(path, as_of=(today - timedelta(days=9)).isoformat()).status_code == 404
    refused = rm.get(path, as_of=(today + timedelta(days=9)).isoformat())
    assert (refused.status_code, list(refused.data["fields"])) == (400, ["as_of"])


def test_change_without_a_version_is_refused(house, rm):
    answer = rm.patch(f"clients/{house.own.pk}/", {"size_class": "large"})
    assert (answer.status_code, list(answer.data["fields"])) == (400, ["version"])


@pytest.mark.parametrize(
    "field", ["tier", "rm", "team", "owner", "groups", "approved_by", "id", "code", "search"]
)
def test_field_that_is_not_to_be_set_is_refused(house, rm, field):
    answer = rm.patch(f"clients/{house.own.pk}/", {"version": 1, field: 1})
    assert (answer.status_code, list(answer.data["fields"])) == (400, [field])


def test_colleagues_client_can_be_read_and_not_changed(house, rm):
    assert rm.get(f"clients/{house.team.pk}/").status_code == 200
    assert rm.patch(f"clients/{house.team.pk}/", {"version": 1, "size_class": "large"}).status_code == 403
    assert rm.patch(f"clients/{house.team.pk}/", {}).status_code == 403


def test_foreign_client_cannot_be_changed(house, rm):
    answer = rm.patch(f"clients/{house.foreign.pk}/", {"version": 1, "size_class": "large"})
    assert answer.status_code == 404


@pytest.mark.parametrize("role", [Role.RISK_OFFICER, Role.CRITERIA_ADMIN, Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_roles_without_a_book_write_nothing(house, role):
    asker = Asker(make_user(role))
    assert asker.post("clients/", {"code": "N1", "name_en": "New"}).status_code == 403
    assert asker.patch(f"clients/{house.own.pk}/", {"version": 1}).status_code == 403


def test_history_names_the_user_of_the_token(house, rm):
    rm.patch(f"clients/{house.own.pk}/", {"version": 1, "size_class": "large"})
    event = events_of(Client).filter(pgh_obj=house.own).latest("pgh_id")
    assert event.pgh_context.metadata["user"] == house.rm.pk
