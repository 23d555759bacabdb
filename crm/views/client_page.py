"""The client page: header, tabs and overview."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import slots
from crm.access import SIGNED_IN, requires
from crm.details import details_of
from crm.fragments import render_fragment
from crm.http import Request
from crm.models import Axis, Client, Facility, Participation, User
from crm.paging import neighbours_of, numbers_of
from crm.prepared import Given, Sight, prepared
from crm.presence import may_have
from crm.ratio_lines import ratio_lines
from crm.reading import one_reading, read_once
from crm.selectors.client_list import ListQuery
from crm.selectors.figures import Figures, exposure_of, figures_of
from crm.selectors.merging import merged_into
from crm.selectors.records import (
    latest_interactions,
    open_facilities_of,
    participations_of,
)
from crm.selectors.statements import ratios_of, statements_of
from crm.views.client_past import past_day, render_past

OVERVIEW = "overview"
LINES_ON_OVERVIEW = 6


def find_client(request: Request, pk: int) -> Client:
    """The client, or 404 where the user may not see it."""
    return _visible_client(request.user, pk)


@read_once
def _visible_client(user: User, pk: int) -> Client:
    for found in _client(Sight.of(user), client=pk):
        return found
    raise Http404


@prepared
def _client(sight: Sight, client: Given) -> QuerySet[Client]:
    clients = Client.objects.visible_to(sight.user).filter(pk=client)
    return clients.select_related("industry", "region", "rm", "team")


def leading_to_survivor(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of a client that was merged into another leads to that one's. Not for good: a merge can be taken back."""

    @wraps(view)
    def led(request: Request, pk: int, **rest: Any) -> HttpResponse:
        try:
            return view(request, pk, **rest)
        except Http404:
            client = merged_into(request.user, pk)
            if client is None:
                raise
        messages.info(request, _("That client was merged into this one."))
        return redirect("crm:client", client.pk)

    return led


@requires("crm.view_client")
@require_safe
@leading_to_survivor
def client(request: Request, pk: int) -> HttpResponse:
    found, then = find_client(request, pk), past_day(request)
    return render_past(request, found, *then) if then else render_overview(request, found)


@requires("crm.view_client")
@require_safe
@leading_to_survivor
def client_tab(request: Request, pk: int, key: str) -> HttpResponse:
    """A tab that some app registered: its fragment inside the client's page."""
    found = find_client(request, pk)
    tab = slots.client_tabs.get(key, request.user)
    if tab is None:
        raise Http404
    context = page_context(request, found, key)
    return render(
        request, "crm/client_tab.html", context | {"body": render_fragment(request, tab.url_name, pk)}
    )


@one_reading()
def render_overview(request: Request, found: Client) -> HttpResponse:
    today = timezone.localdate()
    statement = next(iter(statements_of(found, request.user, most=1)), None)
    ratios = ratios_of(statement) if statement else None
    interactions = latest_interactions(found, request.user, LINES_ON_OVERVIEW)
    facilities = open_facilities_of(found, request.user, today) if may_have(found, Facility) else []
    figures = Figures(exposure_of(facilities), interactions[0].at if interactions else None)
    context = page_context(request, found, OVERVIEW, figures) | {
        "interactions": interactions,
        "facilities": facilities,
        "participations": participations_of(found, request.user)[:LINES_ON_OVERVIEW]
        if may_have(found, Participation)
        else (),
        "details": details_of(found, Axis.values),  # the card of its stage tells these, with the reason
        "ratios": ratios,
        "ratio_lines": ratio_lines(found, ratios, request.user) if ratios else [],
        **{f"{place}_panels": slots.panels_for(request, place) for place in ("main", "main_end", "aside")},
    }
    return render(request, "crm/client_overview.html", context)


def page_context(request: Request, found: Client, key: str, figures: Figures | None = None) -> dict[str, Any]:
    """What the header and tabs of every tab of a client need; `figures` where the tab has what they are made of."""
    address = request.GET.get("list")
    query = ListQuery.read(QueryDict(address), request.user)
    previous, following = (
        (None, None) if address is None else neighbours_of(query.ordered(), query.order, found.pk)
    )
    tabs = slots.client_tabs.for_user(request.user)
    counted = [tab for tab in tabs if tab.count]
    numbers = numbers_of([tab.count(found, request.user) for tab in counted if tab.count])
    counts = {tab.key: number for tab, number in zip(counted, numbers, strict=True)}
    acts = _acts_on(found, request.user)
    return {
        "client": found,
        "tabs": [(tab, counts.get(tab.key)) for tab in tabs],
        "current_tab": key,
        "figures": figures or figures_of(found.pk, timezone.localdate()),
        "badge_panels": slots.panels_for(request, "badge"),
        "figure_panels": slots.panels_for(request, "figures"),
        "acts": acts,
        "has_rare_acts": any(act.rare for act in acts),
        "can_change": request.user.has_perm("crm.change_client", found),
        "list_address": address,
        "previous": previous,
        "following": following,
    }


def _acts_on(found: Client, user: User) -> list[slots.ClientAct]:
    """What the user may do with this very client, beyond changing it."""
    acts = slots.client_acts.for_user(user)
    return [act for act in acts if act.permission == SIGNED_IN or user.has_perm(act.permission, found)]
