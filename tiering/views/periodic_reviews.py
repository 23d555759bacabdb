"""Periodic reviews: the calendar, what is overdue, and one review with its evidence."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.access import requires
from crm.http import Request, download
from crm.paging import Order, count_of, page_asked
from crm.views.saying import saying
from tiering.forms_follows import FindingsForm, SignatureForm
from tiering.models import PeriodicReview
from tiering.pages.review_pack import pack_of, paper_of
from tiering.selectors.due import beyond_a_year, months_of_reviews, overdue, reviews_to_do
from tiering.services.periodic_reviews import prepare_review, return_review, sign_review

SHOWN = 50
MONTHS = 12
BY_DAY = Order("due_on")
PDF = "application/pdf"
Status = PeriodicReview.Status


@requires("tiering.view_tiers")
@require_safe
def periodic_reviews(request: Request) -> HttpResponse:
    """The reviews of a month (`?month=2026-11`), those that are overdue, those to sign, or those that are done."""
    day = timezone.localdate()
    rows: QuerySet[PeriodicReview] = reviews_to_do(request.user)
    first = day.replace(day=1)
    chosen, month = request.GET.get("show", ""), _month(request.GET.get("month", ""))
    if month:
        shown, chosen = rows.filter(due_on__gte=month, due_on__lt=month + relativedelta(months=1)), "month"
    elif chosen == "overdue":
        shown = overdue(rows, day)
    elif chosen == "beyond":
        shown = beyond_a_year(rows, day)
    elif chosen == "prepared":
        shown = rows.filter(status=Status.PREPARED)
    elif chosen == "done":
        shown = PeriodicReview.objects.visible_to(request.user).filter(status=Status.DONE)
    else:
        shown, chosen = rows, ""
    order = Order("signed_at", descending=True) if chosen == "done" else BY_DAY
    related = shown.select_related("client__rm", "scheme", "prepared_by", "signed_by")
    page = page_asked(request.GET, related, order, SHOWN)
    context = {
        "page": page,
        "count": count_of(shown),
        "months": months_of_reviews(rows, first, MONTHS),
        "month": month,
        "chosen": chosen,
        "counts": {
            "overdue": overdue(rows, day).count(),
            "beyond": beyond_a_year(rows, day).count(),
            "prepared": rows.filter(status=Status.PREPARED).count(),
        },
        "today": day,
    }
    return render(request, "tiering/follows/periodic_reviews.html", context)


def _month(text: str) -> date | None:
    try:
        return parse_date(f"{text}-01")
    except ValueError:
        return None


def _found(request: Request, pk: int) -> PeriodicReview:
    rows = PeriodicReview.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("client__rm", "scheme", "prepared_by", "signed_by"), pk=pk)


@requires("tiering.view_tiers")
@require_safe
def periodic_review(request: Request, pk: int) -> HttpResponse:
    """A review with its evidence, and the next step for whoever may take it."""
    return _page(request, _found(request, pk))


def _page(request: Request, review: PeriodicReview, status: int = 200, **forms: object) -> HttpResponse:
    """`forms` are those that were refused, by their name in the page."""
    user = request.user
    signs = review.status == Status.PREPARED and user.has_perm("tiering.sign_reviews")
    own = user.pk in (review.prepared_by_id, review.client.rm_id)
    told = {"conclusion": review.conclusion, "findings": review.findings}
    context = {
        "review": review,
        "pack": pack_of(review),
        "may_prepare": review.status == Status.OPEN
        and user.has_perm("tiering.prepare_reviews", review.client),
        "may_sign": signs and not own,
        "is_own": signs and own,
        "findings_form": FindingsForm(initial=told if review.conclusion else {}),
        "signature_form": SignatureForm(),
        "today": timezone.localdate(),
        **forms,
    }
    return render(request, "tiering/follows/periodic_review.html", context, status=status)


@requires("tiering.view_tiers")
@require_safe
def paper(request: Request, pk: int) -> HttpResponse:
    """The evidence pack, to be printed and filed."""
    return download(*paper_of(_found(request, pk)), PDF, inline=True)


@requires("tiering.prepare_reviews")
@require_POST
def prepare(request: Request, pk: int) -> HttpResponse:
    """Write down findings and conclusion, and ask for the signature."""
    review, form = _found(request, pk), FindingsForm(request.POST)
    if not form.is_valid():
        return _page(request, review, 422, findings_form=form)
    with saying(request, _("Prepared. A risk officer can sign it now.")):
        prepare_review(review=review, by=request.user, **form.cleaned_data)
    return redirect("tiering:periodic-review", review.pk)


@requires("tiering.sign_reviews")
@require_POST
def sign(request: Request, pk: int) -> HttpResponse:
    """Sign a prepared review."""
    review, remark = _found(request, pk), request.POST.get("remark", "")[:2000]
    with saying(request, _("Signed. The next review is in the calendar.")):
        sign_review(review=review, by=request.user, remark=remark)
    return redirect("tiering:periodic-review", review.pk)


@requires("tiering.sign_reviews")
@require_POST
def send_back(request: Request, pk: int) -> HttpResponse:
    """Send a prepared review back with a remark."""
    review, remark = _found(request, pk), request.POST.get("remark", "")[:2000]
    with saying(request, _("Sent back to who prepared it.")):
        return_review(review=review, by=request.user, remark=remark)
    return redirect("tiering:periodic-review", review.pk)
