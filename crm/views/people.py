"""Whom we speak to at a client and where it is: the tab of its page, its forms, and a look at what is sealed."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError, Invalid, NotPermitted
from crm.forms.people import AddressEditForm, AddressForm, PersonEditForm, PersonForm, RevealForm
from crm.http import Request
from crm.models import Address, Client, ContactPerson
from crm.repeats import do_once
from crm.services import people as services
from crm.views.client_page import find_client
from crm.views.who import done_or_told, form_page

TAB = "people"


@requires("crm.view_client")
@require_safe
def people(request: Request, pk: int) -> HttpResponse:
    """The tab: people and addresses, those that have ended last."""
    found = find_client(request, pk)
    rows = list(ContactPerson.objects.visible_to(request.user).filter(client=found))
    places = list(Address.objects.visible_to(request.user).filter(client=found).select_related("region"))
    context = {
        "client": found,
        "people": [row for row in rows if row.ended_on is None],
        "past_people": [row for row in rows if row.ended_on is not None],
        "addresses": [row for row in places if row.ended_on is None],
        "past_addresses": [row for row in places if row.ended_on is not None],
        "can_change": request.user.has_perm("crm.change_client", found),
        "can_reveal": request.user.has_perm("crm.reveal", found),
    }
    return render(request, "crm/who/_people_tab.html", context)


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: Request, pk: int) -> HttpResponse:
    found = find_own_client(request, pk)
    form = PersonForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        form=form,
        act=lambda: do_once(
            request, lambda: services.add_person(by=request.user, client=found, **form.cleaned_data).pk
        ),
        title=_("Add a person"),
        done=_("The person is added."),
        back=("crm:client-tab", pk, TAB),
        client=found,
    )


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: Request, pk: int) -> HttpResponse:
    person = find_person(request, pk)
    form = PersonEditForm(request.POST if request.method == "POST" else None, person=person)
    return form_page(
        request,
        form=form,
        act=lambda: services.change_person(by=request.user, person=person, **form.given()),
        title=_("Change a person"),
        done=_("Saved."),
        back=("crm:client-tab", person.client_id, TAB),
        client=person.client,
    )


@requires("crm.change_client")
@require_POST
def person_end(request: Request, pk: int) -> HttpResponse:
    person = find_person(request, pk)
    return done_or_told(
        request,
        lambda: services.end_person(by=request.user, person=person),
        _("%(name)s is no longer listed.") % {"name": person.name},
        ("crm:client-tab", person.client_id, TAB),
    )


@requires("crm.reveal")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_phone(request: Request, pk: int) -> HttpResponse:
    """Ask for a reason, keep it, and show the number; the answer is kept nowhere on its way."""
    people = ContactPerson.objects.visible_to(request.user).select_related("client")
    person = get_object_or_404(people, pk=pk)
    if not request.user.has_perm("crm.reveal", person.client):
        raise PermissionDenied
    form = RevealForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "person": person, "client": person.client}
    if form.is_bound and form.is_valid():
        try:
            number = services.reveal_phone(by=request.user, person=person, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from error
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            context["number"] = number
    return render(request, "crm/who/reveal.html", context, status=422 if form.errors else 200)


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def address_new(request: Request, pk: int) -> HttpResponse:
    found = find_own_client(request, pk)
    form = AddressForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        form=form,
        act=lambda: do_once(
            request, lambda: services.add_address(by=request.user, client=found, **form.cleaned_data).pk
        ),
        title=_("Add an address"),
        done=_("The address is added."),
        back=("crm:client-tab", pk, TAB),
        client=found,
    )


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def address_edit(request: Request, pk: int) -> HttpResponse:
    address = find_address(request, pk)
    form = AddressEditForm(request.POST if request.method == "POST" else None, address=address)
    return form_page(
        request,
        form=form,
        act=lambda: services.change_address(by=request.user, address=address, **form.cleaned_data),
        title=_("Change an address"),
        done=_("Saved."),
        back=("crm:client-tab", address.client_id, TAB),
        client=address.client,
    )


@requires("crm.change_client")
@require_POST
def address_end(request: Request, pk: int) -> HttpResponse:
    address = find_address(request, pk)
    return done_or_told(
        request,
        lambda: services.end_address(by=request.user, address=address),
        _("The address is no longer listed."),
        ("crm:client-tab", address.client_id, TAB),
    )


def find_own_client(request: Request, pk: int) -> Client:
    """The client, where the user may change it; 404 where they may not even see it."""
    found = find_client(request, pk)
    if not request.user.has_perm("crm.change_client", found):
        raise PermissionDenied
    return found


def find_person(request: Request, pk: int) -> ContactPerson:
    """The same for a person."""
    rows = ContactPerson.objects.visible_to(request.user).select_related("client")
    found = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("crm.change_client", found.client):
        raise PermissionDenied
    return found


def find_address(request: Request, pk: int) -> Address:
    """The same for an address."""
    rows = Address.objects.visible_to(request.user).select_related("client")
    found = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("crm.change_client", found.client):
        raise PermissionDenied
    return found
