"""Kept filters of the queue."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.access import requires
from crm.http import Request
from crm.views.saying import saying
from tiering.forms import QueueFilterForm
from tiering.forms_reviews import SeenViewForm, ViewForm
from tiering.selectors.review_views import views_for
from tiering.services.review_views import remove_view, replace_view, save_view
from tiering.views.reviews import address_of


@requires("tiering.view_proposals")
@require_POST
def keep(request: Request) -> HttpResponse:
    """Keep the filter of the address under a name."""
    filters, form = QueueFilterForm(request.GET, user=request.user), ViewForm(request.POST)
    if form.is_valid():
        with saying(request, _("The view is kept.")):
            save_view(owner=request.user, query=filters.query, **form.cleaned_data)
    return HttpResponseRedirect(address_of(None, filters))


@requires("tiering.view_proposals")
@require_POST
def change(request: Request, pk: int) -> HttpResponse:
    """Let one's own view stand for the filter of the address, or remove it."""
    view = get_object_or_404(views_for(request.user), pk=pk)
    filters, form = QueueFilterForm(request.GET, user=request.user), SeenViewForm(request.POST)
    if form.is_valid():
        seen = {"view": view, "by": request.user, "revision": form.cleaned_data["revision"]}
        with saying(request, _("The view is changed.")):
            if form.cleaned_data["act"] == "replace":
                replace_view(**seen, query=filters.query)
            else:
                remove_view(**seen)
    return HttpResponseRedirect(address_of(None, filters))
