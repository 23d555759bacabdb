"""A client's plain fields, each changed in its place on the page.

The page asks for the editor of a field when somebody begins to change it, and sends back what it was filled with and the
version that it was filled from. Refusals come back in the editor; a field that somebody else set meanwhile, as a dialog.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from crm.access import requires
from crm.details import detail_of
from crm.errors import Conflict, Invalid, NotPermitted
from crm.forms.clients import ClientEditForm
from crm.http import Request
from crm.models import Client
from crm.services.clients import EDITABLE_FIELDS, update_client
from crm.services.fields import FieldsChanged
from crm.views.client_page import find_client

REFUSED, COLLIDED = 422, 409


@requires("crm.view_client", post="crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def client_field(request: Request, pk: int, name: str) -> HttpResponse:
    """What stands in a field; with `?edit` the editor; posted to, the field as it is then."""
    found = find_client(request, pk)
    if name not in EDITABLE_FIELDS:
        raise Http404
    if request.method == "POST" or "edit" in request.GET:
        if not request.user.has_perm("crm.change_client", found):
            raise PermissionDenied
        form = ClientEditForm(request.POST or None, instance=found, initial={"version": found.version})
        return change_field(request, found, name, form.only(name))
    return field_as_it_is(request, found, name)


def change_field(request: Request, found: Client, name: str, form: ClientEditForm) -> HttpResponse:
    """The editor of a field, or what came of saving it."""
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            changed = update_client(
                by=request.user, client=found, version=given["version"], **{name: given[name]}
            )
        except FieldsChanged as error:
            context = {"client": found, "collision": error.collisions[0], "version": error.version}
            return render(request, "crm/client/_field_collision.html", context, status=COLLIDED)
        except Invalid as error:
            form.refuse(error)
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from error
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            return field_as_it_is(request, changed, name, saved=True)
    context = {"client": found, "form": form, "field": form[name], "detail": detail_of(found, name)}
    return render(request, "crm/client/_field_editor.html", context, status=REFUSED if form.errors else 200)


def field_as_it_is(request: Request, found: Client, name: str, *, saved: bool = False) -> HttpResponse:
    """A field to be looked at; after saving, with the header of the page, which may tell it too."""
    may_change = request.user.has_perm("crm.change_client", found)
    context = {"client": found, "detail": detail_of(found, name), "can_change": may_change, "saved": saved}
    return render(request, "crm/client/_field_answer.html", context)
