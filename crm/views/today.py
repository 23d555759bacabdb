"""Today: who needs attention."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import slots
from crm.access import SIGNED_IN, requires
from crm.attention import groups, looking
from crm.errors import DomainError
from crm.fragments import render_fragment
from crm.http import Request
from crm.ids import id_of
from crm.services.snoozing import DAYS, snooze, wake


@requires(SIGNED_IN)
@require_safe
def today(request: Request) -> HttpResponse:
    """Who needs this user, source by source, and the cards that have something to say beside."""
    day = timezone.localdate()
    look = looking(request.user, day, whose=id_of(request.GET.get("whose")))
    cards = [render_fragment(request, card.url_name) for card in slots.today_cards.for_user(request.user)]
    found = groups(look)
    context = {
        "groups": found,
        "total": sum(group.found.count for group in found),
        "cards": [card for card in cards if card.strip()],
        "today": day,
        "look": look,
        "people": look.people(),
        "days": DAYS[1:],
        "may_log": request.user.has_perm("crm.add_client"),
    }
    return render(request, "crm/today.html", context)


@requires(SIGNED_IN)
@require_POST
def today_snooze(request: Request) -> HttpResponse:
    """Put a line off; the row leaves the page."""
    item, days = id_of(request.POST.get("item")), id_of(request.POST.get("days"))
    try:
        snooze(by=request.user, source=request.POST.get("source", ""), item=item or 0, days=days or 0)
    except DomainError as error:
        if request.htmx:
            return HttpResponse(status=400, headers={"X-Message": str(error)})
        messages.error(request, str(error))
    if not request.htmx:
        return redirect("crm:today")
    return HttpResponse(headers={"HX-Trigger": json.dumps({"toast": {"text": _("It is put off.")}})})


@requires(SIGNED_IN)
@require_POST
def today_wake(request: Request) -> HttpResponse:
    """Show the lines of a source again that were put off."""
    wake(by=request.user, source=request.POST.get("source", ""))
    messages.success(request, _("What was put off shows again."))
    return redirect("crm:today")
