"""What people judge of a client: the tab of its page, and the form that judges all its factors together."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm import slots
from crm.access import requires
from crm.forms.judgements import JudgementForm
from crm.http import Request
from crm.models import Client
from crm.selectors.judgements import Factor, factors_of
from crm.services.judgements import judge
from crm.views.client_page import find_client
from crm.views.people import find_own_client
from crm.views.who import form_page

TAB = "judgements"


@requires("crm.view_client")
@require_safe
def judgements(request: Request, pk: int) -> HttpResponse:
    """Every factor with its latest judgement, its evidence and its history."""
    found = find_client(request, pk)
    factors = _factors(request, found)
    context = {
        "client": found,
        "factors": factors,
        "due": sum(factor.is_due for factor in factors),
        "can_change": request.user.has_perm("crm.change_client", found),
    }
    return render(request, "crm/client/_judgements_tab.html", context)


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def judgement_new(request: Request, pk: int) -> HttpResponse:
    """Judge now: all factors that the method of the client asks for, and those judged before."""
    found = find_own_client(request, pk)
    form = JudgementForm(request.POST if request.method == "POST" else None, factors=_factors(request, found))
    return form_page(
        request,
        form=form,
        act=lambda: judge(by=request.user, client=found, **form.given()),
        title=_("Judge now"),
        done=_("The judgements are recorded."),
        back=("crm:client-tab", pk, TAB),
        client=found,
        template="crm/conduct/judgement_form.html",
    )


def _factors(request: Request, client: Client) -> list[Factor]:
    readings = slots.readings_of(client, request.user)
    return factors_of(client, request.user, timezone.localdate(), readings)
