"""Clients that may be one: the list to go through, and what is decided about each pair."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.access import requires
from crm.errors import NotPermitted
from crm.forms.merging import LaterForm, NotSameForm
from crm.http import Request
from crm.models import DuplicatePair, Merge
from crm.paging import Order, count_of, page_asked
from crm.presence import may_have
from crm.selectors.duplicates import open_pairs_of, pairs_for
from crm.selectors.merging import merges_of
from crm.services import duplicates as services
from crm.services.duplicates import may_decide
from crm.views.client_page import find_client
from crm.views.who import done_or_told

PAGE: Final = 30
SHOWN: Final = 5


@requires("crm.view_client")
@require_safe
def duplicate_list(request: Request) -> HttpResponse:
    """Pairs of which the reader sees both, the likest first; by what was decided about them."""
    status = request.GET.get("status", DuplicatePair.Status.OPEN)
    if status not in DuplicatePair.Status.values:
        status = DuplicatePair.Status.OPEN
    rows = pairs_for(request.user).filter(status=status)
    page = page_asked(request.GET, rows, Order("score", descending=True), PAGE)
    context = {
        "page": page,
        "rows": [(pair, may_decide(request.user, pair.one, pair.other)) for pair in page.rows],
        "count": count_of(rows),
        "status": status,
        "statuses": DuplicatePair.Status.choices[:3],
        "today": timezone.localdate(),
    }
    return render(request, "crm/duplicates/list.html", context)


@requires("crm.view_client")
@require_safe
def client_duplicates(request: Request, pk: int) -> HttpResponse:
    """Whom a client may be one with, and what was merged into it."""
    found = find_client(request, pk)
    pairs = open_pairs_of(request.user, found)[:SHOWN] if may_have(found, DuplicatePair) else ()
    context = {
        "client": found,
        "pairs": [(pair, pair.other if pair.one_id == found.pk else pair.one) for pair in pairs],
        "merges": merges_of(found).filter(client=found, undone_at__isnull=True)
        if may_have(found, Merge)
        else (),
        "can_merge": request.user.has_perm("crm.merge_clients", found),
    }
    return render(request, "crm/duplicates/_client.html", context)


@requires("crm.merge_clients")
@require_POST
def not_same(request: Request, pk: int) -> HttpResponse:
    pair, form = find_pair(request, pk), NotSameForm(request.POST)
    said = form.cleaned_data["reason"] if form.is_valid() else ""
    return done_or_told(
        request,
        lambda: services.decide_not_same(by=request.user, pair=pair, reason=said),
        _("Noted: they are not the same."),
        ("crm:duplicates",),
    )


@requires("crm.merge_clients")
@require_POST
def later(request: Request, pk: int) -> HttpResponse:
    pair, form = find_pair(request, pk), LaterForm(request.POST)
    today = timezone.localdate()
    until = form.cleaned_data["until"] if form.is_valid() else today
    return done_or_told(
        request,
        lambda: services.decide_later(by=request.user, pair=pair, until=until, today=today),
        _("Put away until then."),
        ("crm:duplicates",),
    )


@requires("crm.merge_clients")
@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    pair = find_pair(request, pk)
    return done_or_told(
        request,
        lambda: services.reopen_pair(by=request.user, pair=pair),
        _("The pair is open again."),
        ("crm:duplicates",),
    )


def find_pair(request: Request, pk: int) -> DuplicatePair:
    """The pair, where the user may decide about it; 404 where they do not see both."""
    pair = get_object_or_404(pairs_for(request.user), pk=pk)
    if not may_decide(request.user, pair.one, pair.other):
        raise PermissionDenied(str(NotPermitted()))
    return pair
