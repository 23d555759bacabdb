"""Probabilities of default by score: a curve asked for, approved by a second person, and ended."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from crm.access import requires
from crm.http import Request
from crm.repeats import do_once
from crm.views.saying import refused_in, saying
from tiering.forms_calibration import CurveForm
from tiering.models import CriteriaVersion, ScoreCurve
from tiering.pages.calibration_words import HELP
from tiering.pages.probability import curve_lines
from tiering.selectors.criteria import readable_versions
from tiering.services.probabilities import approve_curve, end_curve, request_curve
from tiering.views.questions import blank, days_part, filled, shown


@requires("tiering.view_drafts", post="tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def probability(request: Request, pk: int) -> HttpResponse:
    """The curves of a published version; a POST asks for one."""
    version = published(request, pk)
    if request.method != "POST":
        form = blank(CurveForm, request.GET, [version], version.pk)
        return days_part(request, form) if request.htmx else page(request, version, form)
    form = filled(CurveForm, request.POST, [version])
    if form.is_valid():
        terms = {**form.cleaned_data, "requested_by": request.user}
        with refused_in(form):
            do_once(request, lambda: request_curve(**terms).pk)
            return redirect("tiering:probability", pk)
    return page(request, version, form)


def published(request: Request, pk: int) -> CriteriaVersion:
    """A version that is in effect, or was."""
    versions = readable_versions(request.user).exclude(status__in=CriteriaVersion.IN_PREPARATION)
    return get_object_or_404(versions, pk=pk)


def page(request: Request, version: CriteriaVersion, form: CurveForm) -> HttpResponse:
    may_ask = (
        request.user.has_perm("tiering.write_criteria") and version.status == CriteriaVersion.Status.PUBLISHED
    )
    context = {
        **shown(form),
        "version": version,
        "lines": curve_lines(version, request.user),
        "may_ask": may_ask,
        "may_end": request.user.has_perm("tiering.write_criteria"),
        "help": HELP,
    }
    return render(request, "tiering/probability/page.html", context, status=422 if form.errors else 200)


@requires("tiering.view_drafts")
@require_safe
def progress(request: Request, pk: int) -> HttpResponse:
    """How far a curve is; once it is over, the page that polls is told to load what came of it."""
    found = get_object_or_404(ScoreCurve, pk=pk)
    if found.finished_at and request.htmx:
        return HttpResponseClientRefresh()
    return render(request, "tiering/probability/_progress.html", {"job": found})


@requires("tiering.publish_criteria")
@require_POST
def approve(request: Request, pk: int) -> HttpResponse:
    """Let a curve be used that somebody else asked for."""
    found = get_object_or_404(ScoreCurve, pk=pk)
    with saying(
        request,
        _("Approved. The probability of every client is written in a moment, and renewed after each run."),
    ):
        approve_curve(curve=found, approved_by=request.user)
    return redirect("tiering:probability", found.version_id)


@requires("tiering.write_criteria")
@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    """Use a curve no more."""
    found = get_object_or_404(ScoreCurve, pk=pk)
    with saying(request, _("It is used no more. What was written counts for a year at most.")):
        end_curve(curve=found, ended_by=request.user)
    return redirect("tiering:probability", found.version_id)
