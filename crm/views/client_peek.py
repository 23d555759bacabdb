"""A client as seen from the list: in the side panel, and where it stands among the others."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm import slots
from crm.access import requires
from crm.details import detail_of
from crm.http import Request
from crm.paging import place_of
from crm.selectors.client_list import ListQuery
from crm.selectors.figures import figures_of
from crm.selectors.records import latest_interactions
from crm.views.client_page import find_client

ESSENTIALS = ("status", "size_class", "life_cycle", "client_since")
LINES = 3


@requires("crm.view_client")
@require_safe
def place(request: Request, pk: int) -> HttpResponse:
    """Which one of the list it is; asked for when the page is there already."""
    query = ListQuery.read(QueryDict(request.GET.get("list")), request.user)
    found = place_of(query.ordered(), query.order, pk, among=query.clients())
    if found is None:
        find_client(request, pk)
        return HttpResponse()
    place, count = found
    return render(request, "crm/client/_place.html", {"place": place, "count": count})


@requires("crm.view_client")
@require_safe
def peek(request: Request, pk: int) -> HttpResponse:
    """The essentials of a client and what to do with it, beside the list."""
    found = find_client(request, pk)
    panels = slots.client_panels.for_user(request.user)
    context = {
        "client": found,
        "details": [detail_of(found, name) for name in ESSENTIALS],
        "figures": figures_of(found.pk, timezone.localdate()),
        "interactions": latest_interactions(found, request.user, LINES),
        "badge_panels": slots.panels_for(request, "badge"),
        "figure_panels": slots.panels_for(request, "figures"),
        "panels": [panel for panel in panels if panel.peek],
        "can_change": request.user.has_perm("crm.change_client", found),
        "list_address": request.GET.get("list"),
    }
    return render(request, "crm/client/_peek.html", context)
