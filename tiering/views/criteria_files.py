"""Criteria as files: the tables of a version for a committee, and a document that a draft takes over."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request, download
from tiering.criteria_files import json_of_bytes
from tiering.errors import CriteriaRefused
from tiering.forms import ImportForm
from tiering.models import CriteriaVersion
from tiering.pages.tables import tables_of
from tiering.pages.versions import refusal_lines
from tiering.selectors.criteria import readable_versions
from tiering.services.drafts import replace_document
from tiering.workbooks import MEDIA_TYPE


@requires("tiering.view_tiers")
@require_safe
def tables(request: Request, pk: int) -> HttpResponse:
    """The tables of a version as an Excel file."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    name, content = tables_of(version, request.user)
    return download(name, content, MEDIA_TYPE)


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def import_document(request: Request, pk: int) -> HttpResponse:
    """A form for a file; a POST lets the draft say what it says, as one edit that can be undone."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    if request.method != "POST":
        return _page(request, version, ImportForm(initial={"revision": version.revision}))
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, version, form)
    upload, known = form.cleaned_data["file"], form.cleaned_data["revision"]
    try:
        document = json_of_bytes(upload.read(), upload.name)
        replace_document(version=version, document=document, by=request.user, revision=known)
    except CriteriaRefused as error:
        return _page(request, version, form, error)
    except DomainError as error:
        form.add_error(None, str(error))
        return _page(request, version, form)
    messages.success(request, _("The draft says what the file says. You can undo it as one step."))
    return redirect("tiering:studio", version.pk)


def _page(
    request: Request, version: CriteriaVersion, form: ImportForm, error: CriteriaRefused | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "version": version,
        "refusals": refusal_lines(error.refusals) if error else [],
    }
    return render(
        request, "tiering/criteria_import.html", context, status=422 if error or form.errors else 200
    )
