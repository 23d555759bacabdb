"""The further clients of a case: found, added, changed and taken out on its page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.access import requires
from crm.forms.fields import ServiceForm
from crm.http import Request
from crm.models import Client
from crm.views.saying import refused_in, saying
from funnel.forms_parties import ChangeParty, NewParty, Seen
from funnel.models import Case, CaseParty
from funnel.services import parties as services
from funnel.views.case_page import case_page, held_case, visible_case
from funnel.views.case_work import back, sound
from funnel.views.cases import FOUND_CLIENTS, with_tiers

PART = "parties"
"""The part of the case's page."""


@requires("funnel.move_case")
@require_safe
def find_clients(request: Request, pk: int) -> HttpResponse:
    """The clients that the user sees, match `q` and do not take part yet, to choose one from."""
    case, term = held_case(request.user, pk), request.GET.get("q", "")
    others = Client.objects.visible_to(request.user).exclude(pk=case.client_id)
    others = others.exclude(pk__in=case.parties.values("client")).matching(term)
    found = with_tiers(others.order_by("sort_key", "pk")[:FOUND_CLIENTS]) if term.strip() else []
    context = {"choices": found, "term": term, "is_party": True}
    return render(request, "funnel/_client_choices.html", context)


@requires("funnel.move_case")
@require_POST
def add(request: Request, pk: int) -> HttpResponse:
    case = held_case(request.user, pk)
    form = NewParty(request.POST, user=request.user)
    if form.is_valid():
        with refused_in(form):
            party = services.add_party(case=case, by=request.user, **form.cleaned_data)
            messages.success(request, _("%(client)s takes part.") % {"client": party.client.name})
            return back(case, PART)
    return refused(request, case, form, new_party=form)


@requires("funnel.move_case")
@require_POST
def change(request: Request, pk: int) -> HttpResponse:
    """Say part, share or note anew."""
    party = party_of(request, pk)
    form = ChangeParty(request.POST, party=party)
    if form.is_valid():
        with refused_in(form):
            services.change_party(party=party, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return back(party.case, PART)
    return refused(request, party.case, form, changed_party=form)


@requires("funnel.move_case")
@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    party = party_of(request, pk)
    form = Seen(request.POST)
    if sound(request, form):
        with saying(request, _("It takes part no more.")):
            services.remove_party(party=party, by=request.user, **form.cleaned_data)
    return back(party.case, PART)


def refused(request: Request, case: Case, form: ServiceForm, **shown: Any) -> HttpResponse:
    """The page with the form as it was filled in; what is wrong with no field of it alone is said above."""
    for error in form.non_field_errors():
        messages.error(request, str(error))
    return case_page(request, visible_case(request.user, case.pk), status=422, **shown)


def party_of(request: Request, pk: int) -> CaseParty:
    """The party, if the user holds the leading client of its case; refused otherwise."""
    rows: Any = CaseParty.objects.visible_to(request.user).standing()
    found: CaseParty = get_object_or_404(rows, pk=pk)
    found.case = held_case(request.user, found.case_id)
    return found
