from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.access import SIGNED_IN, requires
from crm.http import Request
from crm.selectors.cells import cells_of
from crm.selectors.palette import clients_for, destinations_for


@requires(SIGNED_IN)
@require_safe
def palette(request: Request) -> HttpResponse:
    """Options for what was typed: an `hx-get` answer."""
    term = request.GET.get("q", "")
    clients = clients_for(request.user, term)
    context = {
        "clients": list(zip(clients, cells_of("tier", clients, request.user), strict=True)),
        "destinations": destinations_for(request.user, term),
        "term": term,
    }
    return render(request, "crm/_palette_results.html", context)
