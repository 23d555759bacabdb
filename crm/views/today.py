from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm import slots
from crm.access import SIGNED_IN, requires
from crm.fragments import render_fragment


@requires(SIGNED_IN)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Who needs attention: the cards that have something to say to this user."""
    cards = [render_fragment(request, card.url_name) for card in slots.today_cards.for_user(request.user)]
    return render(
        request,
        "crm/today.html",
        {"cards": [card for card in cards if card.strip()], "today": timezone.localdate()},
    )
