"""The board, the pages of its columns, and what others moved meanwhile."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.formats import localized
from crm.http import Request
from crm.ids import id_of
from funnel.forms import BoardFilter, Cursor
from funnel.models import Stage
from funnel.selectors.board import board as board_of
from funnel.selectors.board import columns_with_totals, latest, moves_since, page_of, recuts_since
from funnel.selectors.grouping import STAGE, Grouped, grouped
from funnel.selectors.pipelines import reasons_of, stages_ever
from funnel.views.saved import saved_context


def filter_of(request: Request) -> BoardFilter:
    return BoardFilter(request.GET, user=request.user, today=timezone.localdate())


def grouped_by(narrowed: BoardFilter) -> Grouped | None:
    """The cases that pass the filter, by what it says; None where there is no pipeline."""
    cases = narrowed.cases()
    pipeline = narrowed.chosen_pipeline
    return grouped(cases, pipeline, narrowed.cleaned_data.get("by") or STAGE) if pipeline else None


@requires("funnel.view_cases")
@require_safe
def board(request: Request) -> HttpResponse:
    """Every visible case in its column; for htmx only the columns."""
    narrowed = filter_of(request)
    since, recut = latest()
    found = grouped_by(narrowed)
    context = {
        "filter": narrowed,
        "columns": board_of(found, request.user) if found else [],
        "by": found.by if found else STAGE,
        "since": since,
        "recut": recut,
        **shared(request, narrowed),
    }
    return render(request, "funnel/_board.html" if request.htmx else "funnel/board.html", context)


def stages_shown(narrowed: BoardFilter) -> list[Stage]:
    """The stages of the chosen pipeline, the retired ones last."""
    pipeline = narrowed.chosen_pipeline
    return stages_ever(pipeline) if pipeline else []


def shared(request: Request, narrowed: BoardFilter) -> dict[str, Any]:
    """What board, list and calendar have in common."""
    pipeline, can_add = narrowed.chosen_pipeline, request.user.has_perm("funnel.add_case")
    return {
        "query": _query(request),
        "pipeline": pipeline,
        "stages": [stage for stage in stages_shown(narrowed) if not stage.is_retired],
        "reasons": reasons_of(pipeline) if pipeline and can_add else [],
        "can_add": can_add,
        **saved_context(request, narrowed),
    }


@requires("funnel.view_cases")
@require_safe
def more_cards(request: Request) -> HttpResponse:
    """The cards of a `column` (default: the first): the first page, or what follows the card `amount` and `after`."""
    found = grouped_by(filter_of(request))
    heading = found.heading(request.GET.get("column")) if found else None
    if found is None or heading is None:
        raise Http404
    cases = found.of(heading)
    if "after" in request.GET:
        cases = cases.after(*cursor_of(request))
    column = page_of(cases, heading, request.user)
    return render(request, "funnel/_cards.html", {"column": column, "query": _query(request), "by": found.by})


@requires("funnel.view_cases")
@require_safe
def heads(request: Request) -> HttpResponse:
    """What every column comes to, as the board asks for it once a card was moved, or was found to be elsewhere."""
    found = grouped_by(filter_of(request))
    columns = columns_with_totals(found) if found else []
    return render(request, "funnel/_heads.html", {"columns": columns})


@requires("funnel.view_cases")
@require_safe
def news(request: Request) -> JsonResponse:
    """What others moved since the step `since`, and split or merged since `recut`, in words for a board that is seen."""
    moves = moves_since(id_of(request.GET.get("since")) or 0, request.user)
    texts = [
        (
            _("%(who)s moved %(client)s to “%(stage)s”.")
            if one.from_stage_id
            else _("%(who)s opened a case of %(client)s in “%(stage)s”.")
        )
        % {"who": localized(one.moved_by), "client": one.case.client.name, "stage": one.to_stage}
        for one in moves
    ]
    recuts = recuts_since(id_of(request.GET.get("recut")) or 0, request.user)
    for one in recuts:
        text = (
            _("%(who)s split %(case)s.")
            if one.kind == one.Kind.SPLIT
            else _("%(who)s merged a case into %(case)s.")
        )
        texts.append(text % {"who": localized(one.by), "case": one.case.code})
    since = {"since": moves[0].pk if moves else 0, "recut": recuts[0].pk if recuts else 0}
    return JsonResponse({**since, "texts": texts})


def cursor_of(request: Request) -> tuple[Decimal, int]:
    cursor = Cursor(request.GET)
    if not cursor.is_valid():
        raise Http404
    return cursor.cleaned_data["amount"], cursor.cleaned_data["after"]


def _query(request: Request) -> str:
    """The filter as an address has it, without the place in a column."""
    query = request.GET.copy()
    for name in ("amount", "after", "before", "column", "month"):
        query.pop(name, None)
    return query.urlencode()
