"""The papers of a client: the tab of its page, and the forms that hand them in, replace and withdraw them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.forms.documents import DocumentEditForm, DocumentForm, DocumentVersionForm
from crm.http import Request
from crm.models import Document
from crm.repeats import do_once
from crm.selectors.documents import ending_documents, other_files_of, papers_of
from crm.services import documents as services
from crm.views.client_page import find_client
from crm.views.people import find_own_client
from crm.views.who import done_or_told, form_page

METHODS = ["GET", "HEAD", "POST"]
TAB = "documents"
SHOWN = 6


@requires("crm.view_client")
@require_safe
def documents(request: Request, pk: int) -> HttpResponse:
    """Documents with their versions, and files that were handed in as evidence of something else."""
    found = find_client(request, pk)
    papers = papers_of(found, request.user, timezone.localdate())
    context = {
        "client": found,
        "papers": [paper for paper in papers if paper.document.withdrawn_on is None],
        "withdrawn": [paper for paper in papers if paper.document.withdrawn_on is not None],
        "files": other_files_of(found, request.user),
        "can_change": request.user.has_perm("crm.change_client", found),
    }
    return render(request, "crm/client/_documents_tab.html", context)


@requires("crm.add_client")
@require_safe
def today_documents(request: Request) -> HttpResponse:
    """A card of Today: documents of one's clients that are over or end soon."""
    today = timezone.localdate()
    ending = ending_documents(request.user, today)
    context = {"documents": ending[:SHOWN], "count": ending.count(), "today": today}
    return render(request, "crm/today/_documents.html", context)


@requires("crm.change_client")
@require_http_methods(METHODS)
def document_new(request: Request, pk: int) -> HttpResponse:
    found = find_own_client(request, pk)
    sent = request.method == "POST"
    form = DocumentForm(request.POST if sent else None, request.FILES if sent else None)
    return form_page(
        request,
        form=form,
        act=lambda: do_once(
            request, lambda: services.add_document(by=request.user, client=found, **form.cleaned_data).pk
        ),
        title=_("Add a document"),
        done=_("The document is kept."),
        back=("crm:client-tab", pk, TAB),
        client=found,
    )


@requires("crm.change_client")
@require_http_methods(METHODS)
def document_version_new(request: Request, pk: int) -> HttpResponse:
    """A newer file in place of the one that counts."""
    found = find_own_document(request, pk)
    sent = request.method == "POST"
    form = DocumentVersionForm(
        request.POST if sent else None, request.FILES if sent else None, document=found
    )
    return form_page(
        request,
        form=form,
        act=lambda: services.replace_document(by=request.user, document=found, **form.cleaned_data),
        title=_("A newer version of “%(title)s”") % {"title": found.title},
        done=_("The newer version counts; the older ones stay."),
        back=("crm:client-tab", found.client_id, TAB),
        client=found.client,
    )


@requires("crm.change_client")
@require_http_methods(METHODS)
def document_edit(request: Request, pk: int) -> HttpResponse:
    found = find_own_document(request, pk)
    form = DocumentEditForm(request.POST if request.method == "POST" else None, document=found)
    return form_page(
        request,
        form=form,
        act=lambda: services.change_document(by=request.user, document=found, **form.cleaned_data),
        title=_("Change %(name)s") % {"name": found.title},
        done=_("Saved."),
        back=("crm:client-tab", found.client_id, TAB),
        client=found.client,
    )


@requires("crm.change_client")
@require_POST
def document_withdraw(request: Request, pk: int) -> HttpResponse:
    found = find_own_document(request, pk)
    return done_or_told(
        request,
        lambda: services.withdraw_document(by=request.user, document=found),
        _("“%(title)s” counts no more.") % {"title": found.title},
        ("crm:client-tab", found.client_id, TAB),
    )


def find_own_document(request: Request, pk: int) -> Document:
    """The document, where the user may change its client; 404 where they may not even see it."""
    rows = Document.objects.visible_to(request.user).select_related("client")
    found = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("crm.change_client", found.client):
        raise PermissionDenied
    return found
