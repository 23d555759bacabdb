"""Segments: kept from the client list, looked at, shared, and filled by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.ids import id_of, ids_of
from crm.models import Segment
from crm.selectors.segments import segment_lines
from crm.services import segments as services
from crm.views.list_views import reaches_for, shown
from crm.views.preferences import return_to
from crm.views.saying import saying

READING = "crm.view_client"
Kind = Segment.Kind


@requires(READING)
@require_safe
def segment_list(request: Request) -> HttpResponse:
    context = {"lines": segment_lines(request.user), "reaches": reaches_for(request.user)}
    return render(request, "crm/segments/list.html", context)


@requires(READING)
@require_POST
def segment_new(request: Request) -> HttpResponse:
    """Keep what the list shows: as a new segment, or as the filter of a live one of one's own."""
    given = request.POST
    try:
        query = services.read_filter(by=request.user, query=given.get("list", ""))
        address = query.filter_address(sort="")
        if pk := id_of(given.get("segment")):
            found = get_object_or_404(Segment.objects.visible_to(request.user), pk=pk)
            segment = services.refilter_segment(
                by=request.user, segment=found, revision=found.revision, query=address
            )
        else:
            segment = services.keep_segment(
                by=request.user,
                name=given.get("name", ""),
                kind=Kind.STATIC if given.get("kind") == Kind.STATIC else Kind.LIVE,
                query=address,
                clients=query.clients(),
                reach=given.get("reach", services.Reach.PRIVATE),
            )
    except DomainError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(f"{reverse('crm:client-list')}?{shown(request).address()}")
    messages.success(request, _("The segment “%(name)s” is kept.") % {"name": segment.name})
    return redirect("crm:segments")


@requires(READING)
@require_POST
def segment_change(request: Request, pk: int) -> HttpResponse:
    """Rename, share or remove one's own segment."""
    segment, given = find_segment(request, pk), request.POST
    change: dict[str, Any] = {
        "by": request.user,
        "segment": segment,
        "revision": id_of(given.get("revision")) or 0,
    }
    if given.get("act") == "remove":
        with saying(request, _("The segment “%(name)s” is gone.") % {"name": segment.name}):
            services.remove_segment(**change)
    else:
        with saying(request, _("Saved.")):
            services.change_segment(**change, name=given.get("name"), reach=given.get("reach"))
    return redirect("crm:segments")


@requires(READING)
@require_POST
def segment_members(request: Request) -> HttpResponse:
    """Put the chosen clients into a static segment of one's own, or take them out of it."""
    taken = "take" in request.POST
    pk = id_of(request.POST.get("take" if taken else "segment"))
    if pk is None:
        messages.error(request, _("Choose one of your static segments."))
        return HttpResponseRedirect(return_to(request, reverse("crm:client-list")))
    segment, chosen = find_segment(request, pk), ids_of(request.POST.getlist("client"))
    act = services.take_from_segment if taken else services.add_to_segment
    try:
        number = act(by=request.user, segment=segment, client_ids=chosen)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        text = (
            ngettext(
                "%(count)d client taken out of %(name)s.", "%(count)d clients taken out of %(name)s.", number
            )
            if taken
            else ngettext(
                "%(count)d client added to %(name)s.", "%(count)d clients added to %(name)s.", number
            )
        )
        messages.success(request, text % {"count": number, "name": segment.name})
    return HttpResponseRedirect(return_to(request, reverse("crm:client-list")))


def find_segment(request: Request, pk: int) -> Segment:
    return get_object_or_404(Segment.objects.visible_to(request.user), pk=pk)
