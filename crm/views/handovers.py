"""Handing a book of clients over: chosen, looked at before, done, and taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import slots
from crm.access import requires
from crm.forms.handovers import HandoverForm
from crm.http import Request
from crm.ids import id_of, ids_of
from crm.models import Client, Handover, HandoverItem
from crm.paging import Order, page_asked
from crm.repeats import do_once
from crm.selectors.client_list import ListQuery, options_of
from crm.selectors.handovers import Plan, outcomes_of, preview_of, with_counts
from crm.services.handovers import hand_over, undo_handover
from crm.views.saying import refused_in, saying

PAGE = 30
KEPT_SHOWN = 50
NOT_A_CHOICE = {"rm"}
"""Filters of the list that make no sense where the RM is given."""


@requires("crm.view_handovers")
@require_safe
def handover_list(request: Request) -> HttpResponse:
    """What was handed over in the team, the latest first."""
    rows = with_counts(Handover.objects.visible_to(request.user))
    page = page_asked(request.GET, rows, Order("pk", descending=True), PAGE)
    return render(request, "crm/handovers/list.html", {"page": page, "now": timezone.now()})


@requires("crm.assign_rm")
@require_http_methods(["GET", "HEAD", "POST"])
def handover_new(request: Request) -> HttpResponse:
    """Say who hands over what to whom; look at what that does; do it. Clients chosen in the list come along as ids."""
    is_asked = request.method == "POST" and "giver" in request.POST
    chosen = ids_of(request.POST.getlist("client"))
    form = HandoverForm(
        request.POST if is_asked else None,
        user=request.user,
        is_whole=not chosen,
        initial={"giver": giver_asked(request)},
    )
    preview = None
    if form.is_valid():
        plan = plan_of(request, form)
        with refused_in(form):
            if "do" in request.POST:
                reason = form.cleaned_data["reason"]
                pk = do_once(request, lambda: hand_over(by=request.user, plan=plan, reason=reason).pk)
                messages.success(request, _("The clients are handed over. Everybody concerned is told."))
                return redirect("crm:handover", pk)
            preview = preview_of(plan, request.user)
    context = {
        "form": form,
        "preview": preview,
        "chosen": chosen,
        "filters": filters_of(request),
    }
    return render(request, "crm/handovers/new.html", context, status=422 if form.errors else 200)


def giver_asked(request: Request) -> int | None:
    """Whom the address names, or who holds the first of the clients that were chosen."""
    chosen = ids_of(request.POST.getlist("client"))
    held = Client.objects.editable_by(request.user).filter(pk__in=chosen[:1]).values_list("rm", flat=True)
    return id_of(request.GET.get("giver")) or held.first()


def plan_of(request: Request, form: HandoverForm) -> Plan:
    """The clients are those that were chosen; without a choice all of the RM's book that the filters leave."""
    said = form.cleaned_data
    clients = ids_of(request.POST.getlist("client"))
    if not clients:
        book = ListQuery.read(request.POST, request.user, exact=True).clients().filter(rm=said["giver"])
        clients = list(book.values_list("pk", flat=True))
    return Plan(giver=said["giver"], receivers=list(said["receivers"]), clients=clients, parts=said["parts"])


def filters_of(request: Request) -> list[tuple[slots.ListFilter, object, list[str]]]:
    """The filters of the client list with their choices, and what was chosen."""
    return [
        (entry, options_of(entry, request.user), request.POST.getlist(entry.key))
        for entry in slots.list_filters.for_user(request.user)
        if entry.key not in NOT_A_CHOICE
    ]


@requires("crm.view_handovers")
@require_safe
def handover(request: Request, pk: int) -> HttpResponse:
    """What went to whom, and, once it was taken back, what could not be."""
    found = find_handover(request, pk)
    seen = Client.objects.visible_to(request.user)
    kept = found.items.filter(state=HandoverItem.State.KEPT, client__in=seen)
    moved = seen.filter(pk__in=found.items.filter(part="clients").values("client"))
    context = {
        "handover": found,
        "outcomes": outcomes_of(found),
        "kept": kept.select_related("client__rm", "to")[:KEPT_SHOWN],
        "clients": moved.select_related("rm").order_by("sort_key", "pk")[:KEPT_SHOWN],
        "may_undo": may_undo(request, found),
    }
    return render(request, "crm/handovers/handover.html", context)


def find_handover(request: Request, pk: int) -> Handover:
    return get_object_or_404(with_counts(Handover.objects.visible_to(request.user)), pk=pk)


def may_undo(request: Request, found: Handover) -> bool:
    is_open = found.undone_at is None and found.undo_until >= timezone.now()
    return is_open and request.user.has_perm("crm.assign_rm")


@requires("crm.assign_rm")
@require_POST
def handover_undo(request: Request, pk: int) -> HttpResponse:
    """Take back what nothing else has changed."""
    found = find_handover(request, pk)
    with saying(request, _("The handover is taken back.")):
        undo_handover(by=request.user, handover=found)
        kept = found.items.filter(part="clients", state=HandoverItem.State.KEPT).count()
        if kept:
            text = ngettext(
                "%(count)d client changed hands since, and stays as it is.",
                "%(count)d clients changed hands since, and stay as they are.",
                kept,
            )
            messages.warning(request, text % {"count": kept})
    return redirect("crm:handover", pk)
