"""Tasks: given by people or by the house, done, moved and handed on."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.errors import DomainError, Invalid, NotPermitted
from crm.models import Client, Role, Task, User
from crm.services.mentions import check_mentions, readers_of_task, tell_mentioned
from crm.services.notices import notify
from crm.tasks_kinds import kinds

ASSIGNED = "task-assigned"
"""The kind of notice that somebody gets who is given a task by another."""

INSERT = """
INSERT INTO crm_task (client_id, assignee_id, kind, title, params, due_on, origin)
SELECT given.client, given.assignee, %(kind)s, '', given.params, given.due_on, given.origin
FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS given (origin text, client bigint, assignee bigint, params jsonb, due_on date)
ORDER BY given.origin
ON CONFLICT (origin) DO NOTHING
"""


class TaskClosed(DomainError):
    code = "task_closed"
    message = gettext_lazy("This task is not open any more. Reload the page to see what became of it.")


class TaskOpen(DomainError):
    code = "task_open"
    message = gettext_lazy("This task is open already.")


class NotAnAssignee(DomainError):
    code = "not_an_assignee"
    message = gettext_lazy(
        "%(name)s cannot take this task. Choose an active colleague of the team who may see the client."
    )
    status = 400


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """A task of the house. `origin` names the event it comes from; `assignee` None leaves it to the client's team."""

    origin: str
    assignee: int | None
    due_on: date
    params: Mapping[str, Any] = field(default_factory=dict)
    client: int | None = None


def add_tasks(*, kind: str, rows: Iterable[TaskRow]) -> int:
    """Give tasks of one kind in one statement, as part of the caller's transaction; how many are new.

    An origin that has a task already, whatever became of it, gets no other. Raises KeyError for an unknown kind.
    """
    known = kinds[kind]
    given = [vars(row) | {"params": dict(row.params)} for row in rows]
    if not given:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(INSERT, {"kind": known.key, "rows": json.dumps(given, cls=DjangoJSONEncoder)})
        return cursor.rowcount


def cancel_tasks(*, origins: Collection[str]) -> int:
    """Take back tasks of the house whose events do not hold any more; how many were open."""
    return (
        Task.objects.open().filter(origin__in=origins).update(status=Task.Status.CANCELLED, finished_at=Now())
    )


@transaction.atomic
def add_task(
    *,
    by: User | None,
    assignee: User | None,
    due_on: date,
    client: Client | None = None,
    title: str = "",
    kind: str = "",
    params: Mapping[str, Any] | None = None,
    origin: str | None = None,
) -> Task:
    """Give one task; `by` None is the house. The assignee is told unless the task is one's own.

    Raises NotPermitted, NotAnAssignee, and Invalid with the fields that break a rule.
    """
    if by is not None:
        _may_give(by, assignee, client)
    task = Task(
        client=client,
        assignee=assignee,
        kind=kind,
        title=title,
        params=dict(params or {}),
        due_on=due_on,
        origin=origin,
        created_by=by,
    )
    _check(task)
    check_mentions(text=title, readers=readers_of_task(task), field="title")
    task.save()
    _tell(task, by)
    _tell_mentioned(task, by, title, "title")
    return task


@transaction.atomic
def finish_task(*, by: User, task: Task, outcome: str = "", next_due: date | None = None) -> Task | None:
    """Note that a task is done and what came of it; with `next_due` the same is to be done again, and is returned.

    Raises NotPermitted, TaskClosed, and Invalid.
    """
    found = _open(by, task)
    found.status, found.outcome = Task.Status.DONE, outcome
    found.finished_by, found.finished_at = by, Now()
    _check(found, exclude=["finished_at"])
    check_mentions(text=outcome, readers=readers_of_task(found), field="outcome")
    found.save(update_fields=["status", "outcome", "finished_by", "finished_at"])
    _tell_mentioned(found, by, outcome, "outcome")
    if next_due is None:
        return None
    following = Task(
        client=found.client,
        assignee=found.assignee,
        kind=found.kind,
        title=found.title,
        params=found.params,
        due_on=next_due,
        created_by=by,
    )
    _check(following)
    following.save()
    return following


