"""How fast a long queue of tier reviews opens, and how fast it is worked through: server time of each request."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from django.db import connection
from django.test import Client as Visitor
from django.urls import reverse

from crm.models import Role, User
from tiering.bench.book import make_book
from tiering.bench.clocks import percentile
from tiering.bench.report import Line, at_most, exactly
from tiering.bench.rows import execute
from tiering.bench.scratch import Scratch
from tiering.bench.visits import visitor_of
from tiering.models import Proposal, Vote

CLIENTS: Final = 10_000
OPENINGS: Final = 20
GOAL: Final = 300.0
"""Milliseconds: what a person at the keyboard does not wait for."""
HTMX: Final = {"HX-Request": "true"}

# Everybody moves to the tier next to theirs; what a proposal rests on is in force.
PROPOSE = """
INSERT INTO tiering_proposal
    (client_id, scheme_id, from_tier_id, to_tier_id, assessment_id, run_id, exposure, status, created_at,
     waiting_since, comment)
SELECT t.client_id, t.scheme_id, t.tier_id, n.id, t.assessment_id, a.run_id, coalesce(f.exposure, 0), 'pending',
       t.valid_from, t.valid_from, ''
FROM tiering_assignment t
JOIN tiering_assessment a ON a.id = t.assessment_id
JOIN tiering_facts f ON f.id = a.facts_id
JOIN tiering_tier o ON o.id = t.tier_id
JOIN tiering_tier n ON n.scheme_id = o.scheme_id AND n.rank = CASE WHEN o.rank = 0 THEN 1 ELSE o.rank - 1 END
WHERE t.valid_to IS NULL ORDER BY t.client_id LIMIT %(count)s
"""


def worked(scratch: Scratch, proposals: int) -> Iterator[Line]:
    """Open a queue of so many proposals, look at some, and approve or reject every one as the page does."""
    with scratch.database():
        make_book(max(CLIENTS, proposals))
        execute(PROPOSE, {"count": proposals})
        execute("ANALYZE tiering_proposal")
        visitor = _officer()
        yield from _opened(visitor, proposals)
        yield from _decided(visitor, proposals)


def _officer() -> Visitor:
    user = User.objects.create_user("officer", role=Role.RISK_OFFICER, name="Officer")
    return visitor_of(user)


def _opened(visitor: Visitor, proposals: int) -> Iterator[Line]:
    address = reverse("tiering:reviews")
    _timed(visitor, address)  # a process draws its first page from templates that it has still to read
    spent = [_timed(visitor, address) for _ in range(OPENINGS)]
    yield at_most(f"queue of {proposals:,} opened, p95", percentile(spent, 0.95), GOAL, " ms", 0)
    shown = Proposal.objects.filter(status="pending").order_by("-exposure")[:OPENINGS]
    spent = [_timed(visitor, reverse("tiering:review", args=[one.pk]), detail=True) for one in shown]
    yield at_most("next change looked at, p95", percentile(spent, 0.95), GOAL, " ms", 0)


def _decided(visitor: Visitor, proposals: int) -> Iterator[Line]:
    """From one to the next, as the page leads."""
    spent: list[float] = []
    following = Proposal.objects.filter(status="pending").order_by("pk").first()
    while following:
        verdict = "reject" if len(spent) % 5 == 4 else "approve"
        begun = time.perf_counter()
        response = visitor.post(
            reverse("tiering:review-decide", args=[following.pk]),
            {"decision": verdict, "comment": "Seen."},
            headers=HTMX,
        )
        spent.append(1000 * (time.perf_counter() - begun))
        following = _next(response.headers["HX-Push-Url"])
        connection.queries_log.clear()
    yield at_most("decision with the next change, p50", percentile(spent, 0.5), GOAL, " ms", 0)
    yield at_most("decision with the next change, p95", percentile(spent, 0.95), GOAL, " ms", 0)
    yield exactly("decisions", Proposal.objects.exclude(decided_at=None).count(), proposals)
    yield exactly("votes", Vote.objects.count(), proposals)


def _next(address: str) -> Proposal | None:
    """The change whose page an answer leads to."""
    parts = address.strip("/").split("/")
    return Proposal(pk=int(parts[1])) if len(parts) == 2 else None


def _timed(visitor: Visitor, address: str, detail: bool = False) -> float:
    """Milliseconds that a page, or a detail of it, took."""
    headers = {**HTMX, "HX-Target": "review-detail"} if detail else {}
    begun = time.perf_counter()
    visitor.get(address, headers=headers)
    return 1000 * (time.perf_counter() - begun)
