"""What the funnel puts on a client's timeline: the steps of its cases."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.models import Client, User
from crm.timeline import Span, TimelineEvent
from funnel.models import Case, StageMove


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
        )
    )


def steps(client: Client, user: User, span: Span) -> Sequence[TimelineEvent]:
    cases = Case.objects.visible_to(user).filter(client=client)
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
