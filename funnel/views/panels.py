"""What the funnel shows on the shared pages: fragments named in `funnel.entries`."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.http import Request
from crm.models import Client
from funnel.models import Case

SHOWN = 5


@requires("funnel.add_case")
@require_safe
def late_cases(request: Request) -> HttpResponse:
    """Today: the cases of one's own book that have waited longer than their stage allows, the longest first."""
    own = Case.objects.visible_to(request.user).editable_by(request.user).late(timezone.localdate())
    context = {"cases": own.for_cards().order_by("entered_stage_at", "pk")[:SHOWN], "count": own.count()}
    return render(request, "funnel/_late_cases.html", context)


@requires("funnel.view_cases")
@require_safe
def client_cases(request: Request, pk: int) -> HttpResponse:
    """Client page: the client's cases, the newest first."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    context = {
        "client": client,
        "cases": Case.objects.visible_to(request.user)
        .filter(client=client)
        .for_cards()
        .select_related("project")
        .order_by("-pk"),
        "can_add": request.user.has_perm("funnel.add_case", client),
    }
    return render(request, "funnel/_client_cases.html", context)
