"""The one-page brief of a client, taken away as a file."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from crm.access import requires
from crm.http import Request, download
from crm.services.briefs import note_brief
from crm.views.client_page import find_client
from tiering.pages.brief import brief_of

PDF = "application/pdf"


@requires("tiering.view_tiers")
@require_POST
def brief(request: Request, pk: int) -> HttpResponse:
    """Make the brief, and note who took it."""
    client = find_client(request, pk)
    noted = note_brief(by=request.user, client=client)
    return download(*brief_of(client, request.user, noted.at), PDF)
