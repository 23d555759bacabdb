"""Filters of the funnel that people keep under a name: for themselves, their team or everybody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.ids import id_of
from crm.models import SavedView
from crm.services.views import remove_view, replace_view, save_view, share_view
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
    try:
        view = save_view(
            by=request.user,
            list_key=CASES,
            name=request.POST.get("name", ""),
            query=address,
            reach=request.POST.get("reach", SavedView.Reach.PRIVATE),
        )
    except DomainError as error:
        messages.error(request, str(error))
        return back(request, address)
    messages.success(request, _("“%(name)s” is kept.") % {"name": view.name})
    return back(request, address, view)


@requires("funnel.view_cases")
@require_POST
def view_change(request: Request, pk: int) -> HttpResponse:
    """Let one's own view stand for what the funnel shows, share it, or forget it."""
    view = get_object_or_404(case_views(request.user), pk=pk)
    address, revision = address_of(request), id_of(request.POST.get("revision")) or 0
    try:
        match request.POST.get("act"):
            case "replace":
                replace_view(by=request.user, view=view, revision=revision, query=address)
                messages.success(request, _("“%(name)s” shows this from now on.") % {"name": view.name})
            case "share":
                reach = request.POST.get("reach", "")
                share_view(by=request.user, view=view, revision=revision, reach=reach)
                messages.success(request, _("Your choice is saved."))
            case "remove":
                remove_view(by=request.user, view=view, revision=revision)
                messages.success(request, _("“%(name)s” is forgotten.") % {"name": view.name})
                return back(request, address)
    except DomainError as error:
        messages.error(request, str(error))
    return back(request, address, view)


def address_of(request: Request) -> str:
    """The filter that the form was sent from, as it is kept."""
    shown = QueryDict(request.POST.get("list", ""))
    return BoardFilter(shown, user=request.user, today=timezone.localdate()).address()


def back(request: Request, address: str, view: SavedView | None = None) -> HttpResponseRedirect:
    page = reverse(PAGES.get(request.POST.get("page", ""), PAGES[""]))
    return HttpResponseRedirect(f"{page}?{address}{f'&saved={view.pk}' if view else ''}")
