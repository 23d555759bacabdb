"""Alerts: the list, one alert with what it rests on, and what people do about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import paging
from crm.access import requires
from crm.http import Request
from crm.ids import ids_of
from crm.views.preferences import return_to
from crm.views.saying import refused_in, saying
from tiering import display
from tiering.forms_alerts import AlertFilterForm, AlertTaskForm, ResolveForm, SnoozeForm
from tiering.models import Alert
from tiering.pages import alerts as pages
from tiering.selectors.alerts import alerts_for, known_indicators, label_of
from tiering.services import alerts as services
from tiering.views.client_panels import find_client

PER_PAGE = 50
MOST_AT_ONCE = 500


@requires("tiering.view_alerts")
@require_safe
def alerts(request: Request) -> HttpResponse:
    """The alerts that wait, the worst first, or those that the filters ask for."""
    labels = [(key, display.label(label)) for key, label in known_indicators(request.user)]
    filters = AlertFilterForm(request.GET, indicators=labels, user=request.user)
    found = filters.wanted.narrow(alerts_for(request.user), request.user).by_urgency()
    page = paging.page_asked(request.GET, found, paging.Order("urgency"), PER_PAGE)
    context = {
        "filters": filters,
        "page": page,
        "count": paging.count_of(found),
        "rows": pages.rows_of(page.rows, request.user),
        "may_handle": request.user.has_perm("tiering.handle_alerts"),
    }
    return render(request, "tiering/alerts/list.html", context)


@requires("tiering.handle_alerts")
@require_POST
def acknowledge_many(request: Request) -> HttpResponse:
    """Say of the chosen alerts that one has seen them and deals with them."""
    chosen = ids_of(request.POST.getlist("alert"))[:MOST_AT_ONCE]
    count = services.acknowledge(alerts=chosen, by=request.user)
    messages.success(request, pages.done_text(count))
    return redirect(return_to(request, reverse("tiering:alerts")))


@requires("tiering.view_alerts")
@require_safe
def alert(request: Request, pk: int) -> HttpResponse:
    """One alert."""
    return alert_page(request, get_object_or_404(alerts_for(request.user), pk=pk))


def alert_page(request: Request, found: Alert, **refused: forms.Form) -> HttpResponse:
    """`refused` are forms that were refused, by their name in the page."""
    context: dict[str, Any] = {
        "page": pages.page_of(found, request.user),
        "snooze_form": SnoozeForm(auto_id="snooze_%s"),
        "resolve_form": ResolveForm(auto_id="resolve_%s"),
        "task_form": AlertTaskForm(auto_id="task_%s"),
        **refused,
    }
    return render(request, "tiering/alerts/page.html", context, status=422 if refused else 200)


@requires("tiering.handle_alerts")
@require_POST
def acknowledge(request: Request, pk: int) -> HttpResponse:
    """Say that one has seen an alert and deals with it."""
    found = handled(request, pk)
    services.acknowledge(alerts=[found.pk], by=request.user)
    messages.success(request, _("Acknowledged."))
    return redirect("tiering:alert", pk)


@requires("tiering.handle_alerts")
@require_POST
def snooze(request: Request, pk: int) -> HttpResponse:
    """Let an alert sleep until a day."""
    found, form = handled(request, pk), SnoozeForm(request.POST, auto_id="snooze_%s")
    if form.is_valid():
        with refused_in(form):
            services.snooze(alert=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Snoozed."))
            return redirect("tiering:alert", pk)
    return alert_page(request, found, snooze_form=form)


@requires("tiering.handle_alerts")
@require_POST
def resolve(request: Request, pk: int) -> HttpResponse:
    """End an alert and say how it was dealt with."""
    found, form = handled(request, pk), ResolveForm(request.POST, auto_id="resolve_%s")
    if form.is_valid():
        with refused_in(form):
            services.resolve(alert=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Resolved."))
            return redirect("tiering:alert", pk)
    return alert_page(request, found, resolve_form=form)


@requires("tiering.handle_alerts")
@require_POST
def make_task(request: Request, pk: int) -> HttpResponse:
    """Give the owner of an alert a task."""
    found, form = handled(request, pk), AlertTaskForm(request.POST, auto_id="task_%s")
    if form.is_valid():
        with refused_in(form):
            services.make_task(alert=found, label=label_of(found), by=request.user, **form.cleaned_data)
            messages.success(request, _("The task is made."))
            return redirect("tiering:alert", pk)
    return alert_page(request, found, task_form=form)


@requires("tiering.handle_alerts")
@require_POST
def retier(request: Request, pk: int) -> HttpResponse:
    """Have the client assessed at once."""
    found = handled(request, pk)
    with saying(
        request, _("The client is being assessed. A change of its tier is proposed as the criteria say.")
    ):
        services.ask_to_retier(alert=found, by=request.user)
    return redirect("tiering:alert", pk)


def handled(request: Request, pk: int) -> Alert:
    """An alert that the user may do something about."""
    found = get_object_or_404(alerts_for(request.user), pk=pk)
    if not request.user.has_perm("tiering.handle_alerts", found.client):
        raise PermissionDenied
    return found


@requires("tiering.view_alerts")
@require_safe
def client_alerts(request: Request, pk: int) -> HttpResponse:
    """The panel of a client's page: alerts, covenants, the watch list."""
    client = find_client(request, pk)
    context = {"client": client, **pages.of_client(client, request.user)}
    return render(request, "tiering/alerts/_client.html", context)
