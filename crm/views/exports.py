"""Lists as files: asked for, agreed to, fetched; and who took what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import slots
from crm.access import requires
from crm.errors import DomainError
from crm.exporting.files import MEDIA_TYPES
from crm.forms.exports import ExportForm
from crm.http import Request, streamed
from crm.models import Export, User
from crm.paging import Order, page_asked
from crm.services import exports
from crm.views.saying import refused_in

PAGE = 50


@requires("crm.export")
@require_http_methods(["GET", "HEAD", "POST"])
def export_new(request: Request) -> HttpResponseBase:
    """What a file of the list would hold; a POST answers with the file, or asks for approval above the cap."""
    source, query = request.GET.get("source", "clients"), request.GET.get("query", "")
    entry = slots.export_sources.get(source, request.user)
    if entry is None:
        raise Http404
    found = exports.listed(by=request.user, source=source, query=query)
    cap = exports.cap_of(request.user)
    rows = found.count(exports.MOST)
    form = ExportForm(request.POST or None, above=rows > cap)
    if request.method == "POST" and form.is_valid():
        with refused_in(form):
            export = exports.ask(by=request.user, source=source, query=query, **form.cleaned_data)
            return _answer(request, export)
    back = f"{reverse(entry.url_name)}?{query}" if entry.url_name else reverse("crm:export-list")
    context = {"form": form, "entry": entry, "found": found, "rows": rows, "cap": cap, "back": back}
    return render(request, "crm/exports/new.html", context, status=422 if form.errors else 200)


@requires("crm.export")
@require_safe
def export_list(request: Request) -> HttpResponse:
    """One's own exports; those who decide see what waits for them, auditors all."""
    rows = Export.objects.visible_to(request.user).select_related("asked_by", "decided_by")
    page = page_asked(request.GET, rows, Order("asked_at", descending=True), PAGE)
    for export in page.rows:
        _tell(export, request.user)
    return render(request, "crm/exports/list.html", {"page": page, "sources": slots.export_sources.entries})


def _tell(export: Any, user: User) -> None:
    """What the reader can do with it."""
    export.to_decide = export.status == Export.Status.ASKED and exports.may_decide(user, export)
    export.to_fetch = export.status == Export.Status.READY and export.asked_by_id == user.pk
    entry = slots.export_sources.entries.get(export.source)
    export.label = entry.label if entry else export.source


@requires("crm.decide_exports")
@require_POST
def export_decide(request: Request, pk: int) -> HttpResponse:
    """Agree to an export above the cap, or refuse it."""
    export = get_object_or_404(Export.objects.visible_to(request.user), pk=pk)
    agree = request.POST.get("act") == "agree"
    try:
        exports.decide(by=request.user, export=export, agree=agree, comment=request.POST.get("comment", ""))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Agreed.") if agree else _("Refused."))
    return HttpResponseRedirect(reverse("crm:export-list"))


@requires("crm.export")
@require_POST
def export_fetch(request: Request, pk: int) -> HttpResponseBase:
    """The file, once."""
    export = get_object_or_404(Export.objects.visible_to(request.user), pk=pk)
    try:
        return file_of(export, exports.fetch(by=request.user, export=export))
    except DomainError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("crm:export-list"))


def _answer(request: Request, export: Export) -> HttpResponseBase:
    if export.status == Export.Status.READY:
        return file_of(export, exports.fetch(by=request.user, export=export))
    messages.success(
        request, _("Asked: somebody who may decide has to agree before the file can be fetched.")
    )
    return HttpResponseRedirect(reverse("crm:export-list"))


def file_of(export: Export, content: Iterator[bytes]) -> HttpResponseBase:
    return streamed(f"{export.source}-{export.pk}.{export.form}", content, MEDIA_TYPES[export.form])
