"""Tier reviews: the queue, one change with its evidence, and the decision on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url, trigger_client_event

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.ids import id_of
from tiering.errors import CommentRequired
from tiering.errors_reviews import CommitteeReasonRequired, TextRequired
from tiering.forms import DecisionForm, QueueFilterForm
from tiering.models import Proposal
from tiering.pages import reviews as review_page
from tiering.pages.deciding import vote_text
from tiering.selectors import queue
from tiering.selectors.review_views import views_for
from tiering.services.proposals import approve, reject

DETAIL = "review-detail"
OPEN_FOR = timedelta(days=7)  # longer than any session, so longer than a queue stays open


@requires("tiering.view_proposals")
@require_safe
def reviews(request: Request) -> HttpResponse:
    """The queue, with its most urgent change beside it."""
    return render(request, "tiering/reviews.html", page_context(request))


@requires("tiering.view_proposals")
@require_safe
def review(request: Request, pk: int) -> HttpResponse:
    """One change; for an htmx request from the queue only the detail."""
    proposal = get_object_or_404(visible(request), pk=pk)
    if request.htmx and request.htmx.target == DETAIL:
        filters = QueueFilterForm(request.GET, user=request.user)
        context = shared_context(request, filters) | review_page.detail_of(proposal, request.user)
        return render(request, "tiering/_review.html", context)
    return render(request, "tiering/reviews.html", page_context(request, proposal))


@requires("tiering.view_proposals")
@require_safe
def more(request: Request) -> HttpResponse:
    """The rows after the last one shown, in the order of the moment the queue was opened."""
    filters = QueueFilterForm(request.GET, user=request.user)
    after = id_of(request.GET.get("after"))
    page = queue.page(request.user, filters.wanted, _moment(request.GET), after)
    return render(
        request, "tiering/_queue_rows.html", shared_context(request, filters) | rows_context(page, filters)
    )


@requires("tiering.decide_proposals")
@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Approve or reject one change and go on to the next."""
    proposal = get_object_or_404(visible(request), pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return refused(request, proposal, DomainError(), comment=request.POST.get("comment", ""))
    verdict, comment = form.cleaned_data["decision"], form.cleaned_data["comment"]
    names = {"client": proposal.client.name, "tier": proposal.to_tier.key, "old": proposal.from_tier.key}
    try:
        carry_out = approve if verdict == "approve" else reject
        decided = carry_out(proposal=proposal, decided_by=request.user, comment=comment)
    except DomainError as error:
        return refused(request, proposal, error, comment)
    if not decided:
        return moved_on(request, proposal, vote_text(proposal, names))
    text = (
        _("{client} is now in tier {tier}.") if verdict == "approve" else _("{client} stays in tier {old}.")
    )
    return moved_on(request, proposal, text.format(**names))


def visible(request: Request) -> QuerySet[Proposal]:
    """The proposals the reader may see, with what their page shows."""
    return Proposal.objects.visible_to(request.user).select_related(
        "client__rm",
        "client__industry",
        "project",
        "from_tier",
        "to_tier",
        "scheme",
        "run",
        "decided_by",
        "work__assignee",
    )


def shared_context(request: Request, filters: QueueFilterForm) -> dict[str, Any]:
    may_decide = review_page.may_decide(request.user)
    return {
        "query": filters.query,
        "may_decide": may_decide,
        "page_keys": review_page.keys() if may_decide else [],
    }


def rows_context(page: queue.Page, filters: QueueFilterForm) -> dict[str, Any]:
    more_query = QueryDict(filters.query[1:], mutable=True)
    if page.rows:
        more_query.update({"at": page.at.isoformat(), "after": str(page.rows[-1].pk)})
    return {
        "rows": review_page.rows_of(page.rows, page.at),
        "has_more": page.has_more,
        "more_query": f"?{more_query.urlencode()}",
    }


def page_context(
    request: Request, proposal: Proposal | None = None, filters: QueueFilterForm | None = None
) -> dict[str, Any]:
    """The queue and a detail: the given change, else the first of the queue."""
    filters, at = filters or QueueFilterForm(request.GET, user=request.user), timezone.now()
    user, wanted = request.user, filters.wanted
    page = queue.page_with(user, wanted, at, proposal.pk) if proposal else queue.page(user, wanted, at)
    shown = proposal or (visible(request).get(pk=page.rows[0].pk) if page.rows else None)
    return {
        **shared_context(request, filters),
        **rows_context(page, filters),
        **(review_page.detail_of(shown, user) if shown else {}),
        "filters": filters,
        "counts": queue.counts(user, wanted, at),
        "waiting": queue.waiting(user).count(),
        "views": views_for(user),
        "is_opened": proposal is not None,
    }


def moved_on(request: Request, decided: Proposal, text: str) -> HttpResponse:
    """After a decision: the next change under the same filter."""
    filters = QueueFilterForm(request.GET, user=request.user)
    following = queue.next_after(request.user, filters.wanted, timezone.now(), decided.pk)
    address = address_of(following, filters)
    if not request.htmx:
        messages.success(request, text)
        return HttpResponseRedirect(address)
    proposal = visible(request).filter(pk=following).first() if following else None
    context = page_context(request, proposal, filters) | {"is_swapped": True}
    response = render(request, "tiering/_reviews.html", context)
    trigger_client_event(response, "toast", {"level": "success", "text": text})
    return push_url(response, address)


def refused(request: Request, proposal: Proposal, error: DomainError, comment: str = "") -> HttpResponse:
    """A refusal on top of the truth as it is now; what was typed stays. A text that is missing is asked for at its
    field."""
    proposal = visible(request).get(pk=proposal.pk)
    refusal = review_page.refusal_of(proposal, proposal.pk, error)
    if not request.htmx:
        messages.error(request, refusal.message)
        filters = QueueFilterForm(request.GET, user=request.user)
        return HttpResponseRedirect(address_of(proposal.pk, filters))
    context = page_context(request, proposal) | {"is_swapped": True, "comment": comment}
    if isinstance(error, CommentRequired | TextRequired | CommitteeReasonRequired):
        context["comment_error"] = refusal.message
    else:
        context["refusals"] = [refusal]
    response = render(request, "tiering/_reviews.html", context, status=error.status)
    response["X-Refusal"] = error.code
    return response


def address_of(proposal: int | None, filters: QueueFilterForm) -> str:
    """The page of a change (its id), or of the queue, with the filter."""
    path = reverse("tiering:review", args=[proposal]) if proposal else reverse("tiering:reviews")
    return path + filters.query


def _moment(given: QueryDict) -> datetime:
    """The moment the queue was opened; now where the address does not say, or says one that it cannot have been."""
    now = timezone.now()
    try:
        at = parse_datetime(given.get("at", ""))
    except ValueError:
        at = None
    return at if at and timezone.is_aware(at) and now - OPEN_FOR < at <= now else now
