"""Who needs one, as far as the funnel tells: cases that waited longer in a stage than it allows, and cases behind gates
that are no longer met."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.attention import Found, Line, Looking, found, marked
from funnel.models import Case, GateLapse


def register() -> None:
    slots.attention.add(
        slots.Attention(
            key="late-cases",
            label=gettext_lazy("Cases waiting too long"),
            order=50,
            permission="funnel.add_case",
            icon="hourglass",
            load=late_cases,
            more=board_address,
        ),
        slots.Attention(
            key="lapsed-cases",
            label=gettext_lazy("Cases behind a gate that is no longer met"),
            order=51,
            permission="funnel.add_case",
            icon="triangle-alert",
            load=lapsed_cases,
        ),
    )


def board_address(looking: Looking) -> str:
    return reverse("funnel:board") + ("?late=on" if looking.leads else "?late=on&mine=on")


def late_cases(looking: Looking) -> Found:
    """Those of the clients that one holds, the longest first."""
    rows = Case.objects.filter(looking.held("client__")).late(looking.day).for_cards()
    rows = rows.order_by("entered_stage_at", "pk")
    return found(looking, "late-cases", rows, lambda cases: [late_line(looking, case) for case in cases])


def late_line(looking: Looking, case: Case) -> Line:
    return Line(
        item=case.pk,
        name=case.client.name,
        url=reverse("funnel:case", args=[case.pk]),
        reason=_("in %(stage)s, which allows %(days)d days")
        % {"stage": case.stage, "days": case.stage.limit_days},
        since=timezone.localtime(case.entered_stage_at).date(),
        shade="warn",
        client=case.client_id,
        **marked(looking, case.client.rm),
    )


def lapsed_cases(looking: Looking) -> Found:
    """Those of the clients that one holds, the latest first."""
    first = GateLapse.objects.filter(case=OuterRef("pk")).order_by("pk").values("since")[:1]
    rows = Case.objects.filter(looking.held("client__")).annotate(lapsed=Subquery(first))
    rows = rows.filter(lapsed__isnull=False).for_cards().order_by("-lapsed", "pk")
    return found(looking, "lapsed-cases", rows, lambda cases: [lapsed_line(looking, case) for case in cases])


def lapsed_line(looking: Looking, case: Any) -> Line:
    return Line(
        item=case.pk,
        name=case.client.name,
        url=reverse("funnel:case", args=[case.pk]),
        reason=_("in %(stage)s, and does not meet any more what was asked for on the way")
        % {"stage": case.stage},
        since=timezone.localtime(case.lapsed).date(),
        shade="warn",
        client=case.client_id,
        **marked(looking, case.client.rm),
    )
