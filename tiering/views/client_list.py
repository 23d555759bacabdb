from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.access import requires
from crm.http import Request
from crm.ids import ids_of
from crm.views.preferences import return_to
from tiering.services.asked import request_retier


@requires("tiering.start_runs")
@require_POST
def retier_clients(request: Request) -> HttpResponse:
    """Have the chosen clients of the client list re-tiered."""
    asked = request_retier(by=request.user, clients=ids_of(request.POST.getlist("client")))
    text = ngettext("%(count)d client is being re-tiered.", "%(count)d clients are being re-tiered.", asked)
    messages.success(request, text % {"count": asked})
    return HttpResponseRedirect(return_to(request, reverse("crm:client-list")))
