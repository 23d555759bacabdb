"""A value of a metric, recorded from the client's page."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.access import requires
from crm.forms.observations import ObservationForm
from crm.http import Request
from crm.services.observations import ItemsRefused, record_observations
from crm.views.client_page import find_client


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def observation_new(request: Request, pk: int) -> HttpResponse:
    """A form for one value; `metric` in the address chooses what it takes."""
    found = find_client(request, pk)
    if not request.user.has_perm("crm.change_client", found):
        raise PermissionDenied
    chosen = (request.POST or request.GET).get("metric", "")
    form = ObservationForm(request.POST or None, client=found, user=request.user, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            record_observations(by=request.user, items=[form.observation(found)])
        except ItemsRefused as error:
            form.refuse(error)
        else:
            messages.success(request, _("The value is recorded."))
            return redirect("crm:client-tab", pk, "statements")
    context = {"client": found, "form": form}
    return render(request, "crm/observation_form.html", context, status=422 if form.errors else 200)
