"""Sources that tell the same thing differently: of a client, and the order in which they are believed."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.http import Request
from crm.ids import id_of
from crm.models import SourceOrder
from crm.views.client_page import find_client
from crm.views.who import done_or_told, form_page
from tiering import display
from tiering.forms_sources import DecisionForm, OrderForm
from tiering.models import SourceConflict, SourceDecision
from tiering.pages.quality import definition_of
from tiering.pages.sources import differences, source_name
from tiering.selectors.catalogue import catalogue
from tiering.selectors.known_sources import known_sources
from tiering.services.sources import decide_between, remove_order, set_order, undo_decision

ORDERS = ("tiering:source-orders",)
LISTED = 20


@requires("tiering.view_tiers", post="crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def client_sources(request: Request, pk: int, metric: str) -> HttpResponse:
    """What the sources of a client say of a metric; posted to, which of it counts."""
    found, names = find_client(request, pk), catalogue()
    conflict = SourceConflict.objects.visible_to(request.user).filter(client=found, metric=metric).first()
    decisions = SourceDecision.objects.filter(client=found, metric=metric)
    if metric not in names:
        raise Http404
    can_change = request.user.has_perm("crm.change_client", found)
    shown = next(differences([conflict], names), None) if conflict else None
    form = DecisionForm(request.POST if request.method == "POST" else None)
    said = decisions.select_related("decided_by", "ended_by")[:LISTED]
    return form_page(
        request,
        form=form,
        act=lambda: decide_between(by=request.user, client=found, metric=metric, **form.cleaned_data),
        title=definition_of(metric, names).label,
        done=_("It counts from now on."),
        back=("tiering:client-sources", pk, metric),
        client=found,
        template="tiering/quality/sources.html",
        definition=definition_of(metric, names),
        difference=shown,
        can_change=can_change,
        may_decide=can_change and conflict is not None and conflict.settled != "override",
        decisions=[
            (one, source_name(one.source), display.metric_value(metric, one.value, names)) for one in said
        ],
    )


@requires("crm.change_client")
@require_POST
def decision_undo(request: Request, pk: int) -> HttpResponse:
    """Take a decision back."""
    found = get_object_or_404(SourceDecision.objects.visible_to(request.user), pk=pk)
    return done_or_told(
        request,
        lambda: undo_decision(by=request.user, decision=found),
        _("The decision is taken back."),
        ("tiering:client-sources", found.client_id, found.metric),
    )


@requires("tiering.view_tiers")
@require_safe
def orders(request: Request) -> HttpResponse:
    """Every declared order, that of all other metrics first."""
    names = catalogue()
    context = {
        "orders": [
            (
                one,
                definition_of(one.metric, names).label if one.metric else _("Every other metric"),
                [source_name(source) for source in one.sources],
            )
            for one in SourceOrder.objects.all()
        ],
        "may_write": request.user.has_perm("crm.write_metrics"),
    }
    return render(request, "tiering/quality/orders.html", context)


@requires("crm.write_metrics")
@require_http_methods(["GET", "HEAD", "POST"])
def order_form(request: Request, pk: int | None = None) -> HttpResponse:
    """Declare an order, or change one."""
    order = get_object_or_404(SourceOrder, pk=pk) if pk else None
    form = OrderForm(request.POST if request.method == "POST" else None, names=catalogue(), order=order)
    return form_page(
        request,
        form=form,
        act=lambda: set_order(by=request.user, **form.given()),
        title=_("Change the order") if order else _("New order"),
        done=_("Saved. Clients whose sources differ are tiered anew."),
        back=ORDERS,
        template="tiering/quality/order_form.html",
        order=order,
        known=known_sources(),
    )


@requires("crm.write_metrics")
@require_POST
def order_remove(request: Request, pk: int) -> HttpResponse:
    order = get_object_or_404(SourceOrder, pk=pk)
    version = id_of(request.POST.get("version")) or 0
    return done_or_told(
        request,
        lambda: remove_order(by=request.user, order=order, version=version),
        _("The order is removed."),
        ORDERS,
    )
