"""Validations: what was asked of the past, and what it answered. Of the whole book, so only for those who may ask."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from crm.access import requires
from crm.errors import DomainError
from crm.formats import day, listed
from crm.http import Request, download
from crm.paging import Order, page_asked
from crm.repeats import do_once
from tiering.forms_validation import ValidationForm
from tiering.models import TierScheme, Validation
from tiering.pages.validation import Report
from tiering.pages.validation_list import lines_of, outcome_text, tabs_of
from tiering.pages.validation_sections import paper_of
from tiering.pages.validation_words import HELP
from tiering.selectors.criteria import effective_version, primary_scheme
from tiering.selectors.validations import every_validation, versions_to_validate
from tiering.services.validations import request_validation
from tiering.validation.outcomes import OUTCOMES
from tiering.views.questions import blank, days_part, filled, shown

SHOWN = 50
NEWEST_FIRST = Order("pk", descending=True)
PDF = "application/pdf"


@requires("tiering.validate_criteria")
@require_safe
def validations(request: Request) -> HttpResponse:
    """What was asked, the newest first, of all schemes or of one."""
    rows, key = every_validation(), request.GET.get("scheme", "")
    if key:
        scheme = get_object_or_404(TierScheme, key=key)
        rows = rows.filter(version__criteria__scheme=scheme)
    page = page_asked(request.GET, rows, NEWEST_FIRST, SHOWN)
    context = {"page": page, "lines": lines_of(page.rows), "tabs": tabs_of(key), "scheme_key": key}
    return render(request, "tiering/validation/list.html", context)


@requires("tiering.validate_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def new_validation(request: Request) -> HttpResponse:
    """A question to the past; with another horizon it offers other days."""
    versions = versions_to_validate()
    if request.method != "POST":
        form = blank(ValidationForm, request.GET, versions, request.GET.get("version") or _in_effect())
        return days_part(request, form) if request.htmx else page(request, form)
    form = filled(ValidationForm, request.POST, versions)
    if not form.is_valid():
        return page(request, form)
    terms = {**form.cleaned_data, "requested_by": request.user}
    try:
        pk = do_once(request, lambda: request_validation(**terms).pk)
    except DomainError as error:
        form.add_error(None, str(error))
        return page(request, form, error)
    return redirect("tiering:validation", pk)


def page(request: Request, form: ValidationForm, error: DomainError | None = None) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "tiering/validation/new.html", shown(form, error), status=status)


def _in_effect() -> int | None:
    scheme = primary_scheme()
    version = effective_version(scheme, timezone.now()) if scheme else None
    return version.pk if version else None


@requires("tiering.validate_criteria")
@require_safe
def validation(request: Request, pk: int) -> HttpResponse:
    """One validation: how far it is, or its report."""
    found = get_object_or_404(every_validation(), pk=pk)
    context: dict[str, Any] = {
        "validation": found,
        "help": HELP,
        "asked": outcome_text(found),
        "outcome": OUTCOMES[found.outcome],
        "days": listed(day(one) for one in found.days),
    }
    if found.status == Validation.Status.DONE:
        context["report"] = Report(found)
    return render(request, "tiering/validation/report.html", context)


@requires("tiering.validate_criteria")
@require_safe
def progress(request: Request, pk: int) -> HttpResponse:
    """How far it is; once it is over, the page that polls is told to load its report."""
    found = get_object_or_404(every_validation(), pk=pk)
    if found.finished_at and request.htmx:
        return HttpResponseClientRefresh()
    return render(request, "tiering/validation/_progress.html", {"validation": found})


@requires("tiering.validate_criteria")
@require_safe
def validation_paper(request: Request, pk: int) -> HttpResponse:
    """The report to be printed and filed."""
    found = get_object_or_404(every_validation(), pk=pk)
    if found.status != Validation.Status.DONE:
        raise Http404
    name, content = paper_of(found)
    return download(name, content, PDF, inline=True)
