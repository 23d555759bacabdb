"""Tasks by page: by when they are due, alone and together, and where else they show."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import Role, Task
from crm.models.conduct import today
from tests.crm.telling import known, make_task, visit
from tests.factories import make_client, make_team, make_user

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("crm:tasks"), reverse("crm:task-new")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def kinds():
    with known(visit()):
        yield


@pytest.fixture
def rm(client):
    user = make_user(Role.RM)
    client.force_login(user)
    return user


def page(browser, address: str = LIST, **query) -> str:
    return browser.get(address, query).content.decode()


def at(name: str, task: Task) -> str:
    return reverse(f"crm:{name}", args=[task.pk])


def test_tasks_stand_in_the_part_of_their_day(client, rm):
    for title, days in (("Late", -1), ("Now", 0), ("Then", 1)):
        make_task(rm, title=title, due_on=today() + days * DAY)
    make_task(rm, title="Made", status="done", finished_at="2026-11-01T00:00Z", outcome="Fine")
    shown = {part: page(client, part=part) for part in ("overdue", "today", "later", "done")}
    titles = ("Late", "Now", "Then", "Made")
    assert {part: [title for title in titles if f">{title}<" in text] for part, text in shown.items()} == {
        "overdue": ["Late"],
        "today": ["Now"],
        "later": ["Then"],
        "done": ["Made"],
    }
    assert ">Late<" in page(client)


def test_list_shows_ones_own_and_on_demand_everybodys(client, rm):
    colleague = make_user(Role.RM, team=rm.team)
    make_task(rm, title="Mine")
    make_task(colleague, title="Theirs", client=make_client(rm=colleague))
    assert "Theirs" not in page(client, part="later")
    shown = page(client, part="later", whose="all")
    assert "Mine" in shown
    assert "Theirs" in shown
    assert shown.count("data-select ") == 1


def test_list_is_narrowed_to_a_client(client, rm):
    for name in ("华信", "远东"):
        make_task(rm, title=f"Visit {name}", client=make_client(rm=rm, name_zh=f"{name}公司"))
    shown = page(client, part="later", q="远东")
    assert "Visit 远东" in shown
    assert "Visit 华信" not in shown


def test_task_is_given_from_the_clients_page(client, rm):
    about = make_client(rm=rm)
    address = f"{NEW}?client={about.pk}"
    assert about.code in page(client, NEW, client=about.pk)
    form = {"title": "Call", "due_on": "2026-12-01", "client": about.code.lower()}
    assert client.post(address, form).url == reverse("crm:client", args=[about.pk])
    task = Task.objects.get()
    assert (task.client, task.assignee, task.title) == (about, rm, "Call")
    assert "Call" in page(client, reverse("crm:client", args=[about.pk]))


@pytest.mark.parametrize(("field", "value"), [("title", ""), ("due_on", "soon"), ("client", "NOWHERE")])
def test_task_with_a_fault_keeps_what_was_typed(client, rm, field, value):
    answer = client.post(NEW, {"title": "Call him", "due_on": "2026-12-01", "client": "", field: value})
    assert answer.status_code == 422
    assert not Task.objects.exists()
    assert value in answer.content.decode()


def test_foreign_client_has_no_code_for_a_task(client, rm):
    form = {"title": "Call", "due_on": "2026-12-01", "client": make_client().code}
    assert client.post(NEW, form).status_code == 422


def test_lead_gives_a_task_to_the_team(client):
    team = make_team()
    lead, rm = make_user(Role.TEAM_LEAD, team=team), make_user(Role.RM, team=team)
    client.force_login(lead)
    stranger = make_user(Role.RM)
    form = {"title": "Call", "due_on": "2026-12-01", "client": ""}
    assert client.post(NEW, form | {"assignee": stranger.pk}).status_code == 422
    assert client.post(NEW, form | {"assignee": rm.pk}).status_code == 302
    assert Task.objects.get().assignee == rm


def test_task_is_done_moved_and_opened_again(client, rm):
    task = make_task(rm)
    client.post(at("task-move", task), {"due_on": "2027-01-05"})
    client.post(at("task-finish", task), {"outcome": "Sent", "next_due": "2027-02-05"})
    task.refresh_from_db()
    assert (task.status, task.outcome, str(task.due_on)) == ("done", "Sent", "2027-01-05")
    assert str(Task.objects.open().get().due_on) == "2027-02-05"
    assert "Sent" in page(client, at("task", task))
    client.post(at("task-reopen", task))
    task.refresh_from_db()
    assert task.is_open


def test_task_finished_twice_says_so(client, rm):
    task = make_task(rm)
    client.post(at("task-finish", task), {})
    assert "not open any more" in client.post(at("task-finish", task), {}, follow=True).content.decode()


def test_colleague_is_offered_nothing_to_change(client, rm):
    colleague = make_user(Role.RM, team=rm.team)
    task = make_task(colleague, client=make_client(rm=colleague))
    assert at("task-finish", task) not in page(client, at("task", task))
    assert client.post(at("task-finish", task), {}).status_code == 403


def test_task_of_the_clients_rm_is_taken_over(client, rm):
    task = make_task(client=make_client(rm=rm))
    assert "Take it over" in page(client, at("task", task))
    client.post(at("task-assign", task), {"assignee": rm.pk})
    task.refresh_from_db()
    assert task.assignee == rm


def test_chosen_tasks_are_done_together(client, rm):
    tasks = [make_task(rm) for _ in range(3)]
    form = {"task": [task.pk for task in tasks[:2]], "outcome": "All called", "next": LIST}
    answer = client.post(reverse("crm:tasks-finish"), form, follow=True).content.decode()
    assert "2 tasks are done" in answer
    assert Task.objects.filter(status="done", outcome="All called").count() == 2


def test_today_shows_what_is_due(client, rm):
    make_task(rm, title="Late", due_on=today() - DAY)
    make_task(rm, title="Then", due_on=today() + DAY)
    shown = page(client, reverse("crm:today"))
    assert "Late" in shown
    assert "Then" not in shown


def test_list_runs_as_many_queries_however_long_it_is(client, rm):
    page(client)  # the first page of a session writes it
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_task(rm, client=make_client(rm=rm))
        with CaptureQueriesContext(connection) as captured:
            page(client, part="later")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_audit_of_the_client_tells_what_became_of_its_tasks(client, rm):
    about = make_client(rm=rm)
    task = make_task(rm, client=about, title="Ask for the ledger")
    client.post(at("task-finish", task), {"outcome": "It came by mail"})
    shown = page(client, reverse("crm:client-tab", args=[about.pk, "audit"]))
    assert "Ask for the ledger" in shown
    assert "It came by mail" in shown
