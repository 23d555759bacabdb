"""Tabs of the client page: fragments of one client's records."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.http import Request
from crm.selectors.audit import audit_of
from crm.selectors.records import (
    facilities_of,
    participations_of,
    payments_of,
)
from crm.views.client_page import find_client


@requires("crm.view_client")
@require_safe
def projects(request: Request, pk: int) -> HttpResponse:
    found = find_client(request, pk)
    context = {
        "client": found,
        "participations": participations_of(found, request.user),
        "can_change": request.user.has_perm("crm.change_client", found),
    }
    return render(request, "crm/client/_projects_tab.html", context)


@requires("crm.view_client")
@require_safe
def exposures(request: Request, pk: int) -> HttpResponse:
    found, today = find_client(request, pk), timezone.localdate()
    context = {
        "client": found,
        "today": today,
        "facilities": facilities_of(found, request.user, today).select_related("project"),
        "payments": payments_of(found, request.user),
        "can_change": request.user.has_perm("crm.change_client", found),
    }
    return render(request, "crm/client/_exposures_tab.html", context)


@requires("crm.view_audit")
@require_safe
def audit(request: Request, pk: int) -> HttpResponse:
    found = find_client(request, pk)
    return render(request, "crm/client/_audit_tab.html", {"client": found, "entries": audit_of(found)})
