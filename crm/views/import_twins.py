"""Rows of an import that look like a record that is known: what becomes of each, or of all."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.ids import ids_of
from crm.models import ImportJob, ImportTwin
from crm.paging import count_of
from crm.selectors.import_twins import told, twins_page, undecided
from crm.services import imports
from crm.views.imports import act, is_own, own, visible

Choice = ImportTwin.Choice


@requires("crm.view_imports", post="crm.import_records")
@require_http_methods(["GET", "HEAD", "POST"])
def import_twins(request: Request, pk: int) -> HttpResponse:
    """The rows, a page at a time; a POST says what becomes of those of its `line`s, or of all that are left."""
    if request.method == "POST":
        return _choose(request, own(request, pk))
    job = visible(request, pk)
    page, rows = twins_page(
        job, request.user, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    context = {
        "job": job,
        "page": page,
        "count": count_of(job.twins.all()),
        "rows": rows,
        "undecided": undecided(job),
        "choices": Choice.choices,
        "may_choose": is_own(request, job) and job.status in imports.DECIDABLE,
    }
    return render(request, "crm/imports/twins.html", context)


def _choose(request: Request, job: ImportJob) -> HttpResponse:
    lines = ids_of(request.POST.getlist("line")) if "line" in request.POST else None
    try:
        rows = imports.choose_twins(
            by=request.user, job=job, choice=request.POST.get("choice", ""), lines=lines
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        if request.htmx and lines:
            return _rows(request, job, lines)
        messages.success(
            request, ngettext("Chosen for %(n)d row.", "Chosen for %(n)d rows.", rows) % {"n": rows}
        )
    return HttpResponseRedirect(reverse("crm:import-twins", args=[job.pk]))


def _rows(request: Request, job: ImportJob, lines: list[int]) -> HttpResponse:
    """The rows anew, and beside them how many are left."""
    twins = list(job.twins.select_related("person").filter(line__in=lines))
    context = {
        "job": job,
        "rows": told(twins, job, request.user),
        "undecided": undecided(job),
        "may_choose": True,
        "oob": True,
    }
    return render(request, "crm/imports/_twin_rows.html", context)


@requires("crm.import_records")
@require_POST
def import_recheck(request: Request, pk: int) -> HttpResponse:
    """Check the rows again with what was chosen."""
    job = own(request, pk)
    return act(request, job, lambda: imports.check_again(by=request.user, job=job))
