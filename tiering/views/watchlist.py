"""The watch list, asset classes and covenants."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.http import Request
from crm.ids import id_of
from crm.models import Client, Facility
from crm.repeats import do_once
from crm.views.saying import refused_in, saying
from tiering.forms_alerts import (
    AssetClassForm,
    CovenantForm,
    EndForm,
    ExitCriteriaForm,
    ExitForm,
    WatchForm,
    WatchReviewForm,
)
from tiering.models import Alert, AssetClass, Covenant, WatchlistEntry
from tiering.pages.alerts import rows_of
from tiering.pages.condition_readings import readings
from tiering.pages.conditions import metrics_about, vocabulary
from tiering.pages.covenants import rows_of as rows_of_covenants
from tiering.pages.leaving import exit_of
from tiering.selectors import asset_classes as classes
from tiering.selectors.alerts import alerts_for
from tiering.selectors.catalogue import catalogue, open_catalogue
from tiering.services import watchlist as services
from tiering.services.asset_classes import classify
from tiering.services.covenants import agree_covenant, end_covenant
from tiering.views.client_panels import find_client

ROWS = 6
MOST = 500
LEFT = 20


@requires("tiering.view_alerts")
@require_safe
def watchlist(request: Request) -> HttpResponse:
    """Who is on the list, what is due first; and who left it lately."""
    entries = WatchlistEntry.objects.visible_to(request.user)
    named = ("client__rm", "owner", "entered_by", "exit_asked_by", "exited_by")
    present = list(entries.filter(exited_at=None).with_exit().select_related(*named)[:MOST])
    context = {
        "entries": present,
        "classes": classes.in_force([entry.client_id for entry in present]),
        "left": entries.exclude(exited_at=None).select_related(*named).order_by("-exited_at")[:LEFT],
        "today": timezone.localdate(),
    }
    return render(request, "tiering/watchlist/list.html", context)


@requires("tiering.handle_alerts")
@require_http_methods(["GET", "HEAD", "POST"])
def watch(request: Request, pk: int) -> HttpResponse:
    """Put a client on the list, because of an alert or not."""
    client = held(request, find_client(request, pk))
    found = alerts_for(request.user).filter(pk=id_of(request.GET.get("alert")) or 0, client=client).first()
    form = WatchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refused_in(form):
            entry = do_once(request, lambda: entered(request, client, found, form).pk)
            messages.success(request, _("The client is on the watch list."))
            return redirect("tiering:watchlist-entry", entry)
    return form_page(request, client, form, title=_("Put on the watch list"), alert=found)


@requires("tiering.handle_alerts")
@require_http_methods(["GET", "HEAD", "POST"])
def exit_criteria(request: Request, pk: int) -> HttpResponse:
    """Say anew what has to hold before a client may leave the list."""
    found = handled(request, pk)
    shown = {
        "exit_criteria": found.exit_criteria,
        "exit_when": json.dumps(found.exit_when, ensure_ascii=False) if found.exit_when else "",
    }
    form = ExitCriteriaForm(request.POST if request.method == "POST" else None, initial=shown)
    if request.method == "POST" and form.is_valid():
        with refused_in(form):
            services.set_exit(entry=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("The exit criteria are changed."))
            return redirect("tiering:watchlist-entry", pk)
    return form_page(request, found.client, form, title=_("Change the exit criteria"), entry=found)


def form_page(request: Request, client: Client, form: ExitCriteriaForm, **more: object) -> HttpResponse:
    offered = vocabulary(metrics_about(open_catalogue()), readings=readings(partners=False))
    context = {"client": client, "form": form, "vocabulary": offered, **more}
    return render(request, "tiering/watchlist/form.html", context, status=422 if form.errors else 200)


def entered(request: Request, client: Client, found: Alert | None, form: WatchForm) -> WatchlistEntry:
    return services.enter(client=client, by=request.user, alert=found, **form.cleaned_data)


@requires("tiering.view_alerts")
@require_safe
def entry(request: Request, pk: int) -> HttpResponse:
    """One entry with its reviews, and the exit."""
    return entry_page(request, visible_entry(request, pk))


def entry_page(request: Request, found: WatchlistEntry, **refused: forms.Form) -> HttpResponse:
    user = request.user
    may_handle = user.has_perm("tiering.handle_alerts", found.client) and found.exited_at is None
    context: dict[str, Any] = {
        "entry": found,
        "reviews": found.reviews.select_related("by"),
        "alerts": rows_of(list(alerts_for(user).filter(watchlist=found)), user),
        "exit": exit_of(found, catalogue()),
        "grade": classes.in_force([found.client_id]).get(found.client_id),
        "may_handle": may_handle,
        "may_decide": may_handle
        and user.has_perm("tiering.decide_watchlist")
        and found.exit_asked_by_id not in (None, user.pk),
        "is_own": found.exit_asked_by_id == user.pk,
        "review_form": WatchReviewForm(initial={"strategy": found.strategy}, auto_id="review_%s"),
        "exit_form": ExitForm(auto_id="exit_%s"),
        **refused,
    }
    return render(request, "tiering/watchlist/entry.html", context, status=422 if refused else 200)


@requires("tiering.handle_alerts")
@require_POST
def review(request: Request, pk: int) -> HttpResponse:
    """Note what a review found."""
    found, form = handled(request, pk), WatchReviewForm(request.POST, auto_id="review_%s")
    if form.is_valid():
        with refused_in(form):
            do_once(request, lambda: services.review(entry=found, by=request.user, **form.cleaned_data).pk)
            messages.success(request, _("The review is noted."))
            return redirect("tiering:watchlist-entry", pk)
    return entry_page(request, found, review_form=form)


@requires("tiering.handle_alerts")
@require_POST
def ask_for_exit(request: Request, pk: int) -> HttpResponse:
    """Ask that a client leave the list."""
    found, form = handled(request, pk), ExitForm(request.POST, auto_id="exit_%s")
    if form.is_valid():
        with refused_in(form):
            services.ask_for_exit(entry=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("It is asked for. Somebody else has to decide on it."))
            return redirect("tiering:watchlist-entry", pk)
    return entry_page(request, found, exit_form=form)


@requires("tiering.decide_watchlist")
@require_POST
def decide_exit(request: Request, pk: int) -> HttpResponse:
    """Let a client leave the list, or keep it there."""
    found, leaves = visible_entry(request, pk), request.POST.get("decision") == "leave"
    with saying(
        request,
        _("The client has left the watch list.") if leaves else _("The client stays on the watch list."),
    ):
        services.decide_exit(entry=found, leaves=leaves, by=request.user)
    return redirect("tiering:watchlist-entry", pk)


def held(request: Request, client: Client) -> Client:
    """The client, if the user may deal with its alerts and its place on the list."""
    if not request.user.has_perm("tiering.handle_alerts", client):
        raise PermissionDenied
    return client


def handled(request: Request, pk: int) -> WatchlistEntry:
    """An entry that the user may do something about."""
    found = visible_entry(request, pk)
    held(request, found.client)
    return found


def visible_entry(request: Request, pk: int) -> WatchlistEntry:
    rows = WatchlistEntry.objects.visible_to(request.user).with_exit()
    named = ("client__rm", "owner", "entered_by", "exit_asked_by", "exited_by")
    return get_object_or_404(rows.select_related(*named), pk=pk)


@requires("tiering.view_alerts")
@require_safe
def asset_classes(request: Request) -> HttpResponse:
    """What stands in each of the five classes."""
    lines = classes.classes_of_the_book(request.user, timezone.localdate())
    total = sum(line.exposure for line in lines)
    return render(request, "tiering/watchlist/classes.html", {"lines": lines, "total": total})


@requires("tiering.view_alerts", post="tiering.classify_assets")
@require_http_methods(["GET", "HEAD", "POST"])
def client_class(request: Request, pk: int) -> HttpResponse:
    """The classes that a client was given, and the form that gives one."""
    client = find_client(request, pk)
    today = timezone.localdate()
    form = AssetClassForm(
        request.POST if request.method == "POST" else None, client=client, initial={"day": today}
    )
    if request.method == "POST" and form.is_valid():
        with refused_in(form):
            do_once(request, lambda: classify(client=client, by=request.user, **form.cleaned_data).pk)
            messages.success(request, _("The class is given."))
            return redirect("tiering:client-class", pk)
    given = AssetClass.objects.visible_to(request.user).filter(client=client)
    floor = classes.floor_of(client.pk, today)
    context = {
        "client": client,
        "form": form,
        "given": given.select_related("facility", "classed_by"),
        "floor": AssetClass.Grade(floor.whole).label,
        "share": floor.share,
        "may_classify": request.user.has_perm("tiering.classify_assets"),
    }
    return render(request, "tiering/watchlist/class.html", context, status=422 if form.errors else 200)


@requires("tiering.view_alerts", post="tiering.handle_alerts")
@require_http_methods(["GET", "HEAD", "POST"])
def covenants(request: Request, pk: int) -> HttpResponse:
    """The covenants of a client, and the form that adds one."""
    client = find_client(request, pk)
    started = {"starts_on": timezone.localdate(), "facility": id_of(request.GET.get("facility", ""))}
    form = CovenantForm(request.POST if request.method == "POST" else None, client=client, initial=started)
    if request.method == "POST" and held(request, client) and form.is_valid():
        with refused_in(form):
            do_once(request, lambda: agree_covenant(client=client, by=request.user, **form.cleaned_data).pk)
            messages.success(request, _("The covenant is noted. Whether it is kept shows among the alerts."))
            return redirect("tiering:covenants", pk)
    agreed = Covenant.objects.visible_to(request.user).filter(client=client)
    context = {
        "client": client,
        "form": form,
        "rows": rows_of_covenants(
            client, agreed.select_related("facility"), timezone.localdate(), catalogue()
        ),
        "may_handle": request.user.has_perm("tiering.handle_alerts", client),
    }
    return render(request, "tiering/watchlist/covenants.html", context, status=422 if form.errors else 200)


@requires("tiering.view_alerts")
@require_safe
def facility_covenants(request: Request, pk: int) -> HttpResponse:
    """A card of a facility's page: what was agreed for it, and whether that is kept."""
    rows = Facility.objects.visible_to(request.user).select_related("client")
    facility = get_object_or_404(rows, pk=pk)
    agreed = Covenant.objects.visible_to(request.user).filter(facility=facility).select_related("facility")
    context = {
        "facility": facility,
        "rows": rows_of_covenants(facility.client, agreed, timezone.localdate(), catalogue()),
        "may_handle": request.user.has_perm("tiering.handle_alerts", facility.client),
    }
    return render(request, "tiering/watchlist/_facility_covenants.html", context)


@requires("tiering.handle_alerts")
@require_POST
def covenant_end(request: Request, pk: int) -> HttpResponse:
    """Let a covenant end on a day, today where none is given."""
    found = get_object_or_404(Covenant.objects.visible_to(request.user).select_related("client"), pk=pk)
    held(request, found.client)
    form = EndForm(request.POST)
    day = form.cleaned_data["ends_on"] if form.is_valid() else timezone.localdate()
    with saying(request, _("The covenant ends.")):
        end_covenant(covenant=found, ends_on=day, by=request.user)
    return redirect("tiering:covenants", found.client_id)
