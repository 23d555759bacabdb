"""The cases of the board as a list, with moves of many at once, and as a calendar."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crm.access import requires
from crm.http import Request
from crm.ids import ids_of
from funnel.errors import GateNotMet
from funnel.models import Case
from funnel.querysets import CaseQuerySet
from funnel.selectors.board import cards
from funnel.services.moves import Moved, move_cases
from funnel.views.board import cursor_of, filter_of, shared

ROWS = 50
MOST_AT_ONCE = 100
A_DAY_SHOWS = 4


@requires("funnel.view_cases")
@require_safe
def case_list(request: Request) -> HttpResponse:
    """The cases of the board in a table, the largest first."""
    return _list_page(request)


@requires("funnel.work_on_cases")
@require_POST
def move_many(request: Request) -> HttpResponse:
    """Move the chosen cases, each for itself; those refused are listed with all that is missing."""
    versions = dict(zip(ids_of(request.POST.getlist("case")), request.POST.getlist("case"), strict=False))
    chosen = [(pk, id_of_version(request.POST.get(f"version-{pk}"))) for pk in versions][:MOST_AT_ONCE]
    cases = Case.objects.visible_to(request.user).for_cards().select_related("stage__pipeline")
    found = cases.in_bulk([pk for pk, _version in chosen])
    outcomes = move_cases(
        cases=[(found[pk], version) for pk, version in chosen if pk in found],
        to_stage=request.POST.get("stage", ""),
        moved_by=request.user,
        comment=request.POST.get("comment", "")[:2000],
        reason=request.POST.get("reason", ""),
    )
    done = sum(one.error is None for one in outcomes)
    said = ngettext("%(count)d case moved.", "%(count)d cases moved.", done) % {"count": done}
    refused = [refusal(one) for one in outcomes if one.error]
    if refused:
        messages.warning(request, said)
        return _list_page(request, refused=refused, status=409)
    messages.success(request, said)
    return redirect(f"{reverse('funnel:list')}?{request.GET.urlencode()}")


def id_of_version(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def refusal(moved: Moved) -> dict[str, Any]:
    missing = moved.error.missing if isinstance(moved.error, GateNotMet) else ()
    return {"case": moved.case, "text": str(moved.error), "missing": missing}


def _list_page(request: Request, status: int = 200, **more: Any) -> HttpResponse:
    narrowed = filter_of(request)
    cases: CaseQuerySet = narrowed.cases().filter(stage__pipeline=narrowed.chosen_pipeline)
    if "after" in request.GET:
        cases = cases.after(*cursor_of(request))
    found = cards(cases.in_board_order().for_cards()[: ROWS + 1], request.user)
    context = {
        "filter": narrowed,
        "cards": found[:ROWS],
        "last": found[ROWS - 1].case if len(found) > ROWS else None,
        "view": "list",
        **shared(request, narrowed),
        **more,
    }
    return render(request, "funnel/list.html", context, status=status)


@dataclass
class Day:
    """A day of the calendar: the cases expected to close, and those with a next step due."""

    day: date
    is_outside: bool
    is_today: bool
    closes: list[Case] = field(default_factory=list)
    steps: list[Case] = field(default_factory=list)


@requires("funnel.view_cases")
@require_safe
def calendar(request: Request) -> HttpResponse:
    """A month of expected closes and next steps."""
    narrowed, today = filter_of(request), timezone.localdate()
    asked = (
        parse_date(f"{request.GET.get('month', '')}-01") if len(request.GET.get("month", "")) == 7 else None
    )
    first = asked or today.replace(day=1)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    cases = narrowed.cases().filter(stage__pipeline=narrowed.chosen_pipeline, stage__outcome="open")
    closes = _by_day(cases, "expected_close", weeks)
    steps = _by_day(cases, "next_step_on", weeks)
    days = [
        [Day(one, one.month != first.month, one == today, closes[one], steps[one]) for one in week]
        for week in weeks
    ]
    context = {
        "filter": narrowed,
        "weeks": days,
        "first": first,
        "before": first - timedelta(days=1),
        "after": first + timedelta(days=31),
        "shown": A_DAY_SHOWS,
        "view": "calendar",
        **shared(request, narrowed),
    }
    return render(request, "funnel/calendar.html", context)


def _by_day(cases: CaseQuerySet, column: str, weeks: list[list[date]]) -> dict[date, list[Case]]:
    span = {f"{column}__range": (weeks[0][0], weeks[-1][-1])}
    found: dict[date, list[Case]] = defaultdict(list)
    for case in cases.filter(**span).for_cards().in_board_order():
        found[getattr(case, column)].append(case)
    return found
