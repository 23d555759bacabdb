"""Tiering's cards on Today. An empty answer leaves the card out."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.http import Request
from crm.paging import count_of
from tiering.models import Assignment, RunChunk, TieringRun
from tiering.pages.reviews import rows_of
from tiering.pages.runs import lines_of
from tiering.selectors import queue
from tiering.selectors.criteria import every_tier, primary_scheme
from tiering.selectors.lifecycle import sent_back_to, waiting_for
from tiering.selectors.moves import replaced_since
from tiering.selectors.nights import overdue
from tiering.selectors.runs import every_run, left_behind

ROWS = 6
RECENT = timedelta(days=30)
STALLED = timedelta(minutes=15)


@requires("tiering.decide_proposals")
@require_safe
def pending_reviews(request: Request) -> HttpResponse:
    """The most urgent changes that wait for a decision."""
    at = timezone.now()
    page = queue.page(request.user, queue.QueueFilter(), at, rows=ROWS)
    context = {"rows": rows_of(page.rows, at), "count": queue.waiting(request.user).count()}
    return render(request, "tiering/today/_reviews.html", context)


@requires("tiering.write_criteria")
@require_safe
def waiting_versions(request: Request) -> HttpResponse:
    """Versions of criteria that wait for this reader's approval, and drafts of theirs that were sent back."""
    named = ("criteria__scheme", "author")
    waiting = waiting_for(request.user).select_related(*named).defer("document")
    back = sent_back_to(request.user).select_related(*named).defer("document")
    context = {"waiting": waiting[:ROWS], "sent_back": back[:ROWS]}
    return render(request, "tiering/today/_versions.html", context)


@requires("tiering.view_runs")
@require_safe
def troubled_runs(request: Request) -> HttpResponse:
    """Runs that stopped with quarantined chunks lately, runs that do not get on, clients left behind, and schemes whose
    run of the night is overdue."""
    now = timezone.now()
    stopped = Q(status=TieringRun.Status.QUARANTINED, finished_at__gte=now - RECENT)
    waiting = RunChunk.objects.filter(status=RunChunk.Status.PENDING).values("run")
    stalled = Q(finished_at=None, created_at__lte=now - STALLED, pk__in=waiting)
    lines = lines_of(list(every_run().filter(stopped | stalled)[:ROWS]))
    context = {"lines": lines, "left_behind": left_behind(request.user).count(), "overdue": overdue(now)}
    return render(request, "tiering/today/_runs.html", context)


@requires("tiering.view_tiers")
@require_safe
def recent_changes(request: Request) -> HttpResponse:
    """Tiers that changed in the last month: of the reader's book, or, who holds none, of every client they may see."""
    user, assignments = request.user, Assignment.objects.all()
    holds_a_book = user.has_perm("crm.add_client")
    theirs = assignments.editable_by(user) if holds_a_book else assignments.visible_to(user)
    changed = replaced_since(theirs.filter(scheme=primary_scheme()), timezone.now() - RECENT)
    tiers = every_tier()
    rows = [(row, tiers[row.tier_id], tiers[row.now]) for row in changed.select_related("client")[:ROWS]]
    context = {"rows": rows, "count": count_of(changed)}
    return render(request, "tiering/today/_changes.html", context)
