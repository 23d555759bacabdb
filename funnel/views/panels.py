"""What the funnel shows on the shared pages: fragments named in `funnel.entries`."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.http import Request
from crm.models import Client
from funnel.models import Case
from funnel.selectors.parties import parts_of


@requires("funnel.view_cases")
@require_safe
def client_cases(request: Request, pk: int) -> HttpResponse:
    """Client page: the cases that the client leads and those in which it takes part, the newest first."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    context = {
        "client": client,
        "cases": Case.objects.visible_to(request.user)
        .filter(client=client)
        .for_cards()
        .select_related("project")
        .order_by("-pk"),
        "parts": parts_of(client, request.user),
        "can_add": request.user.has_perm("funnel.add_case", client),
    }
    return render(request, "funnel/_client_cases.html", context)
