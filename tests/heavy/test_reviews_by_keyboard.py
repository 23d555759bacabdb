"""A thousand tier changes decided in a real browser by keys alone: how long the server takes for each, and the pace."""

import time
from statistics import median

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Response, expect

from crm.models import Role
from tests.factories import make_user
from tests.tiering.pages.making import enter
from tiering.bench.book import make_book
from tiering.bench.clocks import percentile
from tiering.bench.reviews import PROPOSE
from tiering.bench.rows import execute
from tiering.models import Proposal, Vote

pytestmark = pytest.mark.django_db(transaction=True)

PROPOSALS = 1_000
REJECTED = 5
"""Every so-manyth is rejected, which asks for a reason."""
PATIENCE = 60_000
"""Milliseconds that an answer may take on a machine that others use."""


def test_a_thousand_changes_are_decided_by_keyboard_alone(page: Page, live_server):
    make_book(PROPOSALS)
    execute(PROPOSE, {"count": PROPOSALS})
    execute("ANALYZE")
    enter(page, live_server, make_user(Role.RISK_OFFICER), reverse("tiering:reviews"))
    spent: list[float] = []
    begun = time.perf_counter()
    for number in range(PROPOSALS):
        current = page.locator(".queue-row[aria-current]").get_attribute("data-proposal")
        if spent:
            expect(page.locator(".queue-row[aria-current] a")).to_be_focused()
        with page.expect_response(lambda answer: "/decide/" in answer.url, timeout=PATIENCE) as answered:
            decide(page, rejects=number % REJECTED == REJECTED - 1)
        spent.append(server_time(answered.value))
        expect(page.locator(f'.queue-row[data-proposal="{current}"]')).to_have_count(0)
    minutes = (time.perf_counter() - begun) / 60
    print(
        f"\n{PROPOSALS:,} decisions by keyboard: server p50 {median(spent):.0f} ms, p95 {percentile(spent, 0.95):.0f} ms"
        f" each; {PROPOSALS / minutes:.0f} a minute in the browser"
    )
    decided = Proposal.objects.exclude(decided_at=None)
    assert (decided.count(), Vote.objects.count()) == (PROPOSALS, PROPOSALS)
    assert decided.filter(status="rejected").count() == PROPOSALS // REJECTED


def decide(page: Page, *, rejects: bool) -> None:
    """Approve by a key, or reject by a key, a reason and Enter."""
    if not rejects:
        page.keyboard.press("a")
        return
    page.keyboard.press("r")
    expect(page.get_by_role("textbox", name="Comment")).to_be_focused()
    page.keyboard.type("Seen.")
    page.keyboard.press("Enter")


def server_time(answer: Response) -> float:
    """Milliseconds from the request to the first byte of its answer."""
    assert answer.ok
    timing = answer.request.timing
    return timing["responseStart"] - timing["requestStart"]
