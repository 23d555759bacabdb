"""Who needs one, as far as crm knows: tasks that are due, payments overdue, clients nobody speaks to, and those about to
go dormant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.attention import Found, Line, Looking, found, marked
from crm.formats import day, money
from crm.models import Client, Task
from crm.selectors.attention import going_dormant, overdue_clients, silent_clients
from crm.telling import task_text, task_url

BOOKHOLDING = "crm.add_client"


def register() -> None:
    slots.attention.add(
        slots.Attention(
            key="tasks",
            label=gettext_lazy("Tasks"),
            order=10,
            permission="crm.write_tasks",
            icon="list-todo",
            load=tasks,
            more=lambda looking: reverse("crm:tasks"),
        ),
        slots.Attention(
            key="overdue",
            label=gettext_lazy("Overdue payments"),
            order=20,
            permission=BOOKHOLDING,
            icon="banknote",
            load=overdue,
        ),
        slots.Attention(
            key="silent",
            label=gettext_lazy("No contact for 90 days"),
            order=60,
            permission=BOOKHOLDING,
            icon="phone-missed",
            load=silent,
            more=lambda looking: reverse("crm:client-list") + "?view=silent",
        ),
        slots.Attention(
            key="dormant",
            label=gettext_lazy("About to go dormant"),
            order=70,
            permission=BOOKHOLDING,
            icon="moon",
            load=dormant,
        ),
    )


def tasks(looking: Looking) -> Found:
    """Open tasks that are overdue or due, the oldest first."""
    due = (
        Task.objects.visible_to(looking.user)
        .open()
        .filter(looking.with_("assignee"), due_on__lte=looking.day)
    )
    rows = due.select_related("client", "assignee").order_by("due_on", "pk")
    return found(looking, "tasks", rows, lambda tasks: [task_line(looking, task) for task in tasks])


def task_line(looking: Looking, task: Task) -> Line:
    late = task.due_on < looking.day
    return Line(
        item=task.pk,
        name=task_text(task),
        url=task_url(task) if task.kind else reverse("crm:task", args=[task.pk]),
        reason=task.client.name if task.client else "",
        since=task.due_on if late else None,
        chip="" if late else _("due today"),
        shade="bad" if late else "warn",
        client=task.client_id,
        task=task.pk,
        **marked(looking, task.assignee),
    )


def overdue(looking: Looking) -> Found:
    rows = overdue_clients(looking.clients().select_related("rm"), looking.day)
    return found(looking, "overdue", rows, lambda clients: [late_line(looking, one) for one in clients])


def late_line(looking: Looking, client: Client) -> Line:
    amount = money(client.overdue_amount)  # type: ignore[attr-defined]
    return Line(
        item=client.pk,
        name=client.name,
        url=reverse("crm:client-tab", args=[client.pk, "exposures"]),
        reason=_("%(amount)s overdue") % {"amount": amount},
        since=client.overdue_since,  # type: ignore[attr-defined]
        shade="bad",
        client=client.pk,
        **marked(looking, client.rm),
    )


def silent(looking: Looking) -> Found:
    rows = silent_clients(looking.clients().select_related("rm"))
    return found(looking, "silent", rows, lambda clients: client_lines(looking, clients))


def dormant(looking: Looking) -> Found:
    rows = going_dormant(looking.clients().select_related("rm"), looking.day)
    return found(looking, "dormant", rows, lambda clients: client_lines(looking, clients))


def client_lines(looking: Looking, clients: Sequence[Client]) -> list[Line]:
    return [spoken_line(looking, client, client.last_contact) for client in clients]  # type: ignore[attr-defined]


def spoken_line(looking: Looking, client: Client, last: datetime | None, due_on: date | None = None) -> Line:
    """A client to speak to, with the last contact as the reason; its age counts from `due_on` where there is one."""
    spoken = timezone.localtime(last).date() if last else None
    said = _("last contact %(day)s") % {"day": day(spoken)} if spoken else _("never contacted")
    return Line(
        item=client.pk,
        name=client.name,
        url=reverse("crm:client", args=[client.pk]),
        reason=said,
        since=due_on or spoken,
        shade="warn" if due_on is None else "bad",
        client=client.pk,
        **marked(looking, client.rm),
    )
