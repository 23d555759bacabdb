"""The board and the pages of its columns."""

from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.http import Request
from funnel.forms import BoardFilter, Cursor
from funnel.models import Pipeline, Stage
from funnel.selectors.board import board as board_of
from funnel.selectors.board import page_of


def filter_of(request: Request) -> BoardFilter:
    return BoardFilter(request.GET, user=request.user, today=timezone.localdate())


@requires("funnel.view_cases")
@require_safe
def board(request: Request) -> HttpResponse:
    """Every visible case by stage; for htmx only the columns."""
    narrowed = filter_of(request)
    pipeline = Pipeline.objects.order_by("pk").first()
    stages = list(pipeline.stages.order_by("position")) if pipeline else []
    columns = board_of(narrowed.cases(), stages, request.user)
    context = {
        "filter": narrowed,
        "columns": columns,
        "query": request.GET.urlencode(),
        "can_add": request.user.has_perm("funnel.add_case"),
    }
    return render(request, "funnel/_board.html" if request.htmx else "funnel/board.html", context)


@requires("funnel.view_cases")
@require_safe
def more_cards(request: Request, pk: int) -> HttpResponse:
    """The cards of a stage: the first page, or the one after the card given as `amount` and `after`."""
    stage = get_object_or_404(Stage, pk=pk)
    cases = filter_of(request).cases()
    if "after" in request.GET:
        cases = cases.after(*_cursor(request))
    column = page_of(cases, stage, request.user)
    return render(request, "funnel/_cards.html", {"column": column, "query": _without_cursor(request)})


def _cursor(request: Request) -> tuple[Decimal, int]:
    cursor = Cursor(request.GET)
    if not cursor.is_valid():
        raise Http404
    return cursor.cleaned_data["amount"], cursor.cleaned_data["after"]


def _without_cursor(request: Request) -> str:
    query = request.GET.copy()
    for name in ("amount", "after"):
        query.pop(name, None)
    return query.urlencode()
