"""Decisions on several changes at once: what they will do, and how each one ended."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.request import QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url, trigger_client_event

from crm.access import requires
from crm.http import Request
from crm.ids import ids_of
from tiering.forms import DecisionForm, QueueFilterForm
from tiering.models import Proposal
from tiering.pages import reviews as review_page
from tiering.services.proposals import Decision, decide_many
from tiering.views.reviews import address_of, page_context, shared_context, visible

MOST_AT_ONCE = 300


@requires("tiering.decide_proposals")
@require_safe
def confirm(request: Request) -> HttpResponse:
    """What a decision on the chosen changes will do; the filter comes along in the query."""
    filters = QueueFilterForm(request.GET, user=request.user)
    form = DecisionForm(request.GET)
    chosen = visible(request).filter(pk__in=chosen_ids(request.GET), status=Proposal.Status.PENDING)
    context = shared_context(request, filters) | {
        "chosen": chosen.order_by("-exposure", "pk"),
        "decision": form.cleaned_data["decision"] if form.is_valid() else "approve",
    }
    return render(request, "tiering/_bulk_confirm.html", context)


@requires("tiering.decide_proposals")
@require_POST
def decide(request: Request) -> HttpResponse:
    """Approve or reject each of the chosen changes for itself; what is refused is listed with its reason."""
    form = DecisionForm(request.POST)
    ids = chosen_ids(request.POST)
    if not form.is_valid() or not ids:
        return answered(request, [], _("Choose at least one change and what to do with it."))
    verdict = form.cleaned_data["decision"]
    decisions = decide_many(
        ids=ids, verdict=verdict, decided_by=request.user, comment=form.cleaned_data["comment"]
    )
    return answered(request, refusals_of(request, decisions), told(decisions, verdict))


def told(decisions: list[Decision], verdict: str) -> str:
    """How many were decided, and of how many others have yet to vote."""
    cast = [decision.status for decision in decisions if decision.ok]
    open_still = cast.count(Proposal.Status.PENDING)
    done = len(cast) - open_still
    text = (
        ngettext("%(count)d change approved.", "%(count)d changes approved.", done)
        if verdict == "approve"
        else ngettext("%(count)d change rejected.", "%(count)d changes rejected.", done)
    ) % {"count": done}
    if not open_still:
        return text
    waiting = ngettext(
        "Your vote on %(count)d more is noted; others of its committee have yet to vote.",
        "Your votes on %(count)d more are noted; others of their committees have yet to vote.",
        open_still,
    )
    return f"{text} {waiting % {'count': open_still}}"


def refusals_of(request: Request, decisions: list[Decision]) -> list[review_page.Refusal]:
    errors = {decision.proposal_id: decision.error for decision in decisions if decision.error}
    known = visible(request).in_bulk(errors)
    return [review_page.refusal_of(known.get(pk), pk, error) for pk, error in errors.items()]


def answered(request: Request, refusals: list[review_page.Refusal], text: str) -> HttpResponse:
    """The queue as it is now, with what was refused on top."""
    if not request.htmx:
        messages.info(request, text)
        for refusal in refusals:
            messages.error(
                request, f"{refusal.client}: {refusal.message}" if refusal.client else refusal.message
            )
        return HttpResponseRedirect(address_of(None, QueueFilterForm(request.GET, user=request.user)))
    context = page_context(request) | {"is_swapped": True, "refusals": refusals, "is_bulk": True}
    response = render(request, "tiering/_reviews.html", context)
    trigger_client_event(response, "toast", {"level": "info", "text": text})
    return push_url(response, address_of(None, QueueFilterForm(request.GET, user=request.user)))


def chosen_ids(given: QueryDict) -> list[int]:
    return ids_of(given.getlist("proposal"))[:MOST_AT_ONCE]
