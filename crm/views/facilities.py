"""The page of a facility: its terms, what secures it, its instalments; and the forms that enter and change them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import slots
from crm.access import requires
from crm.forms.facilities import (
    CollateralEditForm,
    CollateralForm,
    FacilityEditForm,
    FacilityForm,
    PaymentForm,
    PlanForm,
    ScheduleForm,
)
from crm.http import Request
from crm.models import Collateral, Facility, Payment
from crm.repeats import do_once
from crm.selectors.facilities import account_of
from crm.services import facilities as services
from crm.services import repayment
from crm.views.people import find_own_client
from crm.views.who import done_or_told, form_page

METHODS = ["GET", "HEAD", "POST"]


@requires("crm.view_client")
@require_safe
def facility(request: Request, pk: int) -> HttpResponse:
    found = find_facility(request, pk)
    context = {
        "facility": found,
        "client": found.client,
        "account": account_of(found, timezone.localdate()),
        "today": timezone.localdate(),
        "can_change": request.user.has_perm("crm.change_client", found.client),
        "panels": slots.facility_panels.for_user(request.user),
    }
    return render(request, "crm/conduct/facility.html", context)


@requires("crm.change_client")
@require_http_methods(METHODS)
def facility_new(request: Request, pk: int) -> HttpResponse:
    found = find_own_client(request, pk)
    form = FacilityForm(request.POST if request.method == "POST" else None, client=found, user=request.user)
    return form_page(
        request,
        form=form,
        act=lambda: do_once(
            request, lambda: services.open_facility(by=request.user, client=found, **form.cleaned_data).pk
        ),
        title=_("New facility"),
        done=_("The facility is entered. Its schedule comes next: open it."),
        back=("crm:client-tab", pk, "exposures"),
        client=found,
    )


@requires("crm.change_client")
@require_http_methods(METHODS)
def facility_edit(request: Request, pk: int) -> HttpResponse:
    found = find_own_facility(request, pk)
    data = request.POST if request.method == "POST" else None
    form = FacilityEditForm(data, facility=found, user=request.user)
    return form_page(
        request,
        form=form,
        act=lambda: services.change_facility(by=request.user, facility=found, **form.cleaned_data),
        title=_("Change %(name)s") % {"name": found.number},
        done=_("Saved."),
        back=("crm:facility", pk),
        back_name=found.number,
    )


@requires("crm.change_client")
@require_http_methods(METHODS)
def facility_plan(request: Request, pk: int) -> HttpResponse:
    """Generate the instalments by one of three plans."""
    found = find_own_facility(request, pk)
    form = PlanForm(request.POST if request.method == "POST" else None, facility=found)
    return form_page(
        request,
        form=form,
        act=lambda: repayment.plan_repayment(by=request.user, facility=found, **form.cleaned_data),
        title=_("Generate the schedule"),
        done=_("The schedule stands."),
        back=("crm:facility", pk),
        back_name=found.number,
        intro=_("It takes the place of the instalments of which nothing is paid."),
    )


@requires("crm.change_client")
@require_http_methods(METHODS)
def facility_schedule(request: Request, pk: int) -> HttpResponse:
    """Enter the instalments as a list, or paste them from a spreadsheet."""
    found = find_own_facility(request, pk)
    form = ScheduleForm(request.POST if request.method == "POST" else None, facility=found)

    def act() -> None:
        said = form.cleaned_data
        repayment.enter_schedule(
            by=request.user, facility=found, version=said["version"], planned=said["lines"]
        )

    return form_page(
        request,
        form=form,
        act=act,
        title=_("Enter the schedule"),
        done=_("The schedule stands."),
        back=("crm:facility", pk),
        back_name=found.number,
        intro=_("The list takes the place of the instalments of which nothing is paid, in %(currency)s.")
        % {"currency": found.own_currency},
    )


@requires("crm.change_client")
@require_http_methods(METHODS)
def payment_pay(request: Request, pk: int) -> HttpResponse:
    """Note what came in for an instalment."""
    found = find_own_payment(request, pk)
    form = PaymentForm(request.POST if request.method == "POST" else None, payment=found)
    return form_page(
        request,
        form=form,
        act=lambda: repayment.note_payment(by=request.user, payment=found, **form.cleaned_data),
        title=_("Note a payment"),
        done=_("The payment is noted."),
        back=("crm:facility", found.facility_id),
        back_name=found.facility.number,
    )


@requires("crm.change_client")
@require_POST
def payment_take_back(request: Request, pk: int) -> HttpResponse:
    found = find_own_payment(request, pk)
    return done_or_told(
        request,
        lambda: repayment.take_payment_back(by=request.user, payment=found),
        _("The instalment is open again."),
        ("crm:facility", found.facility_id),
    )


@requires("crm.change_client")
@require_http_methods(METHODS)
def collateral_new(request: Request, pk: int) -> HttpResponse:
    found = find_own_facility(request, pk)
    form = CollateralForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        form=form,
        act=lambda: do_once(
            request,
            lambda: services.add_collateral(by=request.user, facility=found, **form.cleaned_data).pk,
        ),
        title=_("Add collateral"),
        done=_("The collateral is entered."),
        back=("crm:facility", pk),
        back_name=found.number,
    )


@requires("crm.change_client")
@require_http_methods(METHODS)
def collateral_edit(request: Request, pk: int) -> HttpResponse:
    found = find_own_collateral(request, pk)
    form = CollateralEditForm(request.POST if request.method == "POST" else None, collateral=found)
    return form_page(
        request,
        form=form,
        act=lambda: services.change_collateral(by=request.user, collateral=found, **form.cleaned_data),
        title=_("Change %(name)s") % {"name": found.name},
        done=_("Saved."),
        back=("crm:facility", found.facility_id),
        back_name=found.facility.number,
    )


@requires("crm.change_client")
@require_POST
def collateral_release(request: Request, pk: int) -> HttpResponse:
    found = find_own_collateral(request, pk)
    return done_or_told(
        request,
        lambda: services.release_collateral(by=request.user, collateral=found),
        _("The collateral is released."),
        ("crm:facility", found.facility_id),
    )


def find_facility(request: Request, pk: int) -> Facility:
    rows = Facility.objects.visible_to(request.user).select_related("client", "project")
    return get_object_or_404(rows, pk=pk)


def find_own_facility(request: Request, pk: int) -> Facility:
    """The facility, where the user may change its client; 404 where they may not even see it."""
    found = find_facility(request, pk)
    if not request.user.has_perm("crm.change_client", found.client):
        raise PermissionDenied
    return found


def find_own_payment(request: Request, pk: int) -> Payment:
    """The same for an instalment."""
    rows = Payment.objects.visible_to(request.user).select_related("facility__client")
    found = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("crm.change_client", found.facility.client):
        raise PermissionDenied
    return found


def find_own_collateral(request: Request, pk: int) -> Collateral:
    """The same for collateral."""
    rows = Collateral.objects.visible_to(request.user).select_related("client", "facility")
    found = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("crm.change_client", found.client):
        raise PermissionDenied
    return found
