"""The numbers that identify a client: a card of its page, their forms, and a look at one."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.forms.identity import NumberEditForm, NumberForm
from crm.forms.people import RevealForm
from crm.http import Request
from crm.models import IdentityNumber
from crm.presence import may_have
from crm.repeats import do_once
from crm.services import identity as services
from crm.views.client_page import find_client
from crm.views.people import find_own_client
from crm.views.saying import refused_in
from crm.views.who import done_or_told, form_page


@requires("crm.view_client")
@require_safe
def numbers(request: Request, pk: int) -> HttpResponse:
    """The card: what the client goes by today, masked."""
    found = find_client(request, pk)
    rows = IdentityNumber.objects.visible_to(request.user).filter(client=found, ended_on=None)
    context = {
        "client": found,
        "numbers": rows if may_have(found, IdentityNumber) else (),
        "can_change": request.user.has_perm("crm.change_client", found),
        "can_reveal": request.user.has_perm("crm.reveal", found),
    }
    return render(request, "crm/who/_numbers_card.html", context)


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def number_new(request: Request, pk: int) -> HttpResponse:
    found = find_own_client(request, pk)
    form = NumberForm(request.POST if request.method == "POST" else None, client=found)
    return form_page(
        request,
        form=form,
        act=lambda: _asking(
            form,
            lambda: do_once(
                request, lambda: services.add_number(by=request.user, client=found, **form.cleaned_data).pk
            ),
        ),
        title=_("Add a number"),
        done=_("The number is added."),
        back=("crm:client", pk),
        client=found,
    )


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def number_edit(request: Request, pk: int) -> HttpResponse:
    row = find_number(request, pk)
    form = NumberEditForm(request.POST if request.method == "POST" else None, row=row)
    return form_page(
        request,
        form=form,
        act=lambda: _asking(form, lambda: services.change_number(by=request.user, row=row, **form.given())),
        title=_("Change a number"),
        done=_("Saved."),
        back=("crm:client", row.client_id),
        client=row.client,
        end_url=reverse("crm:number-end", args=[pk]),
        end_text=_("The number is no longer listed among those of the client."),
    )


@requires("crm.change_client")
@require_POST
def number_end(request: Request, pk: int) -> HttpResponse:
    row = find_number(request, pk)
    return done_or_told(
        request,
        lambda: services.end_number(by=request.user, row=row),
        _("The number is no longer listed."),
        ("crm:client", row.client_id),
    )


@requires("crm.reveal")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def number_reveal(request: Request, pk: int) -> HttpResponse:
    """Ask for a reason, keep it, and show the number; the answer is kept nowhere on its way."""
    rows = IdentityNumber.objects.visible_to(request.user).select_related("client")
    row = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("crm.reveal", row.client):
        raise PermissionDenied
    form = RevealForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "row": row, "client": row.client}
    if form.is_bound and form.is_valid():
        with refused_in(form):
            context["number"] = services.reveal_number(by=request.user, row=row, **form.cleaned_data)
    return render(request, "crm/who/number_reveal.html", context, status=422 if form.errors else 200)


def find_number(request: Request, pk: int) -> IdentityNumber:
    """The number, where the user may change its client; 404 where they may not even see it."""
    rows = IdentityNumber.objects.visible_to(request.user).select_related("client")
    found = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("crm.change_client", found.client):
        raise PermissionDenied
    return found


def _asking(form: NumberForm, act: Callable[[], object]) -> None:
    """Do the act; where another client has the number, let the form offer to go past that."""
    try:
        act()
    except services.NumberElsewhere:
        form.ask_even_so()
        raise
