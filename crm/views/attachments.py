"""Downloads and previews of evidence."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.downloads import download_of, preview_of
from crm.http import Request
from crm.models import Attachment
from crm.sniffing import FileRefused


@requires("crm.view_client")
@require_safe
def attachment(request: Request, pk: int) -> HttpResponse:
    """The file, or 404 where one may not see the client it is about."""
    found = find_attachment(request, pk)
    return handed_out(request, found, lambda: download_of(found, request.user))


@requires("crm.view_client")
@require_safe
def preview(request: Request, pk: int) -> HttpResponse:
    """The file shown by the browser, where that is safe."""
    found = find_attachment(request, pk)
    if not found.is_previewed:
        raise Http404
    return handed_out(request, found, lambda: preview_of(found))


def find_attachment(request: Request, pk: int) -> Attachment:
    rows = Attachment.objects.visible_to(request.user).select_related("content")
    return get_object_or_404(rows, pk=pk)


def handed_out(request: Request, found: Attachment, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """What `answer` gives; where the file is held back, the page that it belongs to says why."""
    try:
        return answer()
    except FileRefused as error:
        messages.error(request, str(error))
        return redirect("crm:client", found.client_id) if found.client_id else redirect("crm:today")
