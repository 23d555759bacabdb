"""Notes about a client, and following it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError, Invalid, NotPermitted
from crm.forms.interactions import NoteEditForm, NoteForm
from crm.http import Request
from crm.models import Follow, Note
from crm.presence import may_have
from crm.repeats import do_once
from crm.selectors.audience import follows
from crm.selectors.notes import versions_of
from crm.services.following import follow_client, unfollow_client
from crm.services.notes import edit_note, remove_note, write_note
from crm.views.client_page import find_client
from crm.views.preferences import return_to


def find_note(request: Request, pk: int) -> Note:
    """The note, or 404 where the user may not see it."""
    notes = Note.objects.visible_to(request.user).select_related("client", "author")
    return get_object_or_404(notes, pk=pk)


@requires("crm.write_notes")
@require_http_methods(["GET", "HEAD", "POST"])
def note_new(request: Request, pk: int) -> HttpResponse:
    """Write a note about a client; refused, it comes back as a page with what was typed."""
    client = find_client(request, pk)
    if not request.user.has_perm("crm.write_notes", client):
        raise PermissionDenied
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            do_once(request, lambda: write_note(by=request.user, client=client, **form.cleaned_data).pk)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("The note is kept."))
            return redirect("crm:client-tab", pk, "timeline")
    context = {"form": form, "client": client}
    return render(request, "crm/notes/form.html", context, status=422 if form.errors else 200)


@requires("crm.write_notes")
@require_http_methods(["GET", "HEAD", "POST"])
def note_edit(request: Request, pk: int) -> HttpResponse:
    """Change a note of one's own. Where somebody changed it first, it says so and what was typed stays."""
    note = find_note(request, pk)
    if note.author_id != request.user.pk:
        raise PermissionDenied
    given = {"text": note.text, "is_pinned": note.is_pinned, "version": note.version}
    form = NoteEditForm(request.POST if request.method == "POST" else None, initial=given)
    if form.is_valid():
        try:
            edit_note(by=request.user, note=note, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("crm:client-tab", note.client_id, "timeline")
    context = {"form": form, "client": note.client, "note": note}
    return render(request, "crm/notes/form.html", context, status=422 if form.errors else 200)


@requires("crm.write_notes")
@require_POST
def note_pin(request: Request, pk: int) -> HttpResponse:
    """Pin a note to the top of the timeline, or let it go from there."""
    note = find_note(request, pk)
    try:
        edit_note(by=request.user, note=note, version=note.version, is_pinned="pin" in request.POST)
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("crm:client-tab", note.client_id, "timeline")


@requires("crm.write_notes")
@require_POST
def note_remove(request: Request, pk: int) -> HttpResponse:
    note = find_note(request, pk)
    try:
        remove_note(by=request.user, note=note, version=note.version)
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The note is removed. Its history is kept."))
    return redirect("crm:client-tab", note.client_id, "timeline")


@requires("crm.view_client")
@require_safe
def note_history(request: Request, pk: int) -> HttpResponse:
    """What a note said, version by version."""
    note = find_note(request, pk)
    context = {"note": note, "client": note.client, "versions": versions_of(note)}
    return render(request, "crm/notes/history.html", context)


@requires("crm.view_client")
@require_safe
def follow_button(request: Request, pk: int) -> HttpResponse:
    """Beside the client's name: whether one follows it, and the button that changes it."""
    client = find_client(request, pk)
    context = {"client": client, "is_followed": may_have(client, Follow) and follows(request.user, client)}
    return render(request, "crm/notes/_follow.html", context)


@requires("crm.view_client")
@require_POST
def client_follow(request: Request, pk: int) -> HttpResponse:
    """Follow a client, or with `stop` follow it no more."""
    client = find_client(request, pk)
    if "stop" in request.POST:
        unfollow_client(by=request.user, client=client)
    else:
        follow_client(by=request.user, client=client)
    if request.htmx:
        context = {"client": client, "is_followed": follows(request.user, client)}
        return render(request, "crm/notes/_follow.html", context)
    return redirect(return_to(request, f"/clients/{pk}/"))
