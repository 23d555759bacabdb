"""Where a client is in its life: a card of its page that says why, and setting a stage by hand."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.forms.stages import StageForm
from crm.http import Request
from crm.models import Axis, StageChange, StageHold
from crm.presence import may_have
from crm.selectors.stages import changes_of, client_rules, reason_text, stage_label, stages_of
from crm.services import stages as services
from crm.views.client_page import find_client
from crm.views.people import find_own_client
from crm.views.who import done_or_told, form_page

CHANGES = 6


@requires("crm.view_client")
@require_safe
def stage(request: Request, pk: int) -> HttpResponse:
    """The card: both axes with why, what is held by hand, and the latest changes."""
    found = find_client(request, pk)
    changes = changes_of(found, request.user, CHANGES) if may_have(found, StageChange) else []
    context = {
        "client": found,
        "stages": stages_of(found, timezone.localdate()),
        "changes": [
            (change, stage_label(change.axis, change.value), reason_text(change.why)) for change in changes
        ],
        "derives": client_rules().derives,
        "can_change": request.user.has_perm("crm.change_client", found),
    }
    return render(request, "crm/who/_stage_card.html", context)


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def stage_set(request: Request, pk: int, axis: str) -> HttpResponse:
    if axis not in Axis.values:
        raise Http404
    found = find_own_client(request, pk)
    form = StageForm(request.POST if request.method == "POST" else None, client=found, axis=Axis(axis))
    return form_page(
        request,
        form=form,
        act=lambda: services.set_stage(by=request.user, client=found, axis=axis, **form.cleaned_data),
        title=_("Set by hand: %(stage)s") % {"stage": Axis(axis).label},
        done=_("Saved."),
        back=("crm:client", pk),
        client=found,
    )


@requires("crm.change_client")
@require_POST
def stage_lift(request: Request, pk: int) -> HttpResponse:
    holds = StageHold.objects.visible_to(request.user).select_related("client")
    hold = get_object_or_404(holds, pk=pk)
    if not request.user.has_perm("crm.change_client", hold.client):
        raise PermissionDenied
    return done_or_told(
        request,
        lambda: services.lift_stage(by=request.user, hold=hold),
        _("The rule decides again."),
        ("crm:client", hold.client_id),
    )
