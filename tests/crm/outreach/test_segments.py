"""Segments: kept from the client list, narrowed to what the reader sees, never resting on themselves."""

import json

import pytest
from django.http import QueryDict
from django.urls import reverse

from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import Client, Role, Segment
from crm.selectors.client_list import ListQuery
from crm.selectors.segments import segment_lines
from crm.services.segments import (
    NotStatic,
    SegmentCycle,
    add_to_segment,
    change_segment,
    keep_segment,
    refilter_segment,
    remove_segment,
    take_from_segment,
)
from tests.api.asking import Asker, make_house
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
ALL = Client.objects.all


@pytest.fixture
def house():
    return make_house()


def live(by, query="", **more) -> Segment:
    return keep_segment(by=by, name=more.pop("name", "Live"), kind="live", query=query, clients=ALL(), **more)


def inside(segment: Segment, answer: str = "yes") -> str:
    rule = {"metric": f"segment.{segment.pk}", "op": "in", "values": [answer]}
    return f"where={json.dumps(rule)}"


def listed(user, query: str) -> set[Client]:
    return set(ListQuery.read(QueryDict(query), user).clients())


def counts(user) -> dict[str, int]:
    return {line.segment.name: line.clients for line in segment_lines(user)}


def test_live_segment_follows_its_filter_and_a_static_one_stays(client, house):
    client.force_login(house.rm)
    new, shown = reverse("crm:segment-new"), {"list": "kind=corporate&sort=-name"}
    client.post(new, {**shown, "name": "Follows", "kind": "live", "reach": "team"})
    client.post(new, {**shown, "name": "Stays", "kind": "static", "reach": "private"})
    make_client(rm=house.rm)
    make_client(rm=house.rm, kind="institution")
    assert counts(house.rm) == {"Follows": 3, "Stays": 2}
    assert counts(house.team.rm) == {"Follows": 3}
    assert counts(house.foreign.rm) == {}
    follows = Segment.objects.get(name="Follows")
    assert follows.query == "kind=corporate"
    page = client.get(reverse("crm:client-list"), {"segment": follows.pk})
    assert len(page.context["rows"]) == 3
    assert "Follows" in client.get(reverse("crm:segments")).content.decode()


def test_segment_of_everybody_shows_each_reader_their_own(house):
    segment = live(house.officer, reach="house")
    assert counts(house.officer) == {"Live": 3}
    assert counts(house.foreign.rm) == {"Live": 1}
    assert listed(house.foreign.rm, f"segment={segment.pk}") == {house.foreign}


def test_my_clients_of_a_segment_are_those_of_its_owner(house):
    segment = live(house.rm, "view=mine", reach="team")
    assert listed(house.team.rm, f"segment={segment.pk}") == {house.own}


def test_conditions_ask_for_segments_even_within_segments(house):
    Client.objects.filter(pk=house.own.pk).update(name_en="100% 'quoted' Ltd")
    first = live(house.rm, "q=100%25")
    assert listed(house.rm, inside(first)) == {house.own}
    second = live(house.rm, inside(first, "no"), name="Others")
    assert listed(house.rm, inside(second)) == {house.team}
    assert listed(house.rm, f"{inside(second, 'no')}&segment={first.pk}") == {house.own}
    answer = Asker(house.rm).get("clients/", where=inside(first).removeprefix("where=")).data
    assert [row["id"] for row in answer["results"]] == [house.own.pk]
    remove_segment(by=house.rm, segment=first, revision=0)
    assert listed(house.rm, inside(first)) == set()


def test_segment_whose_filter_is_gone_holds_nobody_rather_than_everybody(house):
    first = live(house.rm, "kind=corporate", reach="team")
    for name, query in (
        ("By menu", f"segment={first.pk}"),
        ("By condition", inside(first)),
        ("View", "view=no"),
    ):
        live(house.rm, query, name=name)
    remove_segment(by=house.rm, segment=first, revision=0)
    assert counts(house.rm) == {"By menu": 0, "By condition": 0, "View": 0}
    for rests in Segment.objects.exclude(pk=first.pk):
        assert listed(house.rm, inside(rests)) == set()
        assert listed(house.rm, inside(rests, "no")) == {house.own, house.team}
    nobody = ListQuery.read(QueryDict(inside(first)), house.rm).clients()
    static = keep_segment(by=house.rm, name="Nobody", kind="static", query="", clients=nobody)
    assert not static.members.exists()


