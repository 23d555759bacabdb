"""Prospects go with the book of whoever hands it over, and come back with it."""

import pytest
from django.urls import reverse

from crm.models import HandoverItem, Role
from crm.selectors.handovers import Plan, preview_of, usual_parts
from crm.services.handovers import hand_over, undo_handover
from tests.factories import make_client, make_user
from tests.funnel.prospects.making import make_prospect, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make_user(Role.TEAM_LEAD)


@pytest.fixture
def giver(lead):
    return make_user(team=lead.team)


def test_open_prospects_are_dealt_out_with_the_book_and_come_back_as_far_as_nobody_changed_them(lead, giver):
    takers = [make_user(team=lead.team) for _ in range(2)]
    book, source = make_client(rm=giver), make_source(giver)
    opened = [make_prospect(giver, source) for _ in range(3)]
    decided = make_prospect(giver, source, status="rejected", reason="unfit")
    elsewhere = make_prospect(giver, make_source(make_user()))
    plan = Plan(giver=giver, receivers=takers, clients=[book.pk], parts=["prospects"])
    assert [(part.key, count) for part, count in preview_of(plan, lead).counts] == [
        ("clients", 1),
        ("prospects", 3),
    ]
    made = hand_over(by=lead, plan=plan, reason="Left")
    for one in (*opened, decided, elsewhere):
        one.refresh_from_db()
    assert [one.owner for one in opened] == [takers[0], takers[1], takers[0]]
    assert [one.version for one in opened] == [2, 2, 2]
    assert {decided.owner, elsewhere.owner} == {giver}
    opened[2].status, opened[2].reason = "rejected", "unfit"
    opened[2].save()
    undo_handover(by=lead, handover=made)
    for one in opened:
        one.refresh_from_db()
    assert [one.owner for one in opened] == [giver, giver, takers[0]]
    states = HandoverItem.objects.filter(part="prospects").values_list("state", flat=True)
    assert sorted(states) == ["kept", "returned", "returned"]


def test_they_stay_where_only_chosen_clients_go_unless_somebody_says_so(lead, giver, client):
    chosen, prospect = make_client(rm=giver), make_prospect(giver)
    taker = make_user(team=lead.team)
    assert "prospects" in usual_parts(lead, is_whole=True)
    assert "tasks" in usual_parts(lead, is_whole=False)
    client.force_login(lead)
    page = client.post(reverse("crm:handover-new"), {"client": chosen.pk}).content.decode()
    assert 'value="tasks" id="id_parts_0" checked' in page
    assert 'value="prospects" id="id_parts_4">' in page
    body = {"giver": giver.pk, "receivers": [taker.pk], "clients": [chosen.pk]}
    asked = client.post(reverse("api:handover-preview"), body, content_type="application/json").json()
    assert "prospects" not in [one["part"] for one in asked["counts"]]
    del body["clients"]
    asked = client.post(reverse("api:handover-preview"), body, content_type="application/json").json()
    assert {"part": "prospects", "count": 1} in asked["counts"]
    prospect.refresh_from_db()
    assert prospect.owner == giver
