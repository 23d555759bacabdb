"""Who needs one, as far as the funnel tells: cases that waited longer in a stage than it allows, cases behind gates that
are no longer met, and what waits for a second person's word."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.attention import Found, Line, Looking, found, marked
from funnel.models import Case, CheckItem, GateLapse, TermSheet


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
        slots.Attention(
            key="term-sheets",
            label=gettext_lazy("Term sheets to approve"),
            order=52,
            permission="funnel.approve_cases",
            icon="file-text",
            load=sheets_to_decide,
        ),
        slots.Attention(
            key="condition-waivers",
            label=gettext_lazy("Waivers of conditions to decide"),
            order=53,
            permission="funnel.approve_cases",
            icon="list-checks",
            load=waivers_to_decide,
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


def sheets_to_decide(looking: Looking) -> Found:
    """Those that depart from the tier policy and that the reader may decide on, the oldest first."""
    rows = _for_a_second_person(TermSheet.objects.filter(status=TermSheet.Status.SUBMITTED), looking)
    rows = rows.exclude(authors__contains=[looking.user.pk]).order_by("pk")
    return found(looking, "term-sheets", rows, lambda sheets: [sheet_line(one) for one in sheets])


def sheet_line(sheet: TermSheet) -> Line:
    return Line(
        item=sheet.pk,
        name=sheet.case.client.name,
        url=reverse("funnel:term-sheet", args=[sheet.pk]),
        reason=sheet.why,
        since=timezone.localtime(sheet.created_at).date(),
        client=sheet.case.client_id,
    )


def waivers_to_decide(looking: Looking) -> Found:
    """Conditions precedent that somebody asks to be waived and that the reader may decide on, the oldest first."""
    rows = _for_a_second_person(CheckItem.objects.filter(state=CheckItem.State.ASKED), looking)
    rows = rows.exclude(asked_by=looking.user).order_by("pk")
    return found(looking, "condition-waivers", rows, lambda checks: [waiver_line(one) for one in checks])


def waiver_line(check: CheckItem) -> Line:
    return Line(
        item=check.pk,
        name=check.case.client.name,
        url=reverse("funnel:case", args=[check.case_id]) + f"#check-{check.pk}",
        reason=str(check),
        client=check.case.client_id,
    )


def _for_a_second_person(rows: QuerySet[Any], looking: Looking) -> QuerySet[Any]:
    """Of standing, open cases that the reader may see and does not work on."""
    user = looking.user
    mine = Case.objects.filter(Q(opened_by=user) | Q(client__rm=user) | Q(team__user=user)).values("pk")
    visible = Case.objects.visible_to(user).standing().filter(stage__outcome="open").values("pk")
    return rows.filter(case__in=visible).exclude(case__in=mine).select_related("case__client")


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
