"""The declared fields of a client: a card of its page, and the form."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.access import requires
from crm.core.profiles import plain
from crm.details import profile_detail
from crm.errors import Invalid
from crm.forms.profiles import OneFieldForm, ProfileForm
from crm.http import Request
from crm.models import Client
from crm.selectors.profiles import Known, profile_of
from crm.selectors.wealth import wealth_of
from crm.services.fields import FieldsChanged
from crm.services.profiles import change_profile, change_profile_field
from crm.views.client_fields import COLLIDED, REFUSED
from crm.views.client_page import find_client
from crm.views.people import find_own_client
from crm.views.who import form_page


@requires("crm.view_client")
@require_safe
def profile(request: Request, pk: int) -> HttpResponse:
    """The card: what is filled in, and which required fields are not."""
    found = find_client(request, pk)
    known = profile_of(found)
    can_change = bool(known) and request.user.has_perm("crm.change_client", found)
    context = {
        "client": found,
        "wealth": wealth_of(known),
        "lines": [(profile_detail(found, one), one) for one in known if can_change or one.value is not None],
        "lacking": [one.field for one in known if one.value is None and one.field.required],
        "can_change": can_change,
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


@requires("crm.view_client", post="crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def profile_field(request: Request, pk: int, key: str) -> HttpResponse:
    """What stands in a declared field; with `?edit` the editor; posted to, the field as it is then."""
    found = find_client(request, pk)
    known = known_field(found, key)
    can_change = request.user.has_perm("crm.change_client", found)
    if request.method == "POST" or "edit" in request.GET:
        if not can_change:
            raise PermissionDenied
        return change_field(request, found, known)
    return field_as_it_is(request, found, known)


def known_field(found: Client, key: str) -> Known:
    known = next((one for one in profile_of(found) if one.field.key == key), None)
    if known is None:
        raise Http404
    return known


def change_field(request: Request, found: Client, known: Known) -> HttpResponse:
    """The editor of a declared field, or what came of saving it."""
    key = known.field.key
    form = OneFieldForm(request.POST if request.method == "POST" else None, known=known)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            change_profile_field(
                by=request.user, client=found, key=key, seen=said["version"], value=said[key]
            )
        except FieldsChanged as error:
            version = plain(known_field(found, key).value)
            context = {"client": found, "collision": error.collisions[0], "version": version}
            return render(request, "crm/client/_field_collision.html", context, status=COLLIDED)
        except Invalid as error:
            form.refuse(error)
        else:
            return field_as_it_is(request, found, known_field(found, key))
    context = {"client": found, "form": form, "field": form[key], "detail": profile_detail(found, known)}
    return render(request, "crm/client/_field_editor.html", context, status=REFUSED if form.errors else 200)


def field_as_it_is(request: Request, found: Client, known: Known) -> HttpResponse:
    context = {
        "client": found,
        "known": known,
        "detail": profile_detail(found, known),
        "can_change": request.user.has_perm("crm.change_client", found),
    }
    return render(request, "crm/who/_profile_field.html", context)
