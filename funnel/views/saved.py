"""Filters of the funnel that people keep under a name: for themselves, their team or everybody."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from crm.access import requires
from crm.http import Request
from crm.ids import id_of
from crm.models import SavedView
from crm.views.keeping import change_view, keep_view
from crm.views.list_views import reaches_for
from funnel.forms import BoardFilter
from funnel.selectors.saved import CASES, case_views

PAGES = {"": "funnel:board", "list": "funnel:list", "calendar": "funnel:calendar"}


def saved_context(request: Request, narrowed: BoardFilter) -> dict[str, Any]:
    """The views that the reader may use, the one that is shown, and whether the filter says something else by now."""
    views = list(case_views(request.user))
    shown = next((view for view in views if view.pk == id_of(request.GET.get("saved"))), None)
    address = narrowed.address()
    return {
        "saved_views": views,
        "saved": shown,
        "address": address,
        "is_changed": shown is not None and shown.query != address,
        "reaches": reaches_for(request.user),
    }


@requires("funnel.view_cases")
@require_POST
def view_new(request: Request) -> HttpResponse:
    """Keep what the funnel shows under a name."""
    address = address_of(request)
    return back(request, address, keep_view(request, list_key=CASES, query=address))


@requires("funnel.view_cases")
@require_POST
def view_change(request: Request, pk: int) -> HttpResponse:
    """Let one's own view stand for what the funnel shows, share it, or forget it."""
    view = get_object_or_404(case_views(request.user), pk=pk)
    address = address_of(request)
    return back(request, address, change_view(request, view, query=address))


def address_of(request: Request) -> str:
    """The filter that the form was sent from, as it is kept."""
    shown = QueryDict(request.POST.get("list", ""))
    return BoardFilter(shown, user=request.user, today=timezone.localdate()).address()


def back(request: Request, address: str, view: SavedView | None) -> HttpResponseRedirect:
    page = reverse(PAGES.get(request.POST.get("page", ""), PAGES[""]))
    return HttpResponseRedirect(f"{page}?{address}{f'&saved={view.pk}' if view else ''}")
