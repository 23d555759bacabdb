"""Imports by page: upload, say what the columns mean, look at the check, apply."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from crm import progress
from crm.access import requires
from crm.errors import DomainError
from crm.forms.imports import MappingForm, UploadForm
from crm.http import Request, streamed
from crm.imports import error_file
from crm.imports.messages import FAILURES, explain
from crm.imports.outcomes import changes_of, kept_of
from crm.models import ImportJob, User
from crm.paging import Order, count_of, page_of
from crm.selectors.import_twins import undecided
from crm.selectors.imports import issues_page, outcomes_of, records_of, samples_of
from crm.services import imports
from crm.views.saying import refused_in

PAGE = 25
MAPPABLE = (ImportJob.Status.STAGED,)


@requires("crm.view_imports", post="crm.import_records")
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: Request) -> HttpResponse:
    """Past imports, and the form to upload a file."""
    form = UploadForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind")})
    if request.method == "POST" and form.is_valid():
        try:
            job = _stage(request.user, form)
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return HttpResponseRedirect(reverse("crm:import", args=[job.pk]))
    jobs = ImportJob.objects.visible_to(request.user).select_related("uploaded_by")
    page = page_of(
        jobs,
        Order("created_at", descending=True),
        PAGE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "form": form,
        "page": page,
        "count": count_of(jobs),
        "may_import": request.user.has_perm("crm.import_records"),
    }
    return render(request, "crm/imports/list.html", context, status=422 if form.errors else 200)


def _stage(user: User, form: UploadForm) -> ImportJob:
    upload = form.cleaned_data["file"]
    return imports.stage_file(
        by=user,
        kind=form.cleaned_data["kind"],
        name=upload.name,
        data=upload.read(),
        encoding=form.cleaned_data["encoding"],
    )


@requires("crm.view_imports", post="crm.import_records")
@require_http_methods(["GET", "HEAD", "POST"])
def import_job(request: Request, pk: int) -> HttpResponse:
    """One import as it stands; a POST says what its columns mean and starts the check."""
    job = own(request, pk) if request.method == "POST" else visible(request, pk)
    form = MappingForm(request.POST or None, job=job, user=request.user)
    if request.method == "POST" and form.is_valid():
        with refused_in(form):
            imports.start_check(by=request.user, job=job, setup=form.setup())
            return HttpResponseRedirect(reverse("crm:import", args=[job.pk]))
    return render(
        request, "crm/imports/job.html", _context(request, job, form), status=422 if form.errors else 200
    )


def _context(request: Request, job: ImportJob, form: MappingForm) -> dict:
    context: dict = {"job": job, "is_own": is_own(request, job)}
    if job.status in MAPPABLE or form.errors:
        return context | {
            "form": form,
            "columns": zip(form.columns, samples_of(job), strict=True),
            "mapping": True,
        }
    if job.is_running:
        return context
    page = issues_page(job, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    return context | {
        "outcomes": outcomes_of(job),
        "records": records_of(job),
        "can_undo": context["is_own"] and job.status == ImportJob.Status.APPLIED and bool(job.changes),
        "changed": changes_of(job),
        "twins": job.twins.count(),
        "undecided": undecided(job),
        "kept": kept_of(job),
        "failure": FAILURES.get(job.failure, ""),
        "page": page,
        "count": count_of(job.issues.all()),
        "issues": [explain(issue, job) for issue in page.rows],
    }


@requires("crm.view_imports")
@require_safe
def import_progress(request: Request, pk: int) -> HttpResponse:
    """Polled while the job runs; when it is done the page loads anew."""
    job = visible(request, pk)
    if not job.is_running:
        return HttpResponseClientRefresh()
    context = {"job": job, "progress": progress.told(f"import-{job.pk}")}
    return render(request, "crm/imports/_progress.html", context)


@requires("crm.import_records")
@require_POST
def import_apply(request: Request, pk: int) -> HttpResponse:
    """Keep the good rows, or all or nothing."""
    job = own(request, pk)
    return act(
        request, job, lambda: imports.start_apply(by=request.user, job=job, keep_good_rows=_keeps(request))
    )


@requires("crm.import_records")
@require_POST
def import_reopen(request: Request, pk: int) -> HttpResponse:
    """Back to what the columns mean."""
    job = own(request, pk)
    return act(request, job, lambda: imports.reopen(by=request.user, job=job))


@requires("crm.import_records")
@require_POST
def import_undo(request: Request, pk: int) -> HttpResponse:
    """Take back what an import wrote."""
    job = own(request, pk)
    return act(request, job, lambda: imports.start_undo(by=request.user, job=job))


@requires("crm.view_imports")
@require_safe
def import_errors(request: Request, pk: int) -> StreamingHttpResponse:
    """The refused rows with reasons and fixes, as a file to mend and upload again."""
    job = visible(request, pk)
    return streamed(f"import-{job.pk}-refused.csv", error_file.write(job), "text/csv; charset=utf-8")


def visible(request: Request, pk: int) -> ImportJob:
    """An import that the reader may see; else it is not there."""
    return get_object_or_404(ImportJob.objects.visible_to(request.user), pk=pk)


def own(request: Request, pk: int) -> ImportJob:
    """Only who uploaded a file acts on it; for others it is not there."""
    return get_object_or_404(ImportJob.objects.visible_to(request.user), pk=pk, uploaded_by=request.user)


def is_own(request: Request, job: ImportJob) -> bool:
    """Whether the reader may act on the import."""
    return job.uploaded_by_id == request.user.pk and request.user.has_perm("crm.import_records")


def _keeps(request: Request) -> bool:
    return request.POST.get("keep") == "good"


def act(request: Request, job: ImportJob, step: Callable[[], object]) -> HttpResponse:
    """Take a step of an import, and show the import with what came of it."""
    try:
        step()
    except DomainError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("crm:import", args=[job.pk]))
