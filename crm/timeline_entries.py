"""What crm puts on a client's timeline: contacts, notes, tasks that were done, files, and changes of the client."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q, Window
from django.db.models.functions import Lag
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.formats import localized
from crm.history import events_of
from crm.models import Attachment, Client, Interaction, Note, Task, User
from crm.telling import task_text
from crm.timeline import Span, TimelineEvent

READING = "crm.view_client"
ICONS = {"meeting": "users", "call": "phone", "email": "mail", "site_visit": "map-pin"}


def register() -> None:
    source = slots.TimelineSource
    slots.timeline.add(
        source(
            key="interactions",
            label=gettext_lazy("Contacts"),
            order=10,
            permission=READING,
            icon="messages-square",
            by="people",
            load=contacts,
        ),
        source(
            key="notes",
            label=gettext_lazy("Notes"),
            order=20,
            permission=READING,
            icon="sticky-note",
            by="people",
            load=notes,
        ),
        source(
            key="tasks",
            label=gettext_lazy("Tasks"),
            order=30,
            permission=READING,
            icon="circle-check",
            by="people",
            load=tasks,
        ),
        source(
            key="files",
            label=gettext_lazy("Files"),
            order=40,
            permission=READING,
            icon="paperclip",
            by="people",
            load=files,
        ),
        source(
            key="changes",
            label=gettext_lazy("Changes of the client"),
            order=90,
            permission="crm.view_audit",
            icon="pencil",
            by="system",
            load=changes,
        ),
    )


def contacts(client: Client, user: User, span: Span) -> Sequence[TimelineEvent]:
    rows = Interaction.objects.visible_to(user).filter(client=client)
    named = rows.select_related("author", "on_behalf_of").prefetch_related(
        "participants__person", "participants__colleague"
    )
    return [contact_event(row) for row in span.of(named)]


def contact_event(row: Interaction) -> TimelineEvent:
    took_part = [
        one.person.name if one.person else localized(one.colleague) for one in row.participants.all()
    ]
    outcome = f" · {row.get_outcome_display()}" if row.outcome else ""
    return TimelineEvent(
        at=row.at,
        pk=row.pk,
        title=row.subject,
        text=row.body,
        detail=f"{row.get_kind_display()}{outcome}",
        by=row.author,
        on_behalf_of=row.on_behalf_of,
        people=took_part,
        icon=ICONS[row.kind],
    )


def notes(client: Client, user: User, span: Span) -> Sequence[TimelineEvent]:
    rows = Note.objects.visible_to(user).filter(client=client).select_related("author", "on_behalf_of")
    return [
        TimelineEvent(
            at=note.created_at,
            pk=note.pk,
            title=_("Note"),
            text=note.text,
            url=reverse("crm:note-history", args=[note.pk]) if note.edited_at else "",
            detail=_("edited") if note.edited_at else "",
            by=note.author,
            on_behalf_of=note.on_behalf_of,
            note=note,
        )
        for note in span.of(rows, "created_at")
    ]


def tasks(client: Client, user: User, span: Span) -> Sequence[TimelineEvent]:
    done = Task.objects.visible_to(user).filter(client=client, status=Task.Status.DONE)
    rows = span.of(done.select_related("finished_by", "assignee"), "finished_at")
    return [
        TimelineEvent(
            at=task.finished_at,
            pk=task.pk,
            title=_("Done: %(task)s") % {"task": task_text(task)},
            text=task.outcome,
            url=reverse("crm:task", args=[task.pk]),
            by=task.finished_by,
            on_behalf_of=task.assignee if task.assignee_id != task.finished_by_id else None,
        )
        for task in rows
    ]


def files(client: Client, user: User, span: Span) -> Sequence[TimelineEvent]:
    rows = Attachment.objects.visible_to(user).filter(client=client).select_related("uploaded_by")
    return [
        TimelineEvent(
            at=one.at,
            pk=one.pk,
            title=one.name,
            url=reverse("crm:attachment", args=[one.pk]),
            by=one.uploaded_by,
        )
        for one in span.of(rows)
    ]


def changes(client: Client, user: User, span: Span) -> Sequence[TimelineEvent]:
    """When somebody else became the RM, or the status changed; the audit has every field."""
    before = {name: Window(Lag(name), order_by=F("pgh_id").asc()) for name in ("status", "rm_id")}
    told = (
        events_of(Client)
        .filter(pgh_obj=client.pk)
        .annotate(status_before=before["status"], rm_before=before["rm_id"])
        .filter(status_before__isnull=False)
        .filter(~Q(status=F("status_before")) | ~Q(rm_id=F("rm_before")))
    )
    rows = span.of(told, "pgh_created_at")
    people = User.objects.in_bulk({row.rm_id for row in rows} | {row.rm_before for row in rows} - {None})
    return [
        TimelineEvent(
            at=row.pgh_created_at,
            pk=row.pgh_id,
            title=change_text(row, people),
            url=reverse("crm:client-tab", args=[client.pk, "audit"]),
        )
        for row in rows
    ]


def change_text(row: object, people: dict[int, User]) -> str:
    """Who holds the client now, or what it is now."""
    if row.rm_id != row.rm_before:  # type: ignore[attr-defined]
        now, before = (localized(people.get(pk)) or _("nobody") for pk in (row.rm_id, row.rm_before))  # type: ignore[attr-defined]
        return _("The RM is %(now)s, before %(before)s") % {"now": now, "before": before}
    status = dict(Client.Status.choices)[row.status]  # type: ignore[attr-defined]
    return Truncator(_("The status is: %(status)s") % {"status": status}).chars(200)
