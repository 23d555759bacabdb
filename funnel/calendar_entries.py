"""What the funnel puts on calendars: when cases are expected to close, and what is to be done next for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.attention import Looking
from crm.days import MOST, CalendarEntry
from funnel.models import Case
from funnel.querysets import CaseQuerySet

READING = "funnel.view_cases"


def register() -> None:
    slots.calendar.add(
        slots.CalendarSource(
            key="closes",
            label=gettext_lazy("Expected closes"),
            order=50,
            permission=READING,
            icon="flag",
            load=closes,
        ),
        slots.CalendarSource(
            key="steps",
            label=gettext_lazy("Next steps of cases"),
            order=60,
            permission=READING,
            icon="arrow-right",
            load=steps,
        ),
    )


def closes(looking: Looking, first: date, last: date) -> Sequence[CalendarEntry]:
    rows = open_cases(looking).filter(expected_close__range=(first, last)).order_by("expected_close", "pk")
    return [
        entry(case, case.expected_close, "close", _("Expected close"), "flag")
        for case in rows[:MOST]
        if case.expected_close
    ]


def steps(looking: Looking, first: date, last: date) -> Sequence[CalendarEntry]:
    rows = open_cases(looking).filter(next_step_on__range=(first, last)).order_by("next_step_on", "pk")
    return [
        entry(case, case.next_step_on, "step", case.next_step or _("Next step"), "arrow-right")
        for case in rows[:MOST]
        if case.next_step_on
    ]


def open_cases(looking: Looking) -> CaseQuerySet:
    """Those of the clients that one holds."""
    cases: CaseQuerySet = Case.objects.filter(looking.held("client__"), stage__outcome="open")
    return cases.standing().select_related("client")


def entry(case: Case, day: date, what: str, title: str, icon: str) -> CalendarEntry:
    return CalendarEntry(
        uid=f"case-{case.pk}-{what}",
        day=day,
        title=title,
        client=case.client.name,
        url=reverse("funnel:case", args=[case.pk]),
        icon=icon,
    )
