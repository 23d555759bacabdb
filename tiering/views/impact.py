"""What a version would do to the book as it is now: a panel that renews itself, and the clients behind each figure."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.repeats import do_once
from tiering.models import CriteriaVersion, TieringRun
from tiering.pages.impact import Asked, impact_context, preview_asked
from tiering.pages.impact_clients import export, read_chosen, subjects_context
from tiering.pages.versions import refusal_lines
from tiering.preview.evaluable import obstacles, refusals_of
from tiering.selectors.criteria import document_of, readable_versions
from tiering.services.runs import start_run


@requires("tiering.view_drafts")
@require_safe
def draft_impact(request: Request, pk: int) -> HttpResponse:
    """The impact of a version; to htmx only what changes with it.

    While the version gives no tiers, what was shown last stays and the reason is shown above it.
    """
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    context = impact_context(version, request.user, request.GET)
    if "refused" in context:
        context["refused"] = refusal_lines(context["refused"])
    response = render(request, _template(request, context), context)
    response["Impact-Revision"] = str(version.revision)
    if request.htmx and "refused" in context:
        response["HX-Retarget"], response["HX-Reswap"] = f"#{context['panel']}-notice", "innerHTML"
    return response


def _template(request: Request, context: dict[str, Any]) -> str:
    if not request.htmx:
        return "tiering/preview/impact.html"
    return f"tiering/preview/{'_refused' if 'refused' in context else '_body'}.html"


@requires("tiering.view_drafts")
@require_safe
def draft_impact_clients(request: Request, pk: int) -> HttpResponseBase:
    """The clients behind a figure, the largest exposure first; with `format=csv` all of them as a file."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    preview = _preview(version, request)
    chosen = read_chosen(request.GET, document_of(version))
    if request.GET.get("format") == "csv":
        return export(version, preview, chosen)
    context = subjects_context(version, preview, chosen, request.GET)
    return render(request, "tiering/preview/clients.html", context)


@requires("tiering.start_runs")
@require_POST
def keep(request: Request, pk: int) -> HttpResponse:
    """Keep the impact as it is now: a simulation of the version on the facts in force."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    kind, basis = TieringRun.Kind.SIMULATION, TieringRun.Basis.FACTS
    try:
        run = do_once(
            request, lambda: start_run(requested_by=request.user, kind=kind, basis=basis, version=version).pk
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("tiering:draft-impact", pk)
    return redirect("tiering:run", run)


def _preview(version: CriteriaVersion, request: Request) -> Any:
    """The preview, loaded first where need be; not found for a version that gives no tiers."""
    if obstacles(refusals_of(document_of(version))):
        raise Http404
    return preview_asked(version, request.user, Asked.read(request.GET), wait=True)
