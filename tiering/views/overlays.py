"""Overlays of a scheme: which are on, and how two people switch them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.access import requires
from crm.http import Request
from crm.repeats import do_once
from crm.views.saying import refused_in, saying
from tiering.forms import OverlayForm
from tiering.models import OverlayActivation, TierScheme
from tiering.pages.overlays import overlay_lines
from tiering.selectors.criteria import document_of, effective_version
from tiering.selectors.overlays import activations_of
from tiering.services.overlays import approve_overlay, end_overlay, request_overlay


@requires("tiering.view_tiers", post="tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def overlays(request: Request, pk: int) -> HttpResponse:
    """The overlays of a scheme; a POST asks for one of them."""
    scheme = get_object_or_404(TierScheme, pk=pk)
    if request.method != "POST":
        return page(request, scheme, None)
    form = OverlayForm(request.POST)
    if form.is_valid():
        terms = {"scheme": scheme, "requested_by": request.user, **form.cleaned_data}
        with refused_in(form):
            do_once(request, lambda: request_overlay(**terms).pk)
            messages.success(request, _("It is asked for. Somebody else has to approve it."))
            return redirect("tiering:overlays", pk)
    return page(request, scheme, form)


def page(request: Request, scheme: TierScheme, form: OverlayForm | None) -> HttpResponse:
    """`form` is one that was refused; it is shown again at its overlay."""
    now = timezone.now()
    version = effective_version(scheme, now)
    lines = overlay_lines(document_of(version), activations_of(scheme), now, request.user) if version else []
    refused = form.data.get("overlay") if form else None
    context = {
        "scheme": scheme,
        "version": version,
        "lines": [
            (line, form if form and line.key == refused else OverlayForm.blank(line.key)) for line in lines
        ],
        "form": form if form and refused not in {line.key for line in lines if line.text} else None,
        "may_ask": request.user.has_perm("tiering.write_criteria"),
        "may_validate": request.user.has_perm("tiering.validate_criteria"),
        "may_preview": request.user.has_perm("tiering.view_drafts"),
    }
    return render(request, "tiering/overlays.html", context, status=422 if form else 200)


@requires("tiering.publish_criteria")
@require_POST
def approve(request: Request, pk: int) -> HttpResponse:
    """Let an overlay be on that somebody else asked for."""
    found = get_object_or_404(OverlayActivation, pk=pk)
    with saying(request, _("The overlay is approved. Tiers follow within a minute of its beginning.")):
        approve_overlay(activation=found, approved_by=request.user)
    return redirect("tiering:overlays", found.scheme_id)


@requires("tiering.write_criteria")
@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    """End an overlay now, or take back what was asked for."""
    found = get_object_or_404(OverlayActivation, pk=pk)
    with saying(request, _("The overlay is ended. Tiers follow within a minute.")):
        end_overlay(activation=found, ended_by=request.user)
    return redirect("tiering:overlays", found.scheme_id)
