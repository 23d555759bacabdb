"""What follows from a client's tier, and what to offer next: fragments of the client page, and cards on Today."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.http import Request
from crm.models import Client
from tiering.models import FacilityChange, PeriodicReview
from tiering.pages.consequences import consequence_lines
from tiering.pages.facility_changes import change_line
from tiering.pages.offers import offer_lines
from tiering.selectors.consequences import consequences_of
from tiering.selectors.criteria import primary_scheme
from tiering.selectors.due import (
    AHEAD,
    beyond_a_year,
    contact_days_due,
    contacts_due,
    overdue,
    reviews_to_do,
    with_contact_due,
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


@requires("crm.add_client")
@require_safe
def today_contacts(request: Request) -> HttpResponse:
    """Clients of one's book whom somebody has to speak to, by the frequency of their tier."""
    scheme = primary_scheme()
    policy = tier_policy(scheme) if scheme else None
    if scheme is None or policy is None:
        return HttpResponse()
    due = contacts_due(Client.objects.editable_by(request.user), scheme, policy, timezone.now())
    clients = with_contact_due(due).order_by("contact_due_on", "pk")
    context = {"clients": clients[:ROWS], "count": due.count()}
    return render(request, "tiering/today/_contacts.html", context)


@requires("tiering.view_tiers")
@require_safe
def today_periodic(request: Request) -> HttpResponse:
    """Reviews that this reader has to prepare or to sign, and how many were missed."""
    user, day = request.user, timezone.localdate()
    rows = reviews_to_do(user)
    if user.has_perm("tiering.sign_reviews"):
        mine = rows.filter(status=Status.PREPARED).exclude(Q(prepared_by=user) | Q(client__rm=user))
    elif user.has_perm("tiering.prepare_reviews"):
        mine = rows.editable_by(user).filter(status=Status.OPEN, due_on__lte=day + AHEAD)
    else:
        mine = rows.none()
    context = {
        "reviews": mine.select_related("client").order_by("due_on", "pk")[:ROWS],
        "count": mine.count(),
        "beyond": beyond_a_year(rows, day).count(),
        "overdue": overdue(rows, day).count(),
        "today": day,
    }
    return render(request, "tiering/today/_periodic.html", context)


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
