"""Beside the decision itself: remarks and questions, committees, whose work it is, and what else is known."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError
from crm.formats import localized
from crm.http import Request
from crm.ids import id_of
from crm.models import User
from tiering.errors_reviews import NotEligible
from tiering.forms import QueueFilterForm
from tiering.forms_reviews import CommitteeForm
from tiering.models import Proposal, Remark
from tiering.pages.review_context import context_of
from tiering.pages.reviews import detail_of
from tiering.selectors.talk import may_remark
from tiering.services.committees import request_committee
from tiering.services.remarks import answer_question, ask_rm, comment
from tiering.services.review_work import assign_review
from tiering.views.reviews import address_of, moved_on, refused, shared_context, visible


@requires("tiering.remark")
@require_POST
def remark(request: Request, pk: int) -> HttpResponse:
    """Say something about a change, with a file where there is one."""
    proposal = held(request, pk)
    text, file = request.POST.get("text", ""), request.FILES.get("file")
    return acted(request, proposal, lambda: comment(proposal=proposal, by=request.user, text=text, file=file))


@requires("tiering.remark")
@require_POST
def answer(request: Request, pk: int) -> HttpResponse:
    """Answer a question, with a file as evidence where there is one."""
    question = get_object_or_404(Remark.objects.visible_to(request.user), pk=pk, kind=Remark.Kind.QUESTION)
    proposal = held(request, question.proposal_id)
    text, file = request.POST.get("text", ""), request.FILES.get("file")
    return acted(
        request,
        proposal,
        lambda: answer_question(question=question, by=request.user, text=text, file=file),
    )


def held(request: Request, pk: int) -> Proposal:
    """A proposal about which the reader may say something. Raises PermissionDenied for one that others hold."""
    proposal = get_object_or_404(visible(request), pk=pk)
    if not may_remark(request.user, proposal):
        raise PermissionDenied
    return proposal


@requires("tiering.decide_proposals")
@require_POST
def ask(request: Request, pk: int) -> HttpResponse:
    """Send a change back to the client's RM with a question, and go on to the next."""
    proposal = get_object_or_404(visible(request), pk=pk)
    text = request.POST.get("comment", "")
    try:
        ask_rm(proposal=proposal, by=request.user, text=text)
    except DomainError as error:
        return refused(request, proposal, error, text)
    told = _("{rm} was asked about {client}.")
    return moved_on(
        request, proposal, told.format(rm=localized(proposal.client.rm), client=proposal.client.name)
    )


@requires("tiering.decide_proposals")
@require_POST
def committee(request: Request, pk: int) -> HttpResponse:
    """Let several officers decide on a change."""
    proposal = get_object_or_404(visible(request), pk=pk)
    form = CommitteeForm(request.POST)
    if not form.is_valid():
        return refused(request, proposal, DomainError())
    return acted(
        request, proposal, lambda: request_committee(proposal=proposal, by=request.user, **form.cleaned_data)
    )


@requires("tiering.decide_proposals")
@require_POST
def assign(request: Request, pk: int) -> HttpResponse:
    """Take a change oneself, hand it over to another officer, or give it back; `was` is who had it on the page."""
    proposal = get_object_or_404(visible(request), pk=pk)
    to, was = request.POST.get("to", ""), id_of(request.POST.get("was"))

    def act() -> object:
        officer = User.objects.filter(pk=id_of(to) or 0).first() if to else None
        if to and officer is None:
            raise NotEligible(name=to)
        return assign_review(proposal=proposal, to=officer, by=request.user, was=was)

    return acted(request, proposal, act)


@requires("tiering.view_proposals")
@require_safe
def context(request: Request, pk: int) -> HttpResponse:
    """What else is known of the client, as a fragment."""
    proposal = get_object_or_404(visible(request), pk=pk)
    return render(
        request, "tiering/_review_context.html", context_of(proposal.client, request, timezone.now())
    )


def acted(request: Request, proposal: Proposal, act: Callable[[], object]) -> HttpResponse:
    """The detail as it is after an act, or with why it was refused."""
    refusal = ""
    try:
        act()
    except DomainError as error:
        refusal = str(error)
    filters = QueueFilterForm(request.GET, user=request.user)
    if not request.htmx:
        if refusal:
            messages.error(request, refusal)
        return HttpResponseRedirect(address_of(proposal.pk, filters))
    fresh = visible(request).get(pk=proposal.pk)
    shown = shared_context(request, filters) | detail_of(fresh, request.user)
    response = render(
        request, "tiering/_review.html", shown | {"talk_error": refusal, "typed": typed(request, refusal)}
    )
    if refusal:
        response["X-Refusal"] = "refused"
    return response


def typed(request: Request, refusal: str) -> str:
    """What somebody wrote, where it was refused: it is not lost."""
    return request.POST.get("text", "") if refusal else ""
