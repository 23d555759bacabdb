"""Logging a contact from anywhere: the dialog, its clients and who took part."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.access import requires
from crm.core.terms import words_of
from crm.errors import Invalid, NotPermitted
from crm.formats import localized
from crm.forms.interactions import MOST_COLLEAGUES, InteractionForm
from crm.http import Request
from crm.ids import id_of
from crm.models import Client, User
from crm.repeats import do_once
from crm.selectors.audience import named_like, readers_of
from crm.selectors.nearest import nearest
from crm.selectors.search import LONGEST_TERM
from crm.services.interactions import log_interaction
from crm.views.client_page import find_client

OFFERED = 7


@requires("crm.add_client")
@require_http_methods(["GET", "HEAD", "POST"])
def interaction_new(request: Request) -> HttpResponse:
    """Log a contact: a dialog where htmx asks, else a page. What was typed stays where it is refused."""
    about = held(request, request.GET.get("client"))
    form = InteractionForm(request.POST or None, user=request.user, about=about)
    if request.method == "POST" and form.is_valid():
        try:
            contact = {"by": request.user, **form.given()}
            do_once(request, lambda: log_interaction(**contact).pk)
        except Invalid as error:
            form.refuse(error)
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from error
        else:
            return logged(request, form.cleaned_data["client"])
    refused = bool(form.errors) and not request.htmx
    template = "crm/interactions/_form.html" if request.htmx else "crm/interactions/new.html"
    return render(request, template, {"form": form, **took_part(form)}, status=422 if refused else 200)


def logged(request: Request, client: Client) -> HttpResponse:
    """Back to where the dialog was opened, with the word that it is done; from the page, to the timeline."""
    messages.success(request, _("The contact with %(name)s is logged.") % {"name": client.name})
    if request.htmx:
        return HttpResponse(headers={"HX-Trigger": "logged"})
    return redirect("crm:client-tab", client.pk, "timeline")


def held(request: Request, pk: str | None) -> Client | None:
    """The client of an address, where the user may change it."""
    return Client.objects.editable_by(request.user).filter(pk=id_of(pk) or 0).first()


def took_part(form: InteractionForm) -> dict[str, object]:
    """Among whom one chooses who took part, with those who were chosen."""
    if form.about is None:
        return {"people": [], "colleagues": []}
    colleagues = readers_of(form.about).exclude(pk=form.user.pk).filter(team=form.about.team_id)
    chosen = form.data.getlist if form.is_bound else lambda name: []  # type: ignore[attr-defined]
    return {
        "about": form.about,
        "people": form.about.people.filter(ended_on=None),
        "colleagues": colleagues.order_by("name")[:MOST_COLLEAGUES],
        "chosen_people": set(chosen("people")),
        "chosen_colleagues": set(chosen("colleagues")),
    }


@requires("crm.add_client")
@require_safe
def interaction_clients(request: Request) -> HttpResponse:
    """Clients of the user's that answer to what was typed; of nothing typed, those they spoke to last."""
    words = words_of(request.GET.get("client_name", "")[:LONGEST_TERM])
    mine = Client.objects.editable_by(request.user)
    if words:
        found = [client for client, _rank in nearest(mine, words, OFFERED)]
    else:
        spoken = mine.filter(interactions__author=request.user).annotate(last=Max("interactions__at"))
        found = list(spoken.order_by("-last", "-pk")[:OFFERED])
    return render(request, "crm/interactions/_clients.html", {"clients": found, "words": words})


@requires("crm.add_client")
@require_safe
def interaction_participants(request: Request) -> HttpResponse:
    """Who may have taken part in a contact with the client that was chosen."""
    form = InteractionForm(None, user=request.user, about=held(request, request.GET.get("client")))
    return render(request, "crm/interactions/_participants.html", took_part(form))


@requires("crm.view_client")
@require_safe
def colleagues(request: Request, pk: int) -> JsonResponse:
    """Who may see a client, by the beginning of a name: offered where somebody types an @."""
    people = named_like(readers_of(find_client(request, pk)), request.GET.get("q", "").strip()[:40])
    return JsonResponse({"people": [offered(person) for person in people[:OFFERED]]})


def offered(person: User) -> dict[str, str]:
    return {"username": person.username, "name": localized(person), "role": person.get_role_display()}
