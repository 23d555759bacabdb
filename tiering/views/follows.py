"""What follows from a client's tier, and what to offer next: fragments of the client page, and cards on Today."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.http import Request
from tiering.models import FacilityChange, PeriodicReview
from tiering.pages.consequences import consequence_lines
from tiering.pages.facility_changes import change_line
from tiering.pages.offers import offer_lines
from tiering.selectors.consequences import consequences_of
from tiering.selectors.criteria import primary_scheme
from tiering.selectors.due import (
    beyond_a_year,
    contact_days_due,
    reviews_to_do,
)
from tiering.selectors.offers import offers_of
from tiering.selectors.tier_policies import tier_policy
from tiering.views.client_panels import find_client

ROWS = 8
Status = PeriodicReview.Status


@requires("tiering.view_tiers")
@require_safe
def client_follows(request: Request, pk: int) -> HttpResponse:
    """What follows from the tier in force in the primary scheme, what is due, and what is proposed for facilities."""
    client, scheme = find_client(request, pk), primary_scheme()
    found = consequences_of(client, scheme) if scheme else None
    if scheme is None or found is None:
        return HttpResponse()
    policy = tier_policy(scheme)
    due = contact_days_due([client.pk], scheme, policy) if policy else {}
    waiting = FacilityChange.objects.filter(client=client, status=FacilityChange.Status.PROPOSED)
    context = {
        "found": found,
        "consequences": consequence_lines(found),
        "contact_due": due.get(client.pk),
        "review": reviews_to_do(request.user, scheme).filter(client=client).first(),
        "changes": [change_line(change) for change in waiting.select_related("facility")],
        "today": timezone.localdate(),
    }
    return render(request, "tiering/follows/_client.html", context)


@requires("tiering.view_tiers")
@require_safe
def client_offers(request: Request, pk: int) -> HttpResponse:
    """What to offer the client next, with the reason."""
    client = find_client(request, pk)
    found = offers_of(client, timezone.localdate())
    if found is None:
        return HttpResponse()
    return render(
        request, "tiering/follows/_offers.html", {"offers": offer_lines(found), "held": len(found.held)}
    )


@requires("tiering.view_tiers")
@require_safe
def today_missed(request: Request) -> HttpResponse:
    """How many clients nobody has reviewed for more than a year."""
    missed = beyond_a_year(reviews_to_do(request.user), timezone.localdate())
    return render(request, "tiering/today/_missed.html", {"count": missed.count()})


@requires("tiering.view_tiers")
@require_safe
def today_facilities(request: Request) -> HttpResponse:
    """Changes of facilities that this reader may decide on."""
    if not request.user.has_perm("tiering.decide_facilities"):
        return HttpResponse()
    rows = FacilityChange.objects.visible_to(request.user).filter(status=FacilityChange.Status.PROPOSED)
    mine = rows.exclude(client__rm=request.user).select_related("client", "facility").order_by("-pk")
    context = {"lines": [change_line(change) for change in mine[:ROWS]], "count": mine.count()}
    return render(request, "tiering/today/_facilities.html", context)
