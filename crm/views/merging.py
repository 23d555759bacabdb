"""Two clients side by side, made one; and a merge, looked at and taken back."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import merging
from crm.access import requires
from crm.errors import Conflict, DomainError, Invalid, NotPermitted
from crm.forms.merging import MergeForm, WhichForm, side_of
from crm.http import Request
from crm.ids import ids_of
from crm.models import Client, Merge
from crm.repeats import do_once
from crm.selectors.duplicates import pairs_for
from crm.selectors.merging import side_by_side
from crm.services import merging as services
from crm.services.duplicates import may_decide
from crm.views.client_page import find_client

NOTES_SHOWN: Final = 20


@requires("crm.merge_clients")
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: Request, pk: int) -> HttpResponse:
    """Compare two clients and make one of them: the first stays, the other is `with`. Without it, ask which."""
    client = find_client(request, pk)
    if not may_decide(request.user, client, client):
        raise PermissionDenied(str(NotPermitted()))
    if "with" not in request.GET:
        return _which(request, client)
    (other_id,) = ids_of([request.GET["with"]]) or (0,)
    other = find_client(request, other_id)
    if client.pk == other.pk or not may_decide(request.user, client, other):
        raise PermissionDenied(str(NotPermitted()))
    seen = {"client_version": client.version, "gone_version": other.version}
    form = MergeForm(request.POST if request.method == "POST" else None, initial=seen)
    if form.is_bound and form.is_valid():
        done = _merge(request, form, client, other)
        if done:
            return done
    return render(
        request,
        "crm/duplicates/merge.html",
        _context(request, form, client, other),
        status=422 if form.errors else 200,
    )


def _which(request: Request, client: Client) -> HttpResponse:
    """Ask for the code of the client that is the same."""
    form = WhichForm(request.POST if request.method == "POST" else None, user=request.user, client=client)
    if form.is_bound and form.is_valid():
        address = reverse("crm:merge", args=[client.pk])
        return redirect(f"{address}?with={form.cleaned_data['code'].pk}")
    context = {
        "form": form,
        "title": _("Merge with another client"),
        "client": client,
        "back": reverse("crm:client", args=[client.pk]),
        "intro": _("Nothing changes yet: next, the two are shown side by side."),
    }
    return render(request, "crm/who/form.html", context, status=422 if form.errors else 200)


def _merge(request: Request, form: MergeForm, client: Client, gone: Client) -> HttpResponse | None:
    chosen = [name for name in services.CHOOSABLE if request.POST.get(side_of(name)) == "gone"]
    try:
        do_once(
            request,
            lambda: (
                services.merge_clients(
                    by=request.user,
                    client=client,
                    gone=gone,
                    versions=form.versions(),
                    reason=form.cleaned_data["reason"],
                    chosen=chosen,
                ).pk
            ),
        )
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as error:
        form.refuse(error)
    except Conflict as error:
        form.data = {
            **dict(form.data.items()),
            "client_version": client.version,
            "gone_version": gone.version,
        }
        form.add_error(None, str(error))
    except DomainError as error:
        form.add_error(None, str(error))
    else:
        said = {"gone": gone.name, "client": client.name}
        messages.success(request, _("%(gone)s is part of %(client)s now. It can be taken back.") % said)
        return redirect("crm:client", client.pk)
    return None


def _context(request: Request, form: MergeForm, client: Client, gone: Client) -> dict[str, Any]:
    sides = side_by_side(client, gone, services.CHOOSABLE)
    taken = {
        side.name: request.POST.get(side_of(side.name), side.takes) if form.is_bound else side.takes
        for side in sides
    }
    one, other = sorted((client.pk, gone.pk))
    return {
        "form": form,
        "client": client,
        "gone": gone,
        "sides": [(side, side_of(side.name), taken[side.name]) for side in sides],
        "pair": pairs_for(request.user).filter(one=one, other=other).first(),
        "moves": services.would_move(client, gone),
        "refused": [words for part in merging.parts for words in part.refuses(gone)],
    }


@requires("crm.view_client")
@require_safe
def merge_detail(request: Request, pk: int) -> HttpResponse:
    """What a merge was: who, when, why, which fields and records, and what stayed with the merged client."""
    found = find_merge(request, pk)
    context = {
        "merge": found,
        "fields": [Client._meta.get_field(name).verbose_name for name in found.chosen],  # type: ignore[union-attr]
        "moved": sorted(services.moved_by(found).items(), key=lambda item: -item[1]),
        "told": [line for part in merging.parts for line in part.told(found.gone, request.user)],
        "can_undo": found.is_in_force and may_decide(request.user, found.client, found.gone),
    }
    return render(request, "crm/duplicates/merged.html", context)


@requires("crm.merge_clients")
@require_POST
def merge_undo(request: Request, pk: int) -> HttpResponse:
    """Take a merge back, and say what did not come back as it was."""
    found = find_merge(request, pk)
    try:
        came = services.undo_merge(by=request.user, merge=found)
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("crm:merge-detail", pk)
    messages.success(request, _("%(name)s stands for itself again.") % {"name": found.gone.name})
    for note in came.notes[:NOTES_SHOWN]:
        messages.warning(request, note)
    return redirect("crm:client", found.gone_id)


def find_merge(request: Request, pk: int) -> Merge:
    """The merge, where the user may see the client that stayed."""
    rows = Merge.objects.visible_to(request.user).select_related("client", "gone", "by", "undone_by")
    return get_object_or_404(rows, pk=pk)