def test_filter_that_is_not_on_offer_is_not_kept(client, house):
    hidden = live(house.foreign.rm, "kind=corporate")
    asked = {"name": "x", "kind": "live", "query": f"segment={hidden.pk}"}
    answer = Asker(house.rm).post("segments/", asked)
    assert (answer.status_code, list(answer.data["fields"])) == (400, ["query"])
    client.force_login(house.rm)
    client.post(reverse("crm:segment-new"), {**asked, "list": asked["query"]})
    assert not Segment.objects.filter(owner=house.rm).exists()


def test_segment_never_rests_on_itself(house):
    first = live(house.rm)
    second = live(house.rm, inside(first), name="Second")
    third = live(house.rm, f"segment={second.pk}", name="Third")
    for query in (inside(first), inside(third), f"segment={third.pk}"):
        with pytest.raises(SegmentCycle):
            refilter_segment(by=house.rm, segment=first, revision=0, query=query)
    hidden = live(house.foreign.rm)
    with pytest.raises(Invalid, match="names a segment that there is not"):
        refilter_segment(by=house.rm, segment=first, revision=0, query=inside(hidden))
    assert refilter_segment(by=house.rm, segment=first, revision=0, query="kind=corporate").revision == 1


def test_static_segment_is_filled_with_clients_that_one_sees(client, house):
    clients = Client.objects.filter(pk=house.own.pk)
    segment = keep_segment(by=house.rm, name="Static", kind="static", query="", clients=clients)
    client.force_login(house.rm)
    given = {"client": [house.own.pk, house.team.pk, house.foreign.pk]}
    client.post(reverse("crm:segment-members"), {**given, "segment": segment.pk})
    assert counts(house.rm) == {"Static": 2}
    assert not segment.members.filter(client=house.foreign).exists()
    client.post(reverse("crm:segment-members"), {"client": house.own.pk, "take": segment.pk})
    assert listed(house.rm, f"segment={segment.pk}") == {house.team}
    with pytest.raises(NotPermitted):
        add_to_segment(by=house.team.rm, segment=segment, client_ids=[house.own.pk])
    with pytest.raises(NotStatic):
        take_from_segment(by=house.rm, segment=live(house.rm), client_ids=[house.own.pk])


def test_only_its_owner_changes_a_segment_as_they_saw_it(client, house):
    segment = live(house.rm, reach="team")
    with pytest.raises(NotPermitted):
        change_segment(by=house.team.rm, segment=segment, revision=0, name="Mine")
    with pytest.raises(NotPermitted):
        change_segment(by=house.rm, segment=segment, revision=0, reach="house")
    change_segment(by=house.rm, segment=segment, revision=0, name="New")
    with pytest.raises(Conflict):
        remove_segment(by=house.rm, segment=segment, revision=0)
    with pytest.raises(Invalid):
        live(house.rm, name="New")
    client.force_login(house.rm)
    client.post(reverse("crm:segment-change", args=[segment.pk]), {"act": "remove", "revision": 1})
    assert counts(house.rm) == {}
    assert live(house.rm, name="New").pk


def test_api_does_what_the_pages_do(house):
    rm = Asker(house.rm)
    made = rm.post("segments/", {"name": "One", "kind": "live", "query": "kind=corporate", "reach": "team"})
    assert (made.status_code, made.data["clients"]) == (201, 2)
    static = rm.post("segments/", {"name": "Two", "kind": "static", "query": "view=mine"}).data
    added = rm.post(f"segments/{static['id']}/members/", {"add": [house.team.pk], "take": [house.own.pk]})
    assert added.data == {"added": 1, "taken": 1}
    at = f"segments/{made.data['id']}/"
    assert rm.patch(at, {"revision": 0, "query": "q=nobody"}).data["clients"] == 0
    assert rm.patch(at, {"revision": 0, "name": "x"}).status_code == 409
    assert Asker(house.team.rm).patch(at, {"revision": 1, "name": "x"}).status_code == 403
    assert Asker(make_user(Role.RM)).get(at).status_code == 404
    assert rm.send("DELETE", f"{at}?revision=1").status_code == 204
    assert [row["name"] for row in rm.get("segments/").data["results"]] == ["Two"]
