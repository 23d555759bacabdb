"""A book handed over: looked at before, done in one act with what goes with it, taken back as far as nothing changed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.errors import Invalid, NotAManager, NotPermitted
from crm.models import Client, Handover, HandoverItem, Notice, Role, Tag, Task
from crm.models.conduct import today
from crm.selectors.handovers import NothingToHandOver, Plan, shares_of
from crm.services import handovers
from crm.services.clients import assign_rm
from crm.services.handovers import CannotUndo, hand_over, undo_handover
from crm.services.tasks import finish_task
from tests.factories import make_client, make_facility, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make_user(Role.TEAM_LEAD)


@pytest.fixture
def giver(lead):
    return make_user(Role.RM, team=lead.team, name="Giver")


def receivers(lead, number: int = 1) -> list:
    return [make_user(Role.RM, team=lead.team) for _ in range(number)]


def task_of(client) -> Task:
    return Task.objects.create(client=client, assignee=client.rm, title="Call", due_on=today())


def plan(giver, taking, clients, parts=("tasks",)) -> Plan:
    return Plan(giver=giver, receivers=taking, clients=[one.pk for one in clients], parts=parts)


def test_book_is_spread_by_exposure_the_largest_first(lead, giver):
    clients = [make_client(rm=giver) for _ in range(4)]
    for client, drawn in zip(clients, (10, 6, 5, 1), strict=True):
        make_facility(client, drawn=drawn, opened_on=today() - timedelta(days=9))
    one, other = shares_of(plan(giver, receivers(lead, 2), clients), lead)
    assert list(one.clients) == [clients[0].pk, clients[3].pk]
    assert list(other.clients) == [clients[1].pk, clients[2].pk]
    assert (one.exposure, other.exposure) == (11, 11)


def test_page_shows_what_it_would_do_then_does_it_and_takes_it_back(client, lead, giver):
    taker, *_others = receivers(lead)
    held = make_client(rm=giver, name_zh="杭州宏信")
    task, done = task_of(held), task_of(held)
    finish_task(by=giver, task=done)
    client.force_login(lead)
    said = {"giver": giver.pk, "receivers": [taker.pk], "parts": ["tasks"], "reason": "Maternity leave"}
    preview = client.post(reverse("crm:handover-new"), said).content.decode()
    assert "杭州宏信" in preview
    assert not Handover.objects.exists()
    page = client.post(reverse("crm:handover-new"), said | {"do": "on"}, follow=True).content.decode()
    assert "Handed over: 1" in page
    held.refresh_from_db()
    task.refresh_from_db()
    done.refresh_from_db()
    assert (held.rm, task.assignee, done.assignee) == (taker, taker, giver)
    made = Handover.objects.get()
    assert set(Notice.objects.values_list("recipient", flat=True)) == {taker.pk, giver.pk}
    page = client.post(reverse("crm:handover-undo", args=[made.pk]), follow=True).content.decode()
    assert "Taken back: 1" in page
    held.refresh_from_db()
    assert held.rm == giver
    client.force_login(giver)
    assert "is yours again" in client.get(reverse("crm:notices")).content.decode()


def test_filter_that_is_gone_hands_nobody_over(client, lead, giver):
    held, tag = make_client(rm=giver), Tag.objects.create(team=lead.team, name="Leaving")
    client.force_login(lead)
    taker = receivers(lead)[0]
    said = {"giver": giver.pk, "receivers": [taker.pk], "reason": "Left", "do": "on", "tag": tag.pk}
    tag.delete()
    page = client.post(reverse("crm:handover-new"), said)
    assert "Choose others" in page.content.decode()
    held.refresh_from_db()
    assert held.rm == giver


def test_client_that_went_to_another_team_is_not_named_among_what_stayed(client, lead, giver):
    gone = make_client(rm=giver)
    made = hand_over(by=lead, plan=plan(giver, receivers(lead), [gone]), reason="Left")
    other = make_user(Role.RM)
    Client.objects.filter(pk=gone.pk).update(rm=other, team=other.team)
    undo_handover(by=lead, handover=made)
    client.force_login(lead)
    page = client.get(reverse("crm:handover", args=[made.pk])).content.decode()
    assert gone.name not in page
    assert made.items.get(part="clients").state == "kept"


def test_undo_leaves_what_was_changed_since(lead, giver):
    taker, third = receivers(lead, 2)
    stays, moves_on, finished = (make_client(rm=giver) for _ in range(3))
    tasks = [task_of(one) for one in (stays, moves_on, finished)]
    made = hand_over(by=lead, plan=plan(giver, [taker], [stays, moves_on, finished]), reason="Left")
    assign_rm(by=lead, client_ids=[moves_on.pk], rm=third)
    tasks[2].refresh_from_db()
    finish_task(by=taker, task=tasks[2])
    undo_handover(by=lead, handover=made)
    for one in (stays, moves_on, finished):
        one.refresh_from_db()
    assert [one.rm for one in (stays, moves_on, finished)] == [giver, third, giver]
    for task in tasks:
        task.refresh_from_db()
    assert [task.assignee for task in tasks] == [giver, taker, taker]
    kept = HandoverItem.objects.filter(state="kept").values_list("part", "item")
    assert set(kept) == {("clients", moves_on.pk), ("tasks", tasks[1].pk), ("tasks", tasks[2].pk)}
    with pytest.raises(CannotUndo):
        undo_handover(by=lead, handover=made)


def test_task_of_a_client_that_left_the_book_meanwhile_stays(lead, giver, monkeypatch):
    taker, third = receivers(lead, 2)
    goes, left = make_client(rm=giver), make_client(rm=giver)
    tasks = [task_of(one) for one in (goes, left)]
    asked = plan(giver, [taker], [goes, left])
    read_before = shares_of(asked, lead)
    assign_rm(by=lead, client_ids=[left.pk], rm=third)
    monkeypatch.setattr(handovers, "shares_of", lambda plan, by: read_before)
    made = hand_over(by=lead, plan=asked, reason="Left")
    assert set(made.items.values_list("part", "item")) == {("clients", goes.pk), ("tasks", tasks[0].pk)}


def test_handover_whose_time_is_over_stays(lead, giver):
    made = hand_over(by=lead, plan=plan(giver, receivers(lead), [make_client(rm=giver)]), reason="Left")
    Handover.objects.update(undo_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(CannotUndo):
        undo_handover(by=lead, handover=made)


def test_only_a_lead_hands_over_within_the_team(lead, giver):
    held, taking = make_client(rm=giver), receivers(lead)
    with pytest.raises(NotPermitted):
        hand_over(by=giver, plan=plan(giver, taking, [held]), reason="Left")
    with pytest.raises(NotAManager):
        hand_over(by=lead, plan=plan(giver, [make_user(Role.RM)], [held]), reason="Left")
    with pytest.raises(Invalid, match="somebody else"):
        hand_over(by=lead, plan=plan(giver, [giver], [held]), reason="Left")
    with pytest.raises(Invalid, match="Say why"):
        hand_over(by=lead, plan=plan(giver, taking, [held]), reason=" ")
    with pytest.raises(NothingToHandOver):
        hand_over(by=lead, plan=plan(giver, taking, [make_client(rm=taking[0])]), reason="Left")
    assert not Handover.objects.exists()


def test_giver_is_not_offered_as_one_who_takes(client, lead, giver):
    (taker,) = receivers(lead)
    client.force_login(lead)
    page = client.get(reverse("crm:handover-new") + f"?giver={giver.pk}").content.decode()
    offered = page[page.index('id="receivers"') :]
    assert f'name="receivers" value="{taker.pk}"' in offered
    assert f'name="receivers" value="{giver.pk}"' not in offered
