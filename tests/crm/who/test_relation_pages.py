"""The group of a client on its page, the forms of its relations, and the same over the API."""

import pytest
from django.urls import reverse

from crm.models import Relation
from tests.access.alerts import an_entry
from tests.api.asking import Asker, make_house
from tests.factories import make_client, make_facility

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def rm(client, house):
    client.force_login(house.rm)
    return client


def url(name, *args):
    return reverse(f"crm:{name}", args=args)


def test_relation_is_entered_from_the_page_of_either_end(rm, house):
    said = {"place": "subsidiary", "other": house.team.code.lower(), "share": "62.5", "since": "2026-01-01"}
    answer = rm.post(url("relation-new", house.own.pk), said)
    assert answer["Location"] == url("client-tab", house.own.pk, "group")
    made = Relation.objects.get()
    assert (made.client, made.party, made.kind, made.share) == (house.team, house.own, "parent", 0.625)
    an_entry(house.team, house.rm)
    html = rm.get(url("client-tab", house.own.pk, "group")).content.decode()
    assert "62.5%" in html
    assert html.count('title="On the watch list"') == 2, "as a member and at the relation"
    assert url("relation-end", made.pk) in html
    assert "2 clients" in rm.get(url("client", house.team.pk)).content.decode()


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ("nobody", "has this code or name"),
        ("Twins Ltd", "Several clients have this name"),
        ("own", "not related"),
    ],
)
def test_refused_relation_says_why_beside_the_field(rm, house, other, reason):
    for _ in range(2):
        make_client(rm=house.rm, name_en="Twins Ltd")
    said = {"place": "guarantor", "other": house.own.code if other == "own" else other}
    answer = rm.post(url("relation-new", house.own.pk), said)
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert not Relation.objects.exists()


def test_client_out_of_sight_is_not_found_by_its_code(rm, house):
    answer = rm.post(url("relation-new", house.own.pk), {"place": "parent", "other": house.foreign.code})
    assert "has this code or name" in answer.content.decode()


def test_relation_is_corrected_and_ended(rm, house):
    tie = Relation.objects.create(client=house.own, party=house.team, kind="guarantor", amount=5)
    edit = url("relation-edit", tie.pk)
    assert 'value="5.00"' in rm.get(edit).content.decode()
    assert rm.post(edit, {"amount": "8", "version": "1"}).status_code == 302
    assert rm.post(edit, {"amount": "9", "version": "1"}).status_code == 422
    assert rm.post(url("relation-end", tie.pk), {"until": "2026-03-01"}).status_code == 302
    tie.refresh_from_db()
    assert (tie.amount, str(tie.until)) == (8, "2026-03-01")
    assert "Relations that are over" in rm.get(url("client-tab", house.own.pk, "group")).content.decode()


def test_group_and_relations_over_the_api(house):
    rm = Asker(house.rm)
    asked = {"client": house.own.pk, "party": house.team.pk, "kind": "parent", "share": 0.8}
    made = rm.post("relations/", asked)
    assert (made.status_code, made.data["party"]["code"]) == (201, house.team.code)
    back = {"client": house.team.pk, "party": house.own.pk, "kind": "parent"}
    assert list(rm.post("relations/", back).data["fields"]) == ["party"]
    assert list(rm.post("relations/", {**asked, "party": house.foreign.pk}).data["fields"]) == ["party"]
    make_facility(house.team, drawn=500_000)
    group = rm.get(f"clients/{house.own.pk}/group/").data
    assert [one["client"]["id"] for one in group["members"]] == [house.team.pk, house.own.pk]
    assert (group["exposure"], group["members"][1]["share"]) == ("500000.00", 0.8)
    path = f"relations/{made.data['id']}/"
    assert rm.patch(path, {"version": 1, "note": "By the register"}).data["version"] == 2
    assert rm.patch(path, {"version": 1, "note": ""}).status_code == 409
    assert rm.post(f"{path}end/", {"until": "2026-01-01"}).data["until"] == "2026-01-01"
    assert rm.get("relations/", client=house.own.pk, on="2026-01-01").data["results"] == []
    assert rm.get(f"clients/{house.own.pk}/group/", on="2025-12-31").data["members"] != []
    assert rm.get(f"clients/{house.own.pk}/group/", on="soon").status_code == 400
