"""Clients grouped by likeness: asked for, done by a worker, looked at, and perhaps made a scheme of."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.paging import Order, page_asked
from crm.repeats import do_once
from crm.views.saying import refused_in
from tiering.forms_blank import NewSchemeForm
from tiering.forms_calibration import SegmentationForm
from tiering.models import Segmentation
from tiering.pages.segmentation import Segments, offered_metrics, segmentation_lines
from tiering.selectors.calibrations import every_segmentation
from tiering.services.calibrations import (
    LEAST_METRICS,
    MOST_METRICS,
    draft_segments,
    request_segmentation,
)

SHOWN = 50
NEWEST_FIRST = Order("pk", descending=True)


@requires("tiering.write_criteria")
@require_safe
def segmentations(request: Request) -> HttpResponse:
    """What was asked, the newest first."""
    page = page_asked(request.GET, every_segmentation(), NEWEST_FIRST, SHOWN)
    context = {"page": page, "lines": segmentation_lines(page.rows)}
    return render(request, "tiering/segmentation/list.html", context)


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def new_segmentation(request: Request) -> HttpResponse:
    """In which metrics clients are to be alike."""
    offered = offered_metrics()
    choices = [(metric["key"], metric["label"]) for metric in offered]
    form = SegmentationForm(request.POST if request.method == "POST" else None, metrics=choices)
    if request.method == "POST" and form.is_valid():
        terms = {**form.cleaned_data, "requested_by": request.user}
        with refused_in(form):
            pk = do_once(request, lambda: request_segmentation(**terms).pk)
            return redirect("tiering:segmentation", pk)
    asked = form.data.getlist("metrics") if form.is_bound else []  # type: ignore[attr-defined]
    context = {
        "form": form,
        "offered": offered,
        "chosen": [metric for metric in offered if metric["key"] in asked],
        "least": LEAST_METRICS,
        "most": MOST_METRICS,
    }
    return render(request, "tiering/segmentation/new.html", context, status=422 if form.errors else 200)


@requires("tiering.write_criteria")
@require_safe
def segmentation(request: Request, pk: int) -> HttpResponse:
    """How far it is, or the segments."""
    return page(request, get_object_or_404(every_segmentation(), pk=pk), NewSchemeForm())


def page(request: Request, found: Segmentation, form: NewSchemeForm) -> HttpResponse:
    context = {
        "job": found,
        "line": segmentation_lines([found])[0],
        "form": form,
        "found": Segments(found.findings) if found.status == Segmentation.Status.DONE else None,
    }
    return render(request, "tiering/segmentation/page.html", context, status=422 if form.errors else 200)


@requires("tiering.write_criteria")
@require_safe
def progress(request: Request, pk: int) -> HttpResponse:
    """How far it is; once it is over, the page that polls is told to load what came of it."""
    found = get_object_or_404(every_segmentation(), pk=pk)
    if found.finished_at and request.htmx:
        return HttpResponseClientRefresh()
    return render(request, "tiering/segmentation/_progress.html", {"job": found})


@requires("tiering.write_criteria")
@require_POST
def draft(request: Request, pk: int) -> HttpResponse:
    """A draft of a new scheme whose tiers are the segments."""
    found = get_object_or_404(every_segmentation(), pk=pk)
    form = NewSchemeForm(request.POST)
    if form.is_valid():
        key = form.cleaned_data["key"]
        try:
            version = draft_segments(segmentation=found, key=key, label=form.name, author=request.user)
        except DomainError as error:
            form.add_error("key" if error.code == "scheme_taken" else None, str(error))
        else:
            return redirect("tiering:studio", version.pk)
    return page(request, found, form)
