"""Tasks are given, done, moved and handed on by those whose they are."""

from datetime import timedelta

import pytest

from crm.errors import Invalid, NotPermitted
from crm.models import Notice, Role, Task
from crm.services.tasks import (
    ASSIGNED,
    NotAnAssignee,
    TaskClosed,
    TaskOpen,
    TaskRow,
    add_task,
    add_tasks,
    assign_task,
    cancel_tasks,
    finish_task,
    finish_tasks,
    move_task,
    reopen_task,
)
from crm.telling import task_text, task_url
from tests.crm.telling import DUE, known, make_task, visit
from tests.factories import make_client, make_team, make_user

pytestmark = pytest.mark.django_db
LATER = DUE + timedelta(days=30)


@pytest.fixture(autouse=True)
def kinds():
    with known(visit()):
        yield


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def rm(team):
    return make_user(Role.RM, team=team)


@pytest.fixture
def lead(team):
    return make_user(Role.TEAM_LEAD, team=team)


def row(origin: str, **changes) -> TaskRow:
    return TaskRow(**{"origin": origin, "assignee": None, "due_on": DUE, "params": {"what": "A"}, **changes})


def test_task_of_the_house_is_given_once_for_an_event(rm, django_assert_num_queries):
    rows = [row(f"review:{n}", assignee=rm.pk) for n in range(30)]
    with django_assert_num_queries(1):
        assert add_tasks(kind="visit", rows=rows) == 30
    finish_tasks(by=rm, ids=Task.objects.values_list("pk", flat=True))
    assert add_tasks(kind="visit", rows=[*rows, row("review:new", assignee=rm.pk)]) == 1


def test_task_of_a_kind_has_its_words_and_leads_to_the_client():
    client = make_client()
    add_tasks(kind="visit", rows=[row("a", client=client.pk)])
    task = Task.objects.get()
    assert (task_text(task), task_url(task)) == ("Visit A", f"/clients/{client.pk}/")


def test_task_of_a_kind_that_is_no_more_is_still_a_task(rm):
    assert task_text(make_task(rm, kind="forgotten", title="")) == "Task"


def test_tasks_whose_events_do_not_hold_any_more_are_taken_back(rm):
    add_tasks(kind="visit", rows=[row(name, assignee=rm.pk) for name in "abc"])
    finish_task(by=rm, task=Task.objects.get(origin="a"))
    assert cancel_tasks(origins=["a", "b", "nothing"]) == 1
    assert dict(Task.objects.values_list("origin", "status")) == {"a": "done", "b": "cancelled", "c": "open"}


def test_rm_gives_tasks_to_themself_alone(rm, team):
    mine = add_task(by=rm, assignee=rm, due_on=DUE, title="Call")
    assert (mine.created_by, mine.status) == (rm, "open")
    with pytest.raises(NotPermitted):
        add_task(by=rm, assignee=make_user(Role.RM, team=team), due_on=DUE, title="Call")
    assert not Notice.objects.exists()


def test_lead_gives_tasks_to_the_team_who_are_told(lead, rm):
    task = add_task(by=lead, assignee=rm, due_on=DUE, title="Call")
    notice = Notice.objects.visible_to(rm).get()
    assert (notice.kind, notice.params["task"], notice.params["by"]) == (ASSIGNED, task.pk, lead.name)
    with pytest.raises(NotPermitted):
        add_task(by=lead, assignee=make_user(Role.RM), due_on=DUE, title="Call")


def test_task_is_not_given_to_who_left_or_who_cannot_see_the_client(lead, rm):
    rm.is_active = False
    rm.save()
    with pytest.raises(NotAnAssignee):
        add_task(by=lead, assignee=rm, due_on=DUE, title="Call")
    with pytest.raises(NotPermitted):
        add_task(by=lead, assignee=lead, due_on=DUE, title="Call", client=make_client())


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_whoever_only_watches_has_no_tasks(role):
    user = make_user(role)
    with pytest.raises(NotPermitted):
        add_task(by=user, assignee=user, due_on=DUE, title="Call")


@pytest.mark.parametrize("wrong", [{"title": ""}, {"title": "x" * 201}, {"kind": "nothing"}])
def test_task_that_says_nothing_is_refused(rm, wrong):
    with pytest.raises(Invalid):
        add_task(by=None, assignee=rm, due_on=DUE, **{"title": "" if "kind" in wrong else "Call", **wrong})
    assert not Task.objects.exists()


def test_finished_task_keeps_what_came_of_it_and_may_come_again(rm):
    task = make_task(rm)
    following = finish_task(by=rm, task=task, outcome="Sent", next_due=LATER)
    task.refresh_from_db()
    assert (task.status, task.outcome, task.finished_by) == ("done", "Sent", rm)
    assert (following.title, following.due_on, following.assignee, following.status) == (
        task.title,
        LATER,
        rm,
        "open",
    )


def test_task_is_finished_once_and_can_be_taken_back(rm):
    task = make_task(rm)
    finish_task(by=rm, task=task)
    for act in (lambda: finish_task(by=rm, task=task), lambda: move_task(by=rm, task=task, due_on=LATER)):
        with pytest.raises(TaskClosed):
            act()
    assert reopen_task(by=rm, task=task).is_open
    with pytest.raises(TaskOpen):
        reopen_task(by=rm, task=task)
    assert move_task(by=rm, task=task, due_on=LATER).due_on == LATER


def test_colleague_sees_a_task_of_the_teams_client_and_leaves_it_alone(rm, team):
    colleague = make_user(Role.RM, team=team)
    task = make_task(client=make_client(rm=rm), assignee=rm)
    assert Task.objects.visible_to(colleague).get() == task
    with pytest.raises(NotPermitted):
        finish_task(by=colleague, task=task)
    assert finish_tasks(by=colleague, ids=[task.pk]) == 0


def test_task_is_out_of_sight_for_strangers(rm):
    make_task(client=make_client(rm=rm), assignee=rm)
    make_task(rm)
    for stranger in (make_user(Role.RM), make_user(Role.TEAM_LEAD), make_user(Role.SYSTEM_ADMIN)):
        assert not Task.objects.visible_to(stranger).exists()


def test_lead_sees_and_hands_on_what_the_team_has_to_do(lead, rm, team):
    private, colleague = make_task(rm), make_user(Role.RM, team=team)
    assert Task.objects.visible_to(lead).get() == private
    assert assign_task(by=lead, task=private, assignee=colleague).assignee == colleague
    assert Notice.objects.get().recipient == colleague


def test_rm_takes_a_task_of_their_client_that_nobody_has(rm):
    task = make_task(client=make_client(rm=rm))
    assert assign_task(by=rm, task=task, assignee=rm).assignee == rm


def test_several_tasks_are_finished_together_as_far_as_they_are_ones_own(rm, django_assert_max_num_queries):
    own = [make_task(rm).pk for _ in range(3)]
    foreign = make_task().pk
    with django_assert_max_num_queries(4):
        assert finish_tasks(by=rm, ids=[*own, foreign], outcome="Done by phone") == 3
    assert Task.objects.get(pk=foreign).is_open
