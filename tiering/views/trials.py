"""Starting a run of any kind, and what one that changes nothing found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.paging import Order, count_of, page_asked
from crm.repeats import do_once
from tiering.errors import CriteriaRefused
from tiering.forms import NewRunForm
from tiering.models import CriteriaVersion, TieringRun
from tiering.pages.impact import stored_context
from tiering.pages.impact_clients import read_chosen, title_of
from tiering.pages.trials import LEVELS, WAY_NAMES, export, levels_of, mover_lines, results_address
from tiering.pages.versions import refusal_lines
from tiering.preview.stored import Found
from tiering.selectors.criteria import document_of, effective_version, primary_scheme
from tiering.selectors.runs import every_run
from tiering.selectors.trials import RankMove, movers
from tiering.selectors.versions import VersionTier, tiers_named_by
from tiering.services.runs import start_run

RESULTS_SHOWN = 50
BY_CLIENT = Order("client_id")


@requires("tiering.start_runs")
@require_http_methods(["GET", "HEAD", "POST"])
def new_run(request: Request) -> HttpResponse:
    """A form for a run of any kind, by any version, as of any moment; a POST starts it."""
    versions = versions_to_run()
    if request.method != "POST":
        chosen = request.GET.get("version") or default_version()
        return page(request, NewRunForm(versions=versions, initial={"version": chosen}))
    form = NewRunForm(request.POST, versions=versions)
    if not form.is_valid():
        return page(request, form)
    terms = {**form.cleaned_data, "requested_by": request.user}
    try:
        pk = do_once(request, lambda: start_run(**terms).pk)
    except DomainError as error:
        form.add_error(None, str(error))
        return page(request, form, error)
    return redirect("tiering:run", pk)


def page(request: Request, form: NewRunForm, error: DomainError | None = None) -> HttpResponse:
    refusals = refusal_lines(error.refusals) if isinstance(error, CriteriaRefused) else []
    context = {"form": form, "refusals": refusals}
    return render(request, "tiering/run_new.html", context, status=422 if form.errors else 200)


def versions_to_run() -> list[CriteriaVersion]:
    """Every version, the primary scheme's first, the newest of each scheme first."""
    versions = CriteriaVersion.objects.select_related("criteria__scheme").defer("document")
    return list(versions.order_by("-criteria__scheme__is_primary", "criteria__scheme__key", "-number"))


def default_version() -> int | None:
    scheme = primary_scheme()
    version = effective_version(scheme, timezone.now()) if scheme else None
    return version.pk if version else None


@requires("tiering.view_runs")
@require_safe
def impact(request: Request, pk: int) -> HttpResponse:
    """What a finished trial does to the book: a fragment of the run's page, by itself or with other choices."""
    run = trial(pk)
    levels = levels_of(run)
    level = request.GET.get("level", levels[0])
    if level not in levels:
        raise Http404
    context = stored_context(run, request.user, request.GET, level, levels)
    return render(request, "tiering/preview/_stored.html", context)


@requires("tiering.view_runs")
@require_safe
def results(request: Request, pk: int) -> HttpResponseBase:
    """The subjects behind a figure of a trial: those that go up, go down or stay, or those of a cell of its matrix, of
    one group or of all; with `format=csv` all of them as a file."""
    run = trial(pk)
    tiers = tiers_named_by(run.version)
    level, way = request.GET.get("level", "clients"), request.GET.get("way", "up")
    if level not in LEVELS or way not in WAY_NAMES:
        raise Http404
    cell = cell_of(request, tiers)
    chosen = read_chosen(request.GET, document_of(run.version))
    rows = movers(run, request.user, LEVELS[level], way, cell, chosen.group, chosen.only)
    found = Found.of(run, request.user, within=level == "projects")
    if request.GET.get("format") == "csv":
        return export(found, rows, tiers)
    page = page_asked(request.GET, rows, BY_CLIENT, RESULTS_SHOWN)
    of_group = {name: request.GET[name] for name in ("by", "group") if chosen.group}
    asked = {name: request.GET[name] for name in ("old", "new") if cell} or {"way": way}
    if chosen.only:
        asked = {"only": chosen.only}
    context: dict[str, Any] = {
        "run": run,
        "page": page,
        "count": count_of(rows),
        "lines": mover_lines(page.rows, tiers, found),
        "way": None if cell or chosen.only else way,
        "ways": [
            (key, name, results_address(run, level, way=key, **of_group)) for key, name in WAY_NAMES.items()
        ],
        "title": title_of(replace(chosen, way=None, cell=cell), found.document),
        "level": level,
        "address": results_address(run, level, **asked, **of_group),
    }
    return render(request, "tiering/trial_results.html", context)


def trial(pk: int) -> TieringRun:
    """A run that only tried something out."""
    return get_object_or_404(every_run().filter(~Q(kind=TieringRun.Kind.OFFICIAL)), pk=pk)


def cell_of(request: Request, tiers: list[VersionTier]) -> RankMove | None:
    """The ranks of the two tiers that the address names by key; None where it names none."""
    if "old" not in request.GET and "new" not in request.GET:
        return None
    ranks = {tier.key: tier.rank for tier in tiers}
    old, new = request.GET.get("old", ""), request.GET.get("new", "")
    if new not in ranks or old not in {*ranks, "none"}:
        raise Http404
    return ranks.get(old), ranks[new]
