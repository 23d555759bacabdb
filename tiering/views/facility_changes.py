"""Changes of facilities that follow from tiers: what waits, and the decisions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crm.access import requires
from crm.http import Request
from crm.ids import ids_of
from crm.paging import Order, page_asked
from tiering.forms_follows import FacilityDecisionForm
from tiering.models import FacilityChange
from tiering.pages.facility_changes import change_line
from tiering.services.facility_changes import decide_changes

SHOWN = 50
NEWEST_FIRST = Order("pk", descending=True)
MOST_DECISIONS = 300
Status = FacilityChange.Status


@requires("tiering.view_tiers")
@require_safe
def facility_changes(request: Request) -> HttpResponse:
    """What changes of tier propose for facilities; what waits, or what became of it (`?status=`)."""
    status = request.GET.get("status", Status.PROPOSED)
    if status not in Status.values:
        status = Status.PROPOSED
    rows = FacilityChange.objects.visible_to(request.user).filter(status=status)
    related = rows.select_related("client", "facility", "from_tier", "to_tier", "decided_by")
    page = page_asked(request.GET, related, NEWEST_FIRST, SHOWN)
    decides = request.user.has_perm("tiering.decide_facilities") and status == Status.PROPOSED
    context = {
        "page": page,
        "lines": [change_line(change) for change in page.rows],
        "tabs": [(value, label, value == status) for value, label in Status.choices],
        "status": status,
        "may_decide": decides,
        "form": FacilityDecisionForm(),
    }
    return render(request, "tiering/follows/facility_changes.html", context)


@requires("tiering.decide_facilities")
@require_POST
def decide(request: Request) -> HttpResponse:
    """Accept or decline the chosen changes, each for itself."""
    back = redirect(reverse("tiering:facility-changes"))
    form, ids = FacilityDecisionForm(request.POST), ids_of(request.POST.getlist("change"))[:MOST_DECISIONS]
    if not ids:
        messages.error(request, _("Select at least one change first."))
        return back
    if not form.is_valid():
        messages.error(request, _("Accept or decline the changes."))
        return back
    given = form.cleaned_data
    outcome = decide_changes(ids=ids, verdict=given["verdict"], by=request.user, reason=given["reason"])
    done = sum(one.ok for one in outcome)
    if done:
        text = ngettext("%(count)d change is decided.", "%(count)d changes are decided.", done)
        messages.success(request, text % {"count": done})
    for said in dict.fromkeys(str(one.error) for one in outcome if one.error):
        messages.error(request, said)
    return back
