"""Today: who needs attention."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm import slots
from crm.access import SIGNED_IN, requires
from crm.fragments import render_fragment
from crm.http import Request
from crm.selectors.attention import overdue_clients, silent_clients

SHOWN = 8


@requires(SIGNED_IN)
@require_safe
def today(request: Request) -> HttpResponse:
    """The cards that have something to say to this user."""
    cards = [render_fragment(request, card.url_name) for card in slots.today_cards.for_user(request.user)]
    context = {"cards": [card for card in cards if card.strip()], "today": timezone.localdate()}
    return render(request, "crm/today.html", context)


@requires("crm.add_client")
@require_safe
def overdue(request: Request) -> HttpResponse:
    """Clients of one's book with overdue payments."""
    clients = overdue_clients(request.user, timezone.localdate())
    return render(request, "crm/today/_overdue.html", {"clients": clients[:SHOWN], "count": clients.count()})


@requires("crm.add_client")
@require_safe
def silent(request: Request) -> HttpResponse:
    """Clients of one's book nobody has spoken to for 90 days."""
    clients = silent_clients(request.user)
    return render(request, "crm/today/_silent.html", {"clients": clients[:SHOWN], "count": clients.count()})