@transaction.atomic
def finish_tasks(*, by: User, ids: Collection[int], outcome: str = "") -> int:
    """Note that several tasks are done; how many were open among those that one may change. Raises NotPermitted."""
    _may_write(by)
    return (
        Task.objects.changeable_by(by)
        .open()
        .filter(pk__in=ids)
        .update(status=Task.Status.DONE, outcome=outcome, finished_by=by, finished_at=Now())
    )


@transaction.atomic
def reopen_task(*, by: User, task: Task) -> Task:
    """Take back that a task is done or cancelled. Raises NotPermitted and TaskOpen."""
    found = _changeable(by, task)
    if found.is_open:
        raise TaskOpen
    found.status, found.finished_by, found.finished_at = Task.Status.OPEN, None, None
    found.save(update_fields=["status", "finished_by", "finished_at"])
    return found


@transaction.atomic
def move_task(*, by: User, task: Task, due_on: date) -> Task:
    """Set another day for an open task. Raises NotPermitted and TaskClosed."""
    found = _open(by, task)
    found.due_on = due_on
    found.save(update_fields=["due_on"])
    return found


@transaction.atomic
def assign_task(*, by: User, task: Task, assignee: User) -> Task:
    """Give an open task to somebody else: a lead to anybody of the team; others may take what is theirs to change.

    Raises NotPermitted, TaskClosed, and NotAnAssignee.
    """
    found = _open(by, task)
    _may_give(by, assignee, found.client)
    if found.assignee_id != assignee.pk:
        found.assignee = assignee
        found.save(update_fields=["assignee"])
        _tell(found, by)
    return found


def _tell_mentioned(task: Task, by: User | None, text: str, field: str) -> None:
    if by is not None and text:
        url = reverse("crm:task", args=[task.pk])
        tell_mentioned(by=by, text=text, event=f"task:{task.pk}:{field}", client=task.client_id, url=url)


def _may_write(by: User) -> None:
    if not by.has_perm("crm.write_tasks"):
        raise NotPermitted


def _may_give(by: User, assignee: User | None, client: Client | None) -> None:
    """Tasks are for oneself; a team lead gives them to the team, and leaves those of a client to it."""
    _may_write(by)
    leads = by.role == Role.TEAM_LEAD
    if client is not None and not Client.objects.visible_to(by).filter(pk=client.pk).exists():
        raise NotPermitted
    if assignee is None:
        if not (leads and client is not None):
            raise NotPermitted
        return
    if assignee.pk != by.pk and not (leads and assignee.team_id == by.team_id):
        raise NotPermitted
    takes = assignee.is_active and assignee.has_perm("crm.write_tasks")
    sees = client is None or Client.objects.visible_to(assignee).filter(pk=client.pk).exists()
    if not (takes and sees):
        raise NotAnAssignee(name=assignee.name)


def _changeable(by: User, task: Task) -> Task:
    _may_write(by)
    found = (
        Task.objects.select_for_update(of=("self",)).filter(pk=task.pk).select_related("client", "assignee")
    )
    held = found.get()
    if not Task.objects.changeable_by(by).filter(pk=task.pk).exists():
        raise NotPermitted
    return held


def _open(by: User, task: Task) -> Task:
    found = _changeable(by, task)
    if not found.is_open:
        raise TaskClosed
    return found


def _check(task: Task, exclude: Collection[str] = ()) -> None:
    try:
        task.full_clean(exclude=[*exclude, "origin"], validate_unique=False)
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    if task.kind and kinds.get(task.kind) is None:
        raise Invalid({"kind": [_("There is no such kind of task.")]})


def _tell(task: Task, by: User | None) -> None:
    """An assignment by somebody else is news; who gives it is named when the notice is read."""
    if by is None or task.assignee is None or task.assignee_id == by.pk:
        return
    notify(
        kind=ASSIGNED,
        event=f"{ASSIGNED}:{task.pk}:{task.assignee_id}",
        recipients=[task.assignee],
        params={
            "task": task.pk,
            "kind": task.kind,
            "title": task.title,
            "params": task.params,
            "by": by.name,
            "by_zh": by.name_zh,
        },
        client=task.client_id,
    )
