"""What somebody has to do, by when it is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import pgettext_lazy

from crm.models import Client, Role, Task, User
from crm.paging import Count, Order, count_of
from crm.querysets import TaskQuerySet, books

DUE_FIRST: Final = Order("due_on")


@dataclass(frozen=True)
class Part:
    """A part of the tasks: by key, with its condition on a day, in its order."""

    key: str
    label: Any
    holds: Callable[[date], Q]
    order: Order = DUE_FIRST


OPEN = Q(status=Task.Status.OPEN)
PARTS: Final = {
    part.key: part
    for part in (
        Part("overdue", pgettext_lazy("tasks", "Overdue"), lambda day: OPEN & Q(due_on__lt=day)),
        Part("today", pgettext_lazy("tasks", "Today"), lambda day: OPEN & Q(due_on=day)),
        Part("later", pgettext_lazy("tasks", "Later"), lambda day: OPEN & Q(due_on__gt=day)),
        Part(
            "done",
            pgettext_lazy("tasks", "Done"),
            lambda day: Q(status=Task.Status.DONE),
            Order("finished_at", descending=True),
        ),
    )
}


def tasks_of(user: User, *, everybodys: bool = False, term: str = "") -> TaskQuerySet:
    """The user's own tasks and those of absent colleagues for whom they stand in, or everybody's that they may see; of
    clients whose name or code holds the term."""
    tasks: TaskQuerySet = Task.objects.visible_to(user).select_related("client", "assignee")
    if not everybodys:
        tasks = tasks.filter(books(user, "assignee"))
    if term.strip():
        tasks = tasks.filter(client__in=Client.objects.visible_to(user).matching(term))
    return tasks


def counts_of(tasks: QuerySet, day: date) -> dict[str, Count]:
    """How many tasks are in each part but the last, which only grows."""
    return {key: count_of(tasks.filter(part.holds(day))) for key, part in PARTS.items() if key != "done"}


def tasks_of_client(client: Client, user: User) -> TaskQuerySet:
    """The open tasks of a client, the next first."""
    tasks = Task.objects.visible_to(user).filter(client=client).open()
    return tasks.select_related("assignee").order_by("due_on", "pk")


def assignees_of(user: User) -> QuerySet[User]:
    """To whom the user may give tasks: a lead to the team, anybody else to themself."""
    if user.role != Role.TEAM_LEAD:
        return User.objects.filter(pk=user.pk)
    return User.objects.filter(team=user.team_id, is_active=True, role__in=(Role.RM, Role.TEAM_LEAD))
