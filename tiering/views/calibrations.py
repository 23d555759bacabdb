"""Bands and weights from history: asked for, done by a worker, and the evidence for them in a draft."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.repeats import do_once
from tiering.forms_validation import QuestionForm
from tiering.models import Calibration
from tiering.pages.calibration import Evidence
from tiering.pages.calibration_words import HELP, horizon_text
from tiering.selectors.calibrations import every_calibration
from tiering.selectors.criteria import readable_versions
from tiering.selectors.validations import versions_to_validate
from tiering.services.calibrations import request_calibration
from tiering.validation.outcomes import OUTCOMES
from tiering.views.questions import blank, days_part, filled, shown

EARLIER = 8


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def new_calibration(request: Request) -> HttpResponse:
    """A question to the past, to learn bands and weights from; with another horizon it offers other days."""
    versions = versions_to_validate()
    if request.method != "POST":
        form = blank(QuestionForm, request.GET, versions, request.GET.get("version"))
        return days_part(request, form) if request.htmx else page(request, form)
    form = filled(QuestionForm, request.POST, versions)
    if not form.is_valid():
        return page(request, form)
    terms = {**form.cleaned_data, "requested_by": request.user}
    try:
        pk = do_once(request, lambda: request_calibration(**terms).pk)
    except DomainError as error:
        form.add_error(None, str(error))
        return page(request, form, error)
    return redirect("tiering:calibration", pk)


def page(request: Request, form: QuestionForm, error: DomainError | None = None) -> HttpResponse:
    context = {**shown(form, error), "earlier": every_calibration()[:EARLIER]}
    return render(request, "tiering/calibration/new.html", context, status=422 if form.errors else 200)


@requires("tiering.write_criteria")
@require_safe
def calibration(request: Request, pk: int) -> HttpResponse:
    """How far it is, the draft that came of it, or why none did."""
    found = get_object_or_404(every_calibration(), pk=pk)
    return render(request, "tiering/calibration/job.html", asked(found))


@requires("tiering.write_criteria")
@require_safe
def progress(request: Request, pk: int) -> HttpResponse:
    """How far it is; once it is over, the page that polls is told to load what came of it."""
    found = get_object_or_404(every_calibration(), pk=pk)
    if found.finished_at and request.htmx:
        return HttpResponseClientRefresh()
    return render(request, "tiering/calibration/_progress.html", asked(found))


def asked(found: Calibration) -> dict[str, Any]:
    return {
        "job": found,
        "outcome": OUTCOMES[found.outcome],
        "asked": horizon_text(found.outcome, found.months),
    }


@requires("tiering.view_drafts")
@require_safe
def evidence(request: Request, pk: int) -> HttpResponse:
    """What the numbers of a version were proposed by, and what people changed since."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    if not version.evidence:
        raise Http404
    context = {
        "version": version,
        "evidence": Evidence(version),
        "help": HELP,
        "may_validate": request.user.has_perm("tiering.validate_criteria"),
    }
    return render(request, "tiering/calibration/evidence.html", context)
