"""What the funnel puts on a client's timeline: the steps of its cases, and its part in those of others."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.history import events_of
from crm.models import Client, User
from crm.timeline import Span, TimelineEvent
from funnel.models import Case, CaseParty, StageMove
from funnel.selectors.parties import of_clients
from funnel.selectors.party_changes import changes_told


def register() -> None:
    slots.timeline.add(
        slots.TimelineSource(
            key="cases",
            label=gettext_lazy("Steps of cases"),
            order=70,
            permission="funnel.view_cases",
            icon="square-kanban",
            by="people",
            load=steps,
        ),
        slots.TimelineSource(
            key="case-parties",
            label=gettext_lazy("Parts in cases"),
            order=71,
            permission="funnel.view_cases",
            icon="users",
            by="people",
            load=parts,
        ),
    )


def steps(client: Client, user: User, span: Span) -> Sequence[TimelineEvent]:
    """Of the cases that it leads and of those in which it takes part."""
    cases = of_clients(Case.objects.visible_to(user), [client])
    rows = StageMove.objects.filter(case__in=cases, is_inherited=False)
    moves = span.of(rows.select_related("case", "to_stage", "moved_by"), "moved_at")
    return [
        TimelineEvent(
            at=move.moved_at,
            pk=move.pk,
            title=_("%(case)s: %(stage)s") % {"case": move.case.code, "stage": move.to_stage},
            text=move.comment,
            url=reverse("funnel:case", args=[move.case_id]),
            by=move.moved_by,
        )
        for move in moves
    ]


def parts(client: Client, user: User, span: Span) -> Sequence[TimelineEvent]:
    """That the client took part in a case beside another one, in another way, and no longer."""
    cases = Case.objects.visible_to(user).values("pk")
    rows = events_of(CaseParty).filter(client=client, case__in=cases).select_related("case", "pgh_context")
    return [
        TimelineEvent(
            at=change.at,
            pk=change.row.pgh_id,
            title=_("%(case)s: %(what)s") % {"case": change.row.case.code, "what": change.words},
            text=change.row.note,
            url=reverse("funnel:case", args=[change.row.case_id]),
            by=change.by,
        )
        for change in changes_told(span.of(rows, "pgh_created_at"))
    ]
