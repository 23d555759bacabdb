"""Tiering runs: the list, starting one by hand, following it, and what it changed."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.models import Client, User
from crm.paging import Order, page_asked
from tiering.models import RunChunk, Tier, TieringRun
from tiering.pages.runs import duration, lines_of, matrix_of, moves_address, moves_by_rank
from tiering.pages.trials import level_tables
from tiering.selectors.challengers import has_let_go
from tiering.selectors.criteria import effective_version, primary_scheme
from tiering.selectors.moves import MOST_LISTED, clients_moved, moves_of
from tiering.selectors.runs import every_run, left_behind
from tiering.selectors.runs import progress as progress_so_far
from tiering.selectors.versions import tiers_named_by
from tiering.services.retries import retry_left_behind, retry_quarantined
from tiering.services.runs import start_run

RUNS_SHOWN = 50
CHUNKS_SHOWN = 200
CLIENTS_SHOWN = 200
NEWEST_FIRST = Order("pk", descending=True)


@requires("tiering.view_runs")
@require_safe
def runs(request: Request) -> HttpResponse:
    """Every run, newest first."""
    page = page_asked(request.GET, every_run(), NEWEST_FIRST, RUNS_SHOWN)
    context = {
        "page": page,
        "lines": lines_of(page.rows),
        "left_behind": left_behind(request.user).count(),
    }
    if request.user.has_perm("tiering.start_runs"):
        scheme = primary_scheme()
        context |= {
            "may_start": True,
            "version": effective_version(scheme, timezone.now()) if scheme else None,
            "clients": Client.objects.count(),
            "slot": uuid.uuid4(),
        }
    return render(request, "tiering/runs.html", context)


@requires("tiering.start_runs")
@require_POST
def start(request: Request) -> HttpResponse:
    """Re-tier the whole book now. The form's `slot` makes a second click of the same button the same run."""
    try:
        run = start_run(requested_by=request.user, slot=read_slot(request.POST.get("slot", "")))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("tiering:runs")
    return redirect("tiering:run", run.pk)


@requires("tiering.view_runs")
@require_safe
def run(request: Request, pk: int) -> HttpResponse:
    """One run: how far it is, what it changed, and its chunks."""
    found = get_object_or_404(every_run(), pk=pk)
    chunks = found.chunks.exclude(status=RunChunk.Status.QUARANTINED).order_by("first_client")
    context = (
        progress_context(found)
        | outcome_context(found, request.user)
        | {
            "quarantined": found.chunks.filter(status=RunChunk.Status.QUARANTINED).order_by("first_client"),
            "chunks": chunks[:CHUNKS_SHOWN],
            "may_retry": request.user.has_perm("tiering.start_runs"),
        }
    )
    return render(request, "tiering/run.html", context)


def outcome_context(run: TieringRun, user: User) -> dict[str, Any]:
    """What a run changed; of one that changes nothing, what it found."""
    if run.kind != TieringRun.Kind.OFFICIAL:
        named, let_go = tiers_named_by(run.version), has_let_go(run)
        shows = run.finished_at and not let_go
        address = reverse("tiering:trial-impact", args=[run.pk]) if shows else ""
        return {
            "tiers": named,
            "levels": level_tables(run, user, named),
            "impact_address": address,
            "let_go": let_go,
        }
    tiers = list(run.version.criteria.scheme.tiers.all())
    moves = moves_by_rank(moves_of(run, user), tiers)
    return {"tiers": tiers, "matrix": matrix_of(moves, tiers, moves_address(run)) if moves else []}


@requires("tiering.view_runs")
@require_safe
def progress(request: Request, pk: int) -> HttpResponse:
    """How far a run is; once it is over, the page that polls is told to load its results."""
    found = get_object_or_404(every_run(), pk=pk)
    if found.finished_at and request.htmx:
        return HttpResponseClientRefresh()
    return render(request, "tiering/_run_progress.html", progress_context(found))


@requires("tiering.start_runs")
@require_POST
def retry(request: Request, pk: int) -> HttpResponse:
    """Give the quarantined chunks of a run another chance."""
    found = get_object_or_404(every_run(), pk=pk)
    try:
        opened = retry_quarantined(run=found, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        text = ngettext("%(count)d chunk is tried again.", "%(count)d chunks are tried again.", opened)
        messages.success(request, text % {"count": opened})
    return redirect("tiering:run", pk)


@requires("tiering.view_runs")
@require_safe
def clients_left_behind(request: Request) -> HttpResponse:
    """The reader's clients whose changed records could not be answered, with the last failure of each."""
    rows = left_behind(request.user)
    context = {
        "rows": rows[:CLIENTS_SHOWN],
        "count": rows.count(),
        "most": CLIENTS_SHOWN,
        "may_retry": request.user.has_perm("tiering.start_runs"),
    }
    return render(request, "tiering/left_behind.html", context)


@requires("tiering.start_runs")
@require_POST
def retry_clients(request: Request) -> HttpResponse:
    """Give the clients left behind another chance."""
    try:
        clients = retry_left_behind(by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        text = ngettext("%(count)d client is tried again.", "%(count)d clients are tried again.", clients)
        messages.success(request, text % {"count": clients})
    return redirect("tiering:runs")


@requires("tiering.view_runs")
@require_safe
def moves(request: Request, pk: int, before: str, after: str) -> HttpResponse:
    """The clients behind one cell of a run's matrix; `before` is "none" for first tiers."""
    found = get_object_or_404(every_run(), pk=pk)
    tiers = {tier.key: tier for tier in found.version.criteria.scheme.tiers.all()}
    if after not in tiers or before not in {*tiers, "none"}:
        raise Http404
    old: Tier | None = tiers.get(before)
    clients = clients_moved(found, request.user, old, tiers[after])
    context = {"run": found, "before": old, "after": tiers[after], "clients": clients, "most": MOST_LISTED}
    return render(request, "tiering/run_moves.html", context)


def progress_context(run: TieringRun) -> dict[str, Any]:
    return {"run": run, "progress": progress_so_far(run), "duration": duration(run)}


def read_slot(text: str) -> str | None:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return None
