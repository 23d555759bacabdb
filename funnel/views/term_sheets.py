"""The term sheets of a case: drafted, issued, approved where they depart from the policy, and taken away as a paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.http import Request, download
from crm.views.saying import refused_in, saying
from funnel import forms_term_sheets as forms
from funnel.models import TermSheet
from funnel.pages.term_sheet import departure_text, held_against, lines_of, pdf_of_sheet
from funnel.selectors.approvals import is_party
from funnel.services import term_sheets as services
from funnel.views.case_page import held_case, visible_case
from funnel.views.case_work import sound


@requires("funnel.move_case")
@require_POST
def draft(request: Request, pk: int) -> HttpResponse:
    """Begin the next version."""
    case = held_case(request.user, pk)
    with saying(request, _("The draft says what the policy asks for. Change it, then submit it.")):
        made = services.draft_term_sheet(case=case, by=request.user)
        return redirect("funnel:term-sheet", made.pk)
    return redirect("funnel:case", pk)


@requires("funnel.view_cases")
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: Request, pk: int) -> HttpResponse:
    """A version: its terms beside the policy's, and its next step; a draft of one's own is changed here."""
    found = sheet_of(request, pk)
    if request.method != "POST":
        return sheet_page(request, found)
    check_held(request, found)
    form = forms.TermSheetForm(request.POST, sheet=found)
    if form.is_valid():
        with refused_in(form):
            services.save_term_sheet(
                sheet=found, revision=form.cleaned_data["revision"], said=form.said, by=request.user
            )
            messages.success(request, _("Saved."))
            return redirect("funnel:term-sheet", pk)
    return sheet_page(request, found, form=form, status=422)


def sheet_page(
    request: Request, found: TermSheet, form: forms.TermSheetForm | None = None, status: int = 200
) -> HttpResponse:
    case, user = found.case, request.user
    is_open = case.is_open
    edits = is_open and found.is_draft and user.has_perm("funnel.move_case", case.client)
    decides = found.status == TermSheet.Status.SUBMITTED and is_open and user.has_perm("funnel.approve_cases")
    _policy, departures = held_against(found)
    context: dict[str, Any] = {
        "sheet": found,
        "case": case,
        "lines": lines_of(found),
        "departures": [departure_text(one) for one in departures],
        "form": (form or forms.TermSheetForm(sheet=found)) if edits else None,
        "submit": forms.SubmitSheet(initial={"revision": found.revision, "why": found.why})
        if edits
        else None,
        "decide": forms.DecideSheet(initial={"revision": found.revision})
        if decides and not is_party(user, case) and user.pk not in found.authors
        else None,
        "versions": case.term_sheets.select_related("author", "approved_by"),
    }
    return render(request, "funnel/term_sheet/sheet.html", context, status=status)


@requires("funnel.move_case")
@require_POST
def submit(request: Request, pk: int) -> HttpResponse:
    """Issue it, or ask a second person to."""
    found = held_sheet(request, pk)
    form = forms.SubmitSheet(request.POST)
    if sound(request, form):
        with saying(request, _("The term sheet is submitted.")):
            services.submit_term_sheet(sheet=found, by=request.user, **form.cleaned_data)
    return redirect("funnel:term-sheet", pk)


@requires("funnel.approve_cases")
@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Issue a sheet that departs from the policy, or send it back."""
    found = sheet_of(request, pk)
    form = forms.DecideSheet(request.POST)
    if sound(request, form):
        given = form.cleaned_data
        with saying(request, _("Your decision is noted.")):
            services.decide_term_sheet(
                sheet=found,
                revision=given["revision"],
                is_approved=given["verdict"] == "approve",
                remark=given["remark"],
                by=request.user,
            )
    return redirect("funnel:term-sheet", pk)


@requires("funnel.move_case")
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    found = held_sheet(request, pk)
    form = forms.SubmitSheet(request.POST)
    if sound(request, form):
        with saying(request, _("The draft is gone.")):
            services.discard_term_sheet(sheet=found, revision=form.cleaned_data["revision"], by=request.user)
            return redirect("funnel:case", found.case_id)
    return redirect("funnel:term-sheet", pk)


@requires("funnel.view_cases")
@require_safe
def pdf(request: Request, pk: int) -> HttpResponse:
    """The paper for the client."""
    return download(*pdf_of_sheet(sheet_of(request, pk), request.user), "application/pdf")


def sheet_of(request: Request, pk: int) -> TermSheet:
    """The version, or 404 where the user may not see the client."""
    found = get_object_or_404(TermSheet.objects.visible_to(request.user), pk=pk)
    found.case = visible_case(request.user, found.case_id)
    return found


def held_sheet(request: Request, pk: int) -> TermSheet:
    found = sheet_of(request, pk)
    check_held(request, found)
    return found


def check_held(request: Request, found: TermSheet) -> None:
    if not request.user.has_perm("funnel.move_case", found.case.client):
        raise PermissionDenied
