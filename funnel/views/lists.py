"""The cases of the board as a list, with moves of many at once, and as a calendar."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crm import paging
from crm.access import requires
from crm.http import Request
from crm.ids import ids_of
from funnel.errors import GateNotMet
from funnel.forms import LARGEST_FIRST, BoardFilter
from funnel.models import Case
from funnel.querysets import CaseQuerySet
from funnel.selectors.board import cards, total_of_cases
from funnel.services.moves import Moved, move_cases
from funnel.views.board import filter_of, shared, stages_shown

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
    found = cases.in_bulk([pk for pk, _seen in chosen])
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
    cases: CaseQuerySet = narrowed.cases().in_stages(stages_shown(narrowed))
    page = paging.page_asked(request.GET, cases.for_board(), narrowed.order, ROWS)
    number, total = total_of_cases(cases)
    context = {
        "filter": narrowed,
        "cards": cards(page.rows, request.user),
        "page": page,
        "count": paging.Count(number, is_capped=False),
        "total": total,
        "heads": _heads(request, narrowed),
        "view": "list",
        **shared(request, narrowed),
        **more,
    }
    return render(request, "funnel/list.html", context, status=status)


@dataclass(frozen=True)
class Head:
    """The head of a column: `sorted` is how it orders the rows (as ARIA says it), `query` the address of the next order:
    ascending, descending, as they come. A column that orders nothing has none."""

    label: str
    is_number: bool = False
    sorted: str = "none"
    query: str = ""


def _heads(request: Request, narrowed: BoardFilter) -> list[Head]:
    said = narrowed.cleaned_data.get("sort") or LARGEST_FIRST
    columns = [
        (_("Client"), "client"), (_("Tier"), ""), (_("Stage"), ""), (_("Product"), ""), (_("Amount"), "amount"),
        (_("Expected close"), "close"), (_("Next step"), "next"), (_("In this stage"), "since"), (_("RM"), ""),
    ]  # fmt: skip
    return [_head(request, label, name, said) for label, name in columns]


def _head(request: Request, label: str, name: str, said: str) -> Head:
    is_number = name in ("amount", "since")
    if not name:
        return Head(label, is_number)
    query = request.GET.copy()
    for place in ("after", "before"):
        query.pop(place, None)
    following = {name: f"-{name}", f"-{name}": ""}
    if said == LARGEST_FIRST == f"-{name}":
        following = {said: name}
    query["sort"] = following.get(said, name)
    states = {name: "ascending", f"-{name}": "descending"}
    return Head(label, is_number, states.get(said, "none"), query.urlencode())


@dataclass
class Day:
    """A day of the calendar: the first of the cases expected to close, of `closing` in all, and of those with a next
    step due."""

    day: date
    is_outside: bool
    is_today: bool
    closes: list[Case] = field(default_factory=list)
    closing: int = 0
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
    cases = narrowed.cases().in_stages(one for one in stages_shown(narrowed) if not one.is_closed)
    closes, steps = (_by_day(cases, column, weeks) for column in ("expected_close", "next_step_on"))
    days = [
        [Day(one, one.month != first.month, one == today, *closes[one], steps[one][0]) for one in week]
        for week in weeks
    ]
    context = {
        "filter": narrowed,
        "weeks": days,
        "first": first,
        "before": first - timedelta(days=1),
        "after": first + timedelta(days=31),
        "view": "calendar",
        **shared(request, narrowed),
    }
    return render(request, "funnel/calendar.html", context)


def _by_day(cases: CaseQuerySet, column: str, weeks: list[list[date]]) -> dict[date, tuple[list[Case], int]]:
    """Of each day the cases that it shows, and how many it has. One query, however many those are."""
    span = {f"{column}__range": (weeks[0][0], weeks[-1][-1])}
    place = Window(RowNumber(), partition_by=F(column), order_by=[F("amount").desc(), F("pk").asc()])
    of_day = Window(Count("*"), partition_by=F(column))
    first = cases.filter(**span).annotate(place=place, of_day=of_day).filter(place__lte=A_DAY_SHOWS)
    found: dict[date, tuple[list[Case], int]] = defaultdict(lambda: ([], 0))
    for case in first.for_board().in_board_order():
        day = getattr(case, column)
        found[day] = ([*found[day][0], case], case.of_day)
    return found
