"""Changing many clients at once: choose what, look at what it would do, apply, take back."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from crm import slots
from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.ids import ids_of
from crm.models import BulkEdit, BulkItem, KeptRecord
from crm.services import bulk_edits
from crm.undoing.words import explained
from crm.views.preferences import return_to

SHOWN = 100
REFUSALS = {
    "not_held": _("Not in your book: only who holds a client changes it."),
    "changed_since": _("Somebody changed it after you looked."),
    "field_of_another_kind": _("Clients of this kind have no such field."),
    "person_has_no_life_cycle": _("A person has no life-cycle stage."),
    "tag_of_another_team": _("The client belongs to another team than the tag."),
}


@requires("crm.change_client")
@require_POST
def bulk_new(request: Request) -> HttpResponse:
    """Begin with the clients that are selected, or with all that the list shows."""
    everyone = "all" in request.POST
    try:
        edit = bulk_edits.choose(
            by=request.user,
            clients=ids_of(request.POST.getlist("client")),
            query=request.POST.get("list", "") if everyone else None,
        )
    except DomainError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(return_to(request, reverse("crm:client-list")))
    return HttpResponseRedirect(reverse("crm:bulk", args=[edit.pk]))


@requires("crm.change_client")
@require_safe
def bulk(request: Request, pk: int) -> HttpResponse:
    """A change as it stands: to be chosen, previewed, under way, done."""
    return render(request, "crm/bulk/edit.html", _context(request, _own(request, pk)))


@requires("crm.change_client")
@require_POST
def bulk_act(request: Request, pk: int) -> HttpResponse:
    """Plan, apply, or take back."""
    edit = _own(request, pk)
    try:
        match request.POST.get("step"):
            case "apply":
                bulk_edits.apply(by=request.user, edit=edit)
            case "undo":
                bulk_edits.undo(by=request.user, edit=edit)
            case _:
                act = request.POST.get("act", "")
                value = request.POST.get(f"value_{act}", "")
                bulk_edits.plan(by=request.user, edit=edit, act=act, value=value)
    except DomainError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("crm:bulk", args=[edit.pk]))


@requires("crm.change_client")
@require_safe
def bulk_progress(request: Request, pk: int) -> HttpResponse:
    """Polled while the work goes on; when it is done the page loads anew."""
    edit = _own(request, pk)
    if not edit.is_running:
        return HttpResponseClientRefresh()
    return render(request, "crm/bulk/_progress.html", {"edit": edit})


def _own(request: Request, pk: int) -> BulkEdit:
    return get_object_or_404(BulkEdit, pk=pk, by=request.user)


def _context(request: Request, edit: BulkEdit) -> dict:
    acts = [
        (act, act.options(request.user) if act.options else None)
        for act in slots.bulk_acts.for_user(request.user)
    ]
    labels = _labels(request, edit)
    groups = (
        edit.items.filter(outcome=BulkItem.Outcome.CHANGE)
        .values_list("before")
        .annotate(n=Count("pk"))
        .order_by("-n")[:SHOWN]
    )
    items = (
        edit.items.exclude(outcome=BulkItem.Outcome.SAME).select_related("client").order_by("-outcome", "pk")
    )
    kept = KeptRecord.objects.filter(written_in=edit.written_in)[:SHOWN] if edit.written_in else ()
    return {
        "edit": edit,
        "after": labels.get(edit.value, edit.label),
        "acts": acts,
        "chosen": slots.bulk_acts.get(edit.act, request.user),
        "outcomes": [(label, edit.counts.get(value, 0)) for value, label in BulkItem.Outcome.choices],
        "groups": [(labels.get(before, before), n) for before, n in groups],
        "items": [
            (item, labels.get(item.before, item.before), REFUSALS.get(item.code, ""))
            for item in items[:SHOWN]
        ],
        "kept": explained(kept),
        "back": reverse("crm:client-list"),
    }


def _labels(request: Request, edit: BulkEdit) -> dict[str, str]:
    act = slots.bulk_acts.get(edit.act, request.user)
    return (
        {option.value: str(option.label) for option in act.options(request.user)}
        if act and act.options
        else {}
    )
