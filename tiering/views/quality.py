"""How well clients are known: what is missing of one, the work list over a book, and what every thing means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crm.access import requires
from crm.http import Request
from crm.ids import ids_of
from crm.models import Role
from crm.paging import Order, count_of, page_asked
from crm.presence import may_have
from crm.views.client_page import find_client
from crm.views.who import done_or_told
from tiering.core.metric import Catalogue
from tiering.models import DataGap, DataQuality, SourceConflict
from tiering.pages.quality import definition_of, definitions, lines
from tiering.pages.sources import Difference, differences
from tiering.selectors.catalogue import catalogue
from tiering.selectors.quality import book_quality
from tiering.services.quality import ask_for, soon

PAGE: Final = 40
SHOWN: Final = 6
ORDERS: Final = {"near": Order("distance"), "exposure": Order("exposure", descending=True)}


@requires("tiering.view_tiers")
@require_safe
def client_quality(request: Request, pk: int) -> HttpResponse:
    """The card of a client: its score, and what is to be mended with a way there."""
    found = find_client(request, pk)
    if not may_have(found, DataQuality):
        return HttpResponse()
    names, of_client = catalogue(), DataGap.objects.visible_to(request.user).filter(client=found)
    rows = list(lines(of_client.exclude(state=DataGap.State.CONFLICT).order_by("state", "thing"), names))
    conflicts = (
        SourceConflict.objects.visible_to(request.user).filter(client=found).order_by("settled", "metric")
    )
    context = {
        "client": found,
        "quality": DataQuality.objects.visible_to(request.user).filter(client=found).first(),
        "lines": rows[:SHOWN],
        "more": max(len(rows) - SHOWN, 0),
        "differences": list(differences(conflicts, names)),
        "can_change": request.user.has_perm("crm.change_client", found),
    }
    return render(request, "tiering/quality/_client.html", context)


@requires("tiering.view_tiers")
@require_safe
def gaps(request: Request) -> HttpResponse:
    """What is missing over the reader's clients, by what it may change: nearest to a border first, or most exposure."""
    order = request.GET.get("order", "near")
    order = order if order in ORDERS else "near"
    thing = request.GET.get("thing", "")
    rows = DataGap.objects.visible_to(request.user).filter(client__merged_into__isnull=True)
    if request.GET.get("whose") == "mine":
        rows = rows.filter(client__rm=request.user)
    if thing:
        rows = rows.filter(thing=thing)
    state = request.GET.get("state", "")
    if state in DataGap.State.values:
        rows = rows.filter(state=state)
    page = page_asked(request.GET, rows.select_related("client__rm"), ORDERS[order], PAGE)
    names = catalogue()
    differing = _differing(page.rows, names)
    context = {
        "page": page,
        "lines": [
            (line, differing.get((line.gap.client_id, line.gap.thing))) for line in lines(page.rows, names)
        ],
        "count": count_of(rows),
        "order": order,
        "state": state,
        "states": DataGap.State.choices,
        "thing": definition_of(thing, names) if thing else None,
        "mine": request.GET.get("whose") == "mine",
        "book": _book(request),
        "may_ask": request.user.has_perm("crm.add_client"),
        "soon": soon(timezone.localdate()),
    }
    return render(request, "tiering/quality/gaps.html", context)


def _differing(gaps: Sequence[DataGap], names: Catalogue) -> dict[tuple[int, str], Difference]:
    """What sources say where they differ, by client and metric."""
    keys = {(one.client_id, one.thing) for one in gaps if one.state == DataGap.State.CONFLICT}
    rows = SourceConflict.objects.filter(
        client__in={client for client, _thing in keys}, metric__in={thing for _client, thing in keys}
    )
    found = {(one.conflict.client_id, one.conflict.metric): one for one in differences(rows, names)}
    return {key: one for key, one in found.items() if key in keys}


def _book(request: Request) -> list[tuple[str, object]]:
    """How well the books are known that the reader answers for, or sees."""
    user = request.user
    books: list[tuple[str, object]] = []
    if user.role == Role.RM:
        books.append((_("My book"), book_quality(rm=user.pk)))
    if user.team_id:
        books.append((_("My team"), book_quality(team=user.team_id)))
    if user.sees_every_client:
        books.append((_("The whole book"), book_quality()))
    return books


@requires("crm.add_client")
@require_POST
def gaps_ask(request: Request) -> HttpResponse:
    """Give the managers of chosen clients tasks for what is missing."""
    today = timezone.localdate()
    chosen = ids_of(request.POST.getlist("gap"))
    given: list[int] = []
    answer = done_or_told(
        request,
        lambda: given.append(ask_for(by=request.user, gaps=chosen, due_on=soon(today), today=today)),
        _("The managers have tasks for what was chosen."),
        ("tiering:gaps",),
    )
    return answer if given else redirect("tiering:gaps")


@requires("crm.add_client")
@require_safe
def today_quality(request: Request) -> HttpResponse:
    """What is most worth completing in one's own book."""
    rows = DataGap.objects.editable_by(request.user).filter(client__merged_into__isnull=True)
    nearest = rows.filter(distance__isnull=False).select_related("client").order_by("distance", "pk")[:SHOWN]
    context = {"lines": list(lines(nearest, catalogue())), "count": count_of(rows)}
    return render(request, "tiering/quality/_today.html", context)


@requires("tiering.view_tiers")
@require_safe
def dictionary(request: Request) -> HttpResponse:
    """What every field and metric means, in the reader's language."""
    term = request.GET.get("q", "").strip()
    found = definitions(catalogue(), term)
    count = ngettext("%(count)d entry", "%(count)d entries", len(found)) % {"count": len(found)}
    return render(
        request, "tiering/quality/dictionary.html", {"definitions": found, "term": term, "count": count}
    )
