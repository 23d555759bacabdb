"""Making and changing a client."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.access import requires
from crm.errors import Conflict, Invalid
from crm.forms.clients import ClientEditForm, NewClientForm
from crm.http import Request
from crm.models import Client
from crm.repeats import do_once
from crm.selectors.duplicates import Lookalike
from crm.services.clients import LooksLike, create_client, update_client
from crm.services.fields import FieldsChanged


@requires("crm.add_client")
@require_http_methods(["GET", "HEAD", "POST"])
def client_new(request: Request) -> HttpResponse:
    form = NewClientForm(request.POST or None)
    alike: Sequence[Lookalike] = ()
    if request.method == "POST" and form.is_valid():
        try:
            pk = do_once(request, lambda: create_client(by=request.user, **form.cleaned_data).pk)
        except Invalid as error:
            form.refuse(error)
        except LooksLike as error:
            alike = error.found
            form.ask_why()
        else:
            client = Client.objects.get(pk=pk)
            messages.success(request, _("%(name)s is now a client.") % {"name": client.name})
            return redirect("crm:client", client.pk)
    context = {"form": form, "alike": alike}
    return render(request, "crm/client_form.html", context, status=422 if alike or form.errors else 200)


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def client_edit(request: Request, pk: int) -> HttpResponse:
    """Edit a client. Where somebody else saved first, both states are shown and what was typed stays."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm("crm.change_client", client):
        raise PermissionDenied
    form = ClientEditForm(request.POST or None, instance=client, initial={"version": client.version})
    changed_meanwhile = None
    if request.method == "POST" and form.is_valid():
        try:
            update_client(by=request.user, client=client, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        except FieldsChanged as error:
            form.rebase(error)
            changed_meanwhile = error.collisions
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("crm:client", client.pk)
    context = {"form": form, "client": client, "changed_meanwhile": changed_meanwhile}
    return render(request, "crm/client_form.html", context)
