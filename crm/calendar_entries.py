"""What crm puts on calendars: tasks on the day they are due, meetings and visits on the day they took place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from crm import slots
from crm.attention import Looking
from crm.days import MOST, CalendarEntry
from crm.models import Interaction, Task
from crm.telling import task_text

IN_PERSON = (Interaction.Kind.MEETING, Interaction.Kind.SITE_VISIT)


def register() -> None:
    slots.calendar.add(
        slots.CalendarSource(
            key="tasks",
            label=gettext_lazy("Tasks"),
            order=10,
            permission="crm.view_client",
            icon="list-todo",
            load=tasks,
        ),
        slots.CalendarSource(
            key="meetings",
            label=gettext_lazy("Meetings and visits"),
            order=20,
            permission="crm.view_client",
            icon="users",
            load=meetings,
        ),
    )


def tasks(looking: Looking, first: date, last: date) -> Sequence[CalendarEntry]:
    rows = Task.objects.visible_to(looking.user).filter(
        looking.with_("assignee"), due_on__range=(first, last)
    )
    shown = rows.exclude(status=Task.Status.CANCELLED).select_related("client").order_by("due_on", "pk")
    return [
        CalendarEntry(
            uid=f"task-{task.pk}",
            day=task.due_on,
            title=task_text(task),
            client=task.client.name if task.client else "",
            url=reverse("crm:task", args=[task.pk]),
            is_done=not task.is_open,
            icon="list-todo",
        )
        for task in shown[:MOST]
    ]


def meetings(looking: Looking, first: date, last: date) -> Sequence[CalendarEntry]:
    zone = timezone.get_current_timezone()
    begin, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    rows = Interaction.objects.visible_to(looking.user).filter(
        looking.with_("author"), kind__in=IN_PERSON, at__gte=begin, at__lt=end
    )
    return [
        CalendarEntry(
            uid=f"interaction-{one.pk}",
            day=timezone.localtime(one.at).date(),
            at=one.at,
            title=one.subject,
            client=one.client.name,
            url=reverse("crm:client-tab", args=[one.client_id, "timeline"]),
            icon="users" if one.kind == Interaction.Kind.MEETING else "map-pin",
        )
        for one in rows.select_related("client").order_by("at", "pk")[:MOST]
    ]
