"""The timeline of a client, filtered and a page at a time."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm import slots
from crm.access import requires
from crm.forms.interactions import NoteForm
from crm.http import Request
from crm.selectors.notes import pinned_notes
from crm.timeline import page_of_timeline
from crm.views.client_page import find_client

PEOPLE, SYSTEM = "people", "system"


@requires("crm.view_client")
@require_safe
def timeline(request: Request, pk: int) -> HttpResponse:
    """What happened, the latest first; `by` is people or system, `kind` a source of it."""
    client, user = find_client(request, pk), request.user
    by = request.GET.get("by", "")
    by = by if by in (PEOPLE, SYSTEM) else ""
    sources = slots.timeline.for_user(user)
    kinds = {one.key for one in sources} & set(request.GET.getlist("kind"))
    after = request.GET.get("after", "")
    page = page_of_timeline(client, user, by=by, kinds=kinds, after=after)
    chosen = urlencode([("by", by), *(("kind", kind) for kind in sorted(kinds))] if by or kinds else [])
    context = {
        "client": client,
        "page": page,
        "by": by,
        "kinds": kinds,
        "sources": sources,
        "chosen": chosen,
        "pinned": [] if after or by or kinds else pinned_notes(client, user),
        "note_form": NoteForm() if user.has_perm("crm.write_notes", client) else None,
    }
    template = "crm/timeline/_rows.html" if after and request.htmx else "crm/timeline/_tab.html"
    return render(request, template, context)
