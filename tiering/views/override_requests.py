"""Asking for an override: whose, and then what, why and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.access import requires
from crm.errors import DomainError, Invalid
from crm.http import Request
from crm.metrics import named
from crm.models import Attachment, Client
from crm.repeats import do_once
from crm.services.attachments import attach
from crm.sniffing import FileRefused
from tiering.forms_overrides import OverrideForm
from tiering.models import Override
from tiering.pages.override_asking import form_context, metrics_for
from tiering.selectors.override_authority import override_limits
from tiering.selectors.overrides import schemes_of
from tiering.services.overrides import Wanted, ask_override
from tiering.views.client_panels import find_client

FOUND = 12


@requires("tiering.request_overrides")
@require_safe
def choose_client(request: Request) -> HttpResponse:
    """Whom an override is for: a search among the clients that the user may ask one for."""
    term = request.GET.get("q", "").strip()
    clients = Client.objects.visible_to(request.user) if not holds_book(request) else held_by(request)
    found = list(clients.matching(term).select_related("rm").order_by("sort_key")[:FOUND]) if term else []
    return render(request, "tiering/overrides/choose.html", {"term": term, "clients": found})


@requires("tiering.request_overrides")
@require_http_methods(["GET", "HEAD", "POST"])
def new_override(request: Request, pk: int) -> HttpResponse:
    """The form for a client; the address may say scheme, project, tier, kind and metric."""
    client = find_client(request, pk)
    if not request.user.has_perm("tiering.request_overrides", client):
        raise PermissionDenied
    schemes = schemes_of(client)
    if not schemes:
        return render(request, "tiering/overrides/new.html", {"client": client, "form": None})
    form = form_of(request, client, schemes)
    if request.method == "POST" and form.is_valid():
        try:
            asked = do_once(request, lambda: ask(request, form).pk)
        except FileRefused as error:
            form.add_error("evidence", str(error))
        except Invalid as error:
            form.refuse(error)
            keep_evidence(request, form)
        except DomainError as error:
            form.add_error(None, str(error))
            keep_evidence(request, form)
        else:
            messages.success(request, _("It is asked for. Somebody else has to approve it."))
            return redirect("tiering:override", asked)
    context = {"client": client, "form": form, **form_context(form, timezone.now())}
    return render(request, "tiering/overrides/new.html", context, status=422 if form.errors else 200)


def form_of(request: Request, client: Client, schemes: Any) -> OverrideForm:
    limits, today = override_limits(), timezone.localdate()
    longest = limits.longest_days
    terms = {
        "client": client,
        "user": request.user,
        "schemes": schemes,
        "metrics": metrics_for(request.POST.get("scheme") or request.GET.get("scheme"), schemes, named()),
        "latest": today + timedelta(days=longest) if longest else None,
    }
    if request.method == "POST":
        return OverrideForm(request.POST, request.FILES, **terms)
    return OverrideForm(initial=initial_of(request), **terms)


def initial_of(request: Request) -> dict[str, Any]:
    """What the address says; whoever changes the kind, the scheme or the metric keeps what is filled in."""
    given: dict[str, Any] = {
        name: value
        for name, value in request.GET.items()
        if name in OverrideForm.base_fields or name == "value"
    }
    renewed = request.GET.get("renews", "")
    former = (
        Override.objects.visible_to(request.user).filter(pk=renewed).first() if renewed.isdigit() else None
    )
    if former is None:
        return given
    of_former = {
        "kind": former.kind,
        "scheme": former.scheme_id,
        "project": former.project_id,
        "tier": former.tier_id,
        "metric": former.metric,
        "value": former.given,
        "reason": former.reason,
        "grounds": former.grounds,
    }
    return {**{name: value for name, value in of_former.items() if value}, **given}


@transaction.atomic
def ask(request: Request, form: OverrideForm) -> Override:
    evidence = form.cleaned_data.get("attached")
    file = form.cleaned_data.get("evidence")
    if file:
        evidence = attach(file=file, client=form.client, by=request.user)
    return ask_override(wanted=Wanted(**form.asked, evidence=evidence), by=request.user)


def keep_evidence(request: Request, form: OverrideForm) -> None:
    """What was handed in with a request that was refused is not handed in again: it stays with the client."""
    file = form.cleaned_data.get("evidence")
    if not file:
        return
    file.seek(0)
    kept: Attachment = attach(file=file, client=form.client, by=request.user)
    again = request.POST.copy()
    again["attached"] = str(kept.pk)
    form.data = again


def holds_book(request: Request) -> bool:
    return request.user.has_perm("crm.add_client")


def held_by(request: Request) -> Any:
    return Client.objects.editable_by(request.user)
