"""A contact logged from anywhere, with who took part, mentions, followers and the next step."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.errors import Invalid
from crm.models import Interaction, Notice, NoticePreference, Role, Task
from crm.models.conduct import today
from crm.names import sort_key
from crm.services.following import INTERACTION, follow_client
from crm.services.mentions import MENTIONED
from crm.services.tasks import add_task
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
LOG = "/interactions/new/"


@pytest.fixture
def held(client):
    found = make_client(
        rm=make_user(Role.RM, name="Mei Lin"), name_zh="杭州宏信", sort_key=sort_key("杭州宏信", "")
    )
    client.force_login(found.rm)
    return found


def contact(about, **changes) -> dict:
    said = {"client": about.pk, "kind": "call", "at": "2026-03-02T10:30", "subject": "Drawdown"}
    return {**said, "body": "Asked for ageing.", **changes}


def test_contact_is_kept_with_everything_said(client, held):
    person = held.people.create(name="Wang Lei")
    colleague = make_user(Role.RM, team=held.team)
    said = contact(
        held,
        outcome="good",
        people=[person.pk],
        colleagues=[colleague.pk],
        next_step="Send the term sheet",
        next_due="2026-12-01",
    )
    page = client.post(LOG, said, follow=True).content.decode()
    assert "Asked for ageing." in page
    assert "Wang Lei" in page
    kept = Interaction.objects.get()
    assert timezone.localtime(kept.at).strftime("%H:%M") == "10:30"
    assert {one.person or one.colleague for one in kept.participants.all()} == {person, colleague}
    task = Task.objects.get()
    assert (task.title, task.due_on, task.assignee) == ("Send the term sheet", date(2026, 12, 1), held.rm)


def test_refused_contact_keeps_what_was_typed(client, held):
    said = contact(held, subject="", at="2999-01-01T00:00", next_step="Call again")
    page = client.post(LOG, said)
    assert page.status_code == 422
    assert "Asked for ageing." in page.content.decode()
    page = client.post(LOG, contact(held, next_step="Call again"))
    assert "by when, or neither" in page.content.decode()
    assert not Interaction.objects.exists()


@pytest.mark.parametrize("held_by", ["colleague", "stranger", "nobody"])
def test_client_of_somebody_else_is_none_to_choose(client, held, held_by):
    team = held.team if held_by == "colleague" else make_user(Role.RM).team
    other = make_client(rm=make_user(Role.RM, team=team))
    page = client.post(LOG, contact(other, client="" if held_by == "nobody" else other.pk))
    assert page.status_code == 422
    found = client.get(reverse("crm:interaction-clients"), {"client_name": other.name}).content.decode()
    assert "No client of yours" in found


def test_client_is_found_by_initials(client, held):
    assert (
        "杭州宏信" in client.get(reverse("crm:interaction-clients"), {"client_name": "hzhx"}).content.decode()
    )
    assert "Type a name" in client.get(reverse("crm:interaction-clients")).content.decode()


def test_mention_tells_who_may_see_the_client_and_is_refused_for_others(client, held):
    colleague = make_user(Role.RM, team=held.team, username="jun.zhao", name="Jun Zhao")
    make_user(Role.RM, username="far.away", name="Far Away")
    refused = client.post(LOG, contact(held, body="Ask @far.away about it."))
    assert "Far Away may not see this client" in refused.content.decode()
    offered = client.get(reverse("crm:client-colleagues", args=[held.pk]), {"q": ""}).json()["people"]
    assert {person["username"] for person in offered} == {held.rm.username, "jun.zhao"}
    client.post(LOG, contact(held, body="Ask @jun.zhao. Not a.b@jun.zhao, nor @nobody."))
    assert Notice.objects.get(kind=MENTIONED).recipient == colleague
    page = client.get(reverse("crm:client-tab", args=[held.pk, "timeline"])).content.decode()
    assert '<span class="mention">@jun.zhao' in page


def test_mention_in_a_task_tells_who_may_see_its_client(client, held):
    colleague = make_user(Role.RM, team=held.team, username="jun.zhao", name="Jun Zhao")
    make_user(Role.RM, username="far.away", name="Far Away")
    given: dict[str, Any] = {"by": held.rm, "assignee": held.rm, "due_on": today(), "client": held}
    with pytest.raises(Invalid) as refused:
        add_task(title="Ask @far.away", **given)
    assert list(refused.value.fields) == ["title"]
    task = add_task(title="Call with @jun.zhao", **given)
    finish = reverse("crm:task-finish", args=[task.pk])
    assert "may not see" in client.post(finish, {"outcome": "@far.away knows"}).content.decode()
    client.post(finish, {"outcome": "@jun.zhao has the paper"})
    told, page = Notice.objects.filter(kind=MENTIONED), reverse("crm:task", args=[task.pk])
    assert list(told.values_list("recipient", "params__url")) == [(colleague.pk, page)] * 2
    assert '<span class="mention">@jun.zhao' in client.get(page).content.decode()


def test_followers_are_told_as_they_chose(client, held):
    follower, silent, moved = (make_user(Role.RM, team=held.team) for _ in range(3))
    for person in (follower, silent, moved, held.rm):
        follow_client(by=person, client=held)
    NoticePreference.objects.create(user=silent, kind=INTERACTION, in_app=False, mail=False)
    moved.team = make_user(Role.RM).team
    moved.save()
    client.post(LOG, contact(held))
    told = Notice.objects.filter(kind=INTERACTION)
    assert set(told.values_list("recipient", "in_app")) == {(follower.pk, True), (silent.pk, False)}
    client.force_login(follower)
    assert "Drawdown" in client.get(reverse("crm:notices")).content.decode()
    client.post(reverse("crm:client-follow", args=[held.pk]), {"stop": "on"})
    assert not follower.follows.exists()
