"""What people do about a case beside moving it."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.access import requires
from crm.http import Request
from crm.repeats import do_once
from crm.views.saying import refused_in, saying
from funnel import forms_case as forms
from funnel.models import Case, CheckItem, CoLender
from funnel.services import cases, moves, work
from funnel.views.case_page import held_case, visible_case, worked_case


@requires("funnel.move_case")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Say anew what a case is about."""
    case = held_case(request.user, pk)
    form = forms.EditCase(request.POST if request.method == "POST" else None, case=case, user=request.user)
    if request.method == "POST" and form.is_valid():
        with refused_in(form):
            cases.edit_case(
                case=case, revision=form.cleaned_data["revision"], by=request.user, details=form.details
            )
            messages.success(request, _("The case is changed."))
            return redirect("funnel:case", pk)
    context = {"case": case, "form": form}
    return render(request, "funnel/case_edit.html", context, status=422 if form.errors else 200)


@requires("funnel.add_case")
@require_POST
def clone(request: Request, pk: int) -> HttpResponse:
    """Begin another case like this one."""
    case = held_case(request.user, pk)
    made = pk
    with saying(request, _("Another case like it is open.")):
        made = do_once(request, lambda: cases.clone_case(case=case, by=request.user).pk)
    return redirect("funnel:case", made)


@requires("funnel.work_on_cases")
@require_POST
def add_check(request: Request, pk: int) -> HttpResponse:
    case = worked_case(request.user, pk)
    form = forms.NewCheck(request.POST, case=case)
    if sound(request, form):
        with saying(request, _("The point is added.")):
            work.add_check(case=case, by=request.user, **form.cleaned_data)
    return back(case, "checks")


@requires("funnel.work_on_cases")
@require_POST
def plan_check(request: Request, pk: int) -> HttpResponse:
    """Who looks after a point, by when."""
    check = check_of(request, pk)
    form = forms.PlanCheck(request.POST, check=check)
    if sound(request, form):
        with saying(request, _("The point is planned.")):
            work.plan_check(check=check, by=request.user, **form.cleaned_data)
    return back(check.case, "checks")


@requires("funnel.work_on_cases")
@require_POST
def finish_check(request: Request, pk: int) -> HttpResponse:
    """What was found, how risky it is, and the evidence."""
    check = check_of(request, pk)
    form = forms.FinishCheck(request.POST, request.FILES, check=check)
    if sound(request, form):
        with saying(request, _("The point is finished.")):
            work.finish_check(check=check, by=request.user, **form.cleaned_data)
    return back(check.case, "checks")


@requires("funnel.work_on_cases")
@require_POST
def reopen_check(request: Request, pk: int) -> HttpResponse:
    check = check_of(request, pk)
    form = Revision(request.POST)
    if sound(request, form):
        with saying(request, _("The point is open again.")):
            work.reopen_check(check=check, by=request.user, **form.cleaned_data)
    return back(check.case, "checks")


@requires("funnel.approve_cases")
@require_POST
def decide_waiver(request: Request, pk: int) -> HttpResponse:
    """Grant or refuse that a condition precedent need not be met."""
    check = get_object_or_404(CheckItem.objects.visible_to(request.user), pk=pk)
    check.case = visible_case(request.user, check.case_id)
    form = forms.DecideWaiver(request.POST)
    if sound(request, form):
        given = form.cleaned_data
        with saying(request, _("Your decision is noted.")):
            work.decide_waiver(
                check=check,
                revision=given["revision"],
                is_granted=given["verdict"] == "grant",
                remark=given["remark"],
                by=request.user,
            )
    return back(check.case, "checks")


@requires("funnel.add_document")
@require_POST
def add_document(request: Request, pk: int) -> HttpResponse:
    case = visible_case(request.user, pk)
    form = forms.NewDocument(request.POST, request.FILES)
    if sound(request, form):
        with saying(request, _("The document is kept.")):
            work.add_document(case=case, by=request.user, **form.cleaned_data)
    return back(case, "documents")


@requires("funnel.approve_cases")
@require_POST
def say(request: Request, pk: int) -> HttpResponse:
    """Approve of a case's entering a stage, or refuse it."""
    case = visible_case(request.user, pk)
    form = forms.Say(request.POST, case=case)
    if sound(request, form):
        given = form.cleaned_data
        with saying(request, _("What you said is noted.")):
            work.say(
                case=case,
                stage=given["stage"],
                is_approved=given["verdict"] == "approve",
                by=request.user,
                comment=given["comment"],
            )
    return back(case, "approvals")


@requires("funnel.waive_gates")
@require_POST
def waive(request: Request, pk: int) -> HttpResponse:
    """Let a case pass gates that it does not meet."""
    case = visible_case(request.user, pk)
    form = forms.Waive(request.POST, case=case)
    if sound(request, form):
        with saying(request, _("The case may pass without what is missing.")):
            moves.waive_gates(
                case=case,
                to_stage=form.cleaned_data["stage"],
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
    return back(case, "requirements")


@requires("funnel.move_case")
@require_POST
def set_team(request: Request, pk: int) -> HttpResponse:
    case = held_case(request.user, pk)
    form = forms.Team(request.POST, case=case)
    if sound(request, form):
        with saying(request, _("The team is changed.")):
            cases.set_team(case=case, people=form.cleaned_data["people"], by=request.user)
    return back(case, "details")


@requires("funnel.move_case")
@require_POST
def add_co_lender(request: Request, pk: int) -> HttpResponse:
    case = held_case(request.user, pk)
    form = forms.NewCoLender(request.POST)
    if sound(request, form):
        with saying(request, _("The co-lender is added.")):
            cases.add_co_lender(case=case, by=request.user, **form.cleaned_data)
    return back(case, "details")


@requires("funnel.move_case")
@require_POST
def remove_co_lender(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(CoLender.objects.visible_to(request.user), pk=pk)
    case = held_case(request.user, found.case_id)
    with saying(request, _("The co-lender is taken out.")):
        cases.remove_co_lender(co_lender=found, by=request.user)
    return back(case, "details")


class Revision(django_forms.Form):
    revision = django_forms.IntegerField(min_value=1)


def check_of(request: Request, pk: int) -> CheckItem:
    """The point, if the user works on its case; refused otherwise."""
    found = get_object_or_404(CheckItem.objects.visible_to(request.user), pk=pk)
    found.case = worked_case(request.user, found.case_id)
    return found


def sound(request: Request, form: django_forms.Form) -> bool:
    """Whether the form can be used; what is wrong with it stands on the next page."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else None
        for error in errors:
            messages.error(request, f"{label}: {error}" if label else str(error))
    return not form.errors


def back(case: Case, part: str) -> HttpResponse:
    address: Any = reverse("funnel:case", args=[case.pk])
    return redirect(f"{address}#{part}")
