"""The criteria studio: the page on which a draft is edited in place."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from crm.access import requires
from crm.http import Request
from tiering.models import CriteriaVersion
from tiering.pages.studio import SECTIONS, Draft
from tiering.selectors.catalogue import open_catalogue
from tiering.selectors.criteria import document_of, readable_versions


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD"])
def studio(request: Request, pk: int) -> HttpResponse:
    """The editor of a draft, or with `section` the part of it that is to be shown anew."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    if version.status not in CriteriaVersion.IN_PREPARATION:
        return redirect("tiering:criteria-version", pk)
    draft = Draft(version, document_of(version), open_catalogue(), version.document)
    asked = request.GET.get("section")
    if asked is not None:
        return HttpResponse(_section(request, draft, asked))
    sections = {name: _section(request, draft, name) for name in SECTIONS}
    return render(request, "tiering/studio/page.html", {"draft": draft, "sections": sections})


def _section(request: Request, draft: Draft, name: str) -> SafeString:
    if name not in SECTIONS:
        raise Http404
    context = {"draft": draft, "version": draft.version, **SECTIONS[name](draft)}
    return render_to_string(f"tiering/studio/_{name}.html", context, request)
