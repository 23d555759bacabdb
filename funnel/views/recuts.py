"""Splitting a case, merging it into another one, and taking either back.

Nothing is done before it was shown: what differs from what was shown (`shown`) is shown first.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.access import requires
from crm.http import Request
from crm.repeats import do_once
from crm.views.saying import refused_in, saying
from funnel import errors
from funnel.forms_recuts import MergeForm, PartsFormSet, Reasoned, parts_of
from funnel.models import Case, Recut
from funnel.selectors.lineage import carried_by_merge, carried_by_split, together
from funnel.services import recuts
from funnel.views.case_page import held_case, visible_case

FORMS = ["GET", "HEAD", "POST"]


@requires("funnel.move_case")
@require_http_methods(FORMS)
def split(request: Request, pk: int) -> HttpResponse:
    """Say what the parts ask for, look at what they come to, and split."""
    case = open_case(request, pk)
    if request.method != "POST":
        seen = {"version": case.version, "revision": case.revision}
        return split_page(request, case, Reasoned(initial=seen), parts_of(case))
    if request.POST.get("act") == "more":
        return split_page(request, case, Reasoned(request.POST), parts_of(case, request.POST, more=1))
    form, rows = Reasoned(request.POST), parts_of(case, request.POST)
    if not (form.is_valid() and rows.is_valid()):
        return split_page(request, case, form, rows, status=422)
    given = {**form.cleaned_data, "parts": rows.parts, "by": request.user}
    with refused_in(form):
        shown = repr(rows.parts)
        if request.POST.get("act") == "split" and request.POST.get("shown") == shown:
            made = do_once(request, lambda: recuts.split_case(case=case, **given).pk)
            with saying(request, _("The case is split. These are its parts.")):
                return redirect("funnel:case", Recut.objects.get(pk=made).case_id)
        recuts.checked_split(case=case, **given)
        shares = [(part, part.amount / case.amount) for part in rows.parts]
        return split_page(request, case, form, rows, shares=shares, shown=shown)
    return split_page(request, case, form, rows, status=409)


def split_page(
    request: Request, case: Case, form: Reasoned, rows: PartsFormSet, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"case": case, "form": form, "rows": rows, "carried": carried_by_split(case), **more}
    return render(request, "funnel/recut/split.html", context, status=status)


@requires("funnel.move_case")
@require_http_methods(FORMS)
def merge(request: Request, pk: int) -> HttpResponse:
    """Choose the case that stays, look at what comes of it, and merge."""
    case = open_case(request, pk)
    form = MergeForm(request.POST if request.method == "POST" else None, case=case)
    if request.method != "POST" or not form.is_valid():
        return merge_page(request, case, form, status=422 if form.errors else 200)
    given = form.cleaned_data
    into: Case = given["into"]
    amount = given["amount"] or together(case, into)
    if amount is None:
        form.add_error("amount", str(errors.NoRate(currency=case.currency)))
        return merge_page(request, case, form, status=422)
    shown = f"{into.pk} {amount}"
    if request.POST.get("act") != "merge" or request.POST.get("shown") != shown:
        comes: dict[str, Any] = {"into": into, "amount": amount, "carried": carried_by_merge(case, into)}
        return merge_page(request, case, form, shown=shown, **comes)
    with refused_in(form):
        do_once(
            request,
            lambda: (
                recuts.merge_case(
                    case=case,
                    seen=(given["version"], given["revision"]),
                    into=into,
                    seen_into=(given["into_version"] or 0, given["into_revision"] or 0),
                    amount=amount,
                    reason=given["reason"],
                    by=request.user,
                ).pk
            ),
        )
        with saying(request, _("%(case)s is merged into this case.") % {"case": case.code}):
            return redirect("funnel:case", into.pk)
    return merge_page(request, case, form, status=409)


def merge_page(request: Request, case: Case, form: MergeForm, status: int = 200, **more: Any) -> HttpResponse:
    has_others = form.fields["into"].queryset.exists()  # type: ignore[attr-defined]
    context = {"case": case, "form": form, "has_others": has_others, **more}
    return render(request, "funnel/recut/merge.html", context, status=status)


@requires("funnel.move_case")
@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Take a split or a merge back."""
    recut = get_object_or_404(Recut.objects.visible_to(request.user), pk=pk)
    held_case(request.user, recut.case_id)
    with saying(request, _("It is taken back.")):
        recuts.undo_recut(recut=recut, reason=request.POST.get("reason", "")[:2000], by=request.user)
    return redirect("funnel:case", recut.case_id)


def open_case(request: Request, pk: int) -> Case:
    """A standing, open case of the user's; another is not there to be cut."""
    case = visible_case(request.user, pk)
    if not request.user.has_perm("funnel.move_case", case.client):
        raise PermissionDenied
    if not case.is_open:
        raise Http404
    return case
