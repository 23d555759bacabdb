"""Acts on many prospects: choose what, look at what it would do, apply, take back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.ids import ids_of
from crm.models import KeptRecord, User
from crm.undoing.words import explained
from crm.views.preferences import return_to
from funnel.forms_prospects import AssignForm, QualifyForm, RejectForm
from funnel.models import Pipeline, Prospect, ProspectEdit, ProspectEditItem
from funnel.selectors.prospect_list import ProspectList
from funnel.services import prospect_edits
from funnel.services.prospect_rules import REASONS

WRITING = "funnel.write_prospects"
SHOWN = 100


@requires(WRITING)
@require_POST
def edit_new(request: Request) -> HttpResponse:
    """Begin with the prospects that are selected, or with all that the list shows."""
    if "all" in request.POST:
        prospects = ProspectList.read(QueryDict(request.POST.get("list", "")), request.user).prospects()
    else:
        prospects = Prospect.objects.filter(pk__in=ids_of(request.POST.getlist("prospect")))
    try:
        edit = prospect_edits.choose(by=request.user, prospects=prospects)
    except DomainError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(return_to(request, reverse("funnel:prospects")))
    return redirect("funnel:prospect-edit-page", edit.pk)


@requires(WRITING)
@require_safe
def edit_page(request: Request, pk: int) -> HttpResponse:
    """An act as it stands: to be chosen, previewed, under way, done."""
    return _page(request, _own(request, pk))


@requires(WRITING)
@require_POST
def edit_act(request: Request, pk: int) -> HttpResponse:
    """Plan, apply, or take back."""
    edit, step = _own(request, pk), request.POST.get("step")
    try:
        if step == "apply":
            prospect_edits.apply(by=request.user, edit=edit)
        elif step == "undo":
            prospect_edits.undo(by=request.user, edit=edit)
        else:
            act = request.POST.get("act", "")
            form = _forms(request, {act: request.POST}).get(act)
            if form is None or not form.is_valid():
                return _page(request, edit, {act: form} if form else {}, status=422)
            prospect_edits.plan(by=request.user, edit=edit, act=act, params=form.params())
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("funnel:prospect-edit-page", edit.pk)


@requires(WRITING)
@require_safe
def edit_progress(request: Request, pk: int) -> HttpResponse:
    """Polled while the work goes on; when it is done the page loads anew."""
    edit = _own(request, pk)
    if not edit.is_running:
        return HttpResponseClientRefresh()
    return render(request, "funnel/prospects/_edit_progress.html", {"edit": edit})


def _own(request: Request, pk: int) -> ProspectEdit:
    return get_object_or_404(ProspectEdit, pk=pk, by=request.user)


def _forms(request: Request, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "qualify": QualifyForm(data.get("qualify")),
        "assign": AssignForm(data.get("assign"), user=request.user),
        "reject": RejectForm(data.get("reject")),
    }


def _page(
    request: Request, edit: ProspectEdit, refused: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    items = edit.items.select_related("prospect__source").order_by("-outcome", "prospect")
    acts = dict(ProspectEdit.Act.choices)
    forms = _forms(request, {}) | (refused or {})
    context = {
        "edit": edit,
        "forms": [(key, acts[ProspectEdit.Act(key)], form) for key, form in forms.items()],
        "what": _what(edit),
        "outcomes": [(label, edit.counts.get(key, 0)) for key, label in ProspectEditItem.Outcome.choices],
        "items": [(item, REASONS.get(item.code, "")) for item in items[:SHOWN]],
        "more": max(len(edit.prospects) - SHOWN, 0),
        "kept": explained(KeptRecord.objects.filter(written_in=edit.written_in)[:SHOWN])
        if edit.written_in
        else [],
        "back": reverse("funnel:prospects"),
    }
    return render(request, "funnel/prospects/edit.html", context, status=status)


def _what(edit: ProspectEdit) -> str:
    """What the act does, in words: qualified into a funnel, given to somebody, rejected for a reason."""
    params = edit.params
    if edit.act == ProspectEdit.Act.QUALIFY:
        return str(Pipeline.objects.filter(pk=params["pipeline"]).first() or "")
    if edit.act == ProspectEdit.Act.ASSIGN:
        return str(User.objects.filter(pk=params["owner"]).first() or "")
    if edit.act == ProspectEdit.Act.REJECT:
        return str(Prospect.Reason(params["reason"]).label)
    return ""
