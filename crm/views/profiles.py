"""The declared fields of a client: a card of its page, and the form."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.access import requires
from crm.forms.profiles import ProfileForm
from crm.http import Request
from crm.selectors.profiles import profile_of
from crm.selectors.wealth import wealth_of
from crm.services.profiles import change_profile
from crm.views.client_page import find_client
from crm.views.people import find_own_client
from crm.views.who import form_page


@requires("crm.view_client")
@require_safe
def profile(request: Request, pk: int) -> HttpResponse:
    """The card: what is filled in, and which required fields are not."""
    found = find_client(request, pk)
    known = profile_of(found)
    context = {
        "client": found,
        "wealth": wealth_of(known),
        "known": [one for one in known if one.value is not None],
        "lacking": [one.field for one in known if one.value is None and one.field.required],
        "can_change": bool(known) and request.user.has_perm("crm.change_client", found),
    }
    return render(request, "crm/who/_profile_card.html", context)


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: Request, pk: int) -> HttpResponse:
    found = find_own_client(request, pk)
    data = request.POST if request.method == "POST" else None
    form = ProfileForm(data, version=found.version, known=profile_of(found))
    return form_page(
        request,
        form=form,
        act=lambda: change_profile(by=request.user, client=found, **form.given()),
        title=_("Profile"),
        done=_("Saved."),
        back=("crm:client", pk),
        client=found,
    )
