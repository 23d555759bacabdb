"""Tags of a team: put on clients one holds, one or many at once, found in the list, kept by the lead."""

from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from crm.errors import Invalid, NotPermitted
from crm.models import Client, ClientTag, Role, Tag
from crm.selectors.tags import bearing, fields, tags_of
from crm.services.tags import change_tag, remove_tag, tag_clients, untag_clients
from tests.api.asking import Asker, make_house
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def lead(house):
    return make_user(Role.TEAM_LEAD, team=house.rm.team)


def names(client, user):
    return [tag.name for tag in tags_of([client], user).get(client.pk, [])]


def test_clients_that_one_holds_are_marked_and_nobody_elses(house, lead):
    everybody = [house.own.pk, house.team.pk, house.foreign.pk]
    assert tag_clients(by=house.rm, client_ids=everybody, name="  Green   energy ") == 1
    assert tag_clients(by=lead, client_ids=everybody, name="green ENERGY") == 1
    assert (names(house.own, house.rm), names(house.team, house.rm)) == (["Green energy"], ["Green energy"])
    assert tags_of([house.foreign], house.officer) == {}
    assert tag_clients(by=lead, client_ids=everybody, name="Green energy") == 0
    tag = Tag.objects.get()
    assert untag_clients(by=house.rm, client_ids=everybody, tag=tag) == 1
    assert names(house.team, house.rm) == ["Green energy"]


def test_new_tag_gets_the_colour_used_least(house):
    for name in ("A", "B", "C"):
        tag_clients(by=house.rm, client_ids=[house.own.pk], name=name)
    assert [tag.colour for tag in Tag.objects.all()] == [1, 2, 3]


def test_tag_without_a_name_and_tagging_by_others_are_refused(house):
    with pytest.raises(Invalid):
        tag_clients(by=house.rm, client_ids=[house.own.pk], name=" ")
    with pytest.raises(NotPermitted):
        tag_clients(by=house.officer, client_ids=[house.own.pk], name="A")


def test_lead_keeps_the_tags_of_the_team(house, lead):
    for name in ("A", "B"):
        tag_clients(by=house.rm, client_ids=[house.own.pk], name=name)
    a, b = Tag.objects.all()
    assert change_tag(by=lead, tag=a, name="Z", colour=6).colour == 6
    with pytest.raises(Invalid, match="a tag of this name already"):
        change_tag(by=lead, tag=a, name="b")
    for other in (house.rm, make_user(Role.TEAM_LEAD)):
        with pytest.raises(NotPermitted):
            remove_tag(by=other, tag=b)
    remove_tag(by=lead, tag=b)
    assert names(house.own, house.rm) == ["Z"]


def test_tag_is_a_filter_and_a_field_of_conditions(house):
    tag_clients(by=house.rm, client_ids=[house.own.pk], name="Green")
    tag = Tag.objects.get()
    assert list(bearing(Client.objects.all(), [str(tag.pk)])) == [house.own]
    (field,) = fields(house.rm, date(2026, 6, 30))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT c.id, {field.sql} FROM crm_client c")
        assert [pk for pk, bears in cursor.fetchall() if bears == "yes"] == [house.own.pk]
    assert fields(house.foreign.rm, date(2026, 6, 30)) == []


def test_tags_on_the_pages(client, house, lead):
    client.force_login(house.rm)
    post = reverse("crm:tag-clients")
    back = reverse("crm:client", args=[house.own.pk])
    assert client.post(post, {"client": house.own.pk, "new_tag": "Green", "next": back})["Location"] == back
    tag = Tag.objects.get()
    assert "Take Green away" in client.get(back).content.decode()
    assert house.own.name in client.get(reverse("crm:client-list"), {"tag": tag.pk}).content.decode()
    assert client.post(reverse("crm:tag-edit", args=[tag.pk])).status_code == 403
    client.post(post, {"client": house.own.pk, "untag": tag.pk})
    assert not ClientTag.objects.exists()
    client.force_login(lead)
    assert "Green" in client.get(reverse("crm:tags")).content.decode()
    changed = client.post(reverse("crm:tag-edit", args=[tag.pk]), {"name": "Blue", "colour": "2"})
    assert changed["Location"] == reverse("crm:tags")
    assert client.post(reverse("crm:tag-remove", args=[tag.pk]))["Location"] == reverse("crm:tags")
    assert not Tag.objects.exists()


def test_tags_cost_the_list_one_query(house, django_assert_num_queries):
    clients = [make_client(rm=house.rm) for _ in range(3)]
    tag_clients(by=house.rm, client_ids=[one.pk for one in clients], name="Green")
    with django_assert_num_queries(1):
        tags_of(clients, house.rm)


def test_tags_over_the_api(house, lead):
    rm, asked = Asker(house.rm), {"name": "Green", "clients": [house.own.pk, house.foreign.pk]}
    assert rm.post("tags/", asked).data == {"changed": 1}
    (tag,) = rm.get("tags/", client=house.own.pk).data["results"]
    path = f"tags/{tag['id']}/"
    assert rm.patch(path, {"colour": 3}).status_code == 403
    assert Asker(lead).patch(path, {"colour": 3}).data["colour"] == 3
    assert Asker(house.foreign.rm).post(f"{path}unmark/", {"clients": [house.own.pk]}).status_code == 404
    assert rm.post(f"{path}unmark/", {"clients": [house.own.pk]}).data == {"changed": 1}
    assert Asker(lead).send("DELETE", path).status_code == 204
