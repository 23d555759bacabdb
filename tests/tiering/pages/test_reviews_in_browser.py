"""Tier reviews as hands use them: keys, comment, several at once, a faster colleague, a phone, and axe."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

from crm.models import Role
from tests.browser import PHONE
from tests.factories import make_user
from tests.looking import expect_no_fault, unfold
from tests.tiering.helpers import publish
from tests.tiering.pages.making import client_with, enter, waiting
from tiering.models import Proposal
from tiering.services.proposals import approve

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer():
    return make_user(Role.RISK_OFFICER)


@pytest.fixture
def proposals() -> list[Proposal]:
    """Three that wait, in the order of the queue."""
    publish()
    return waiting(*[client_with(1_000_000 * n) for n in (90, 50, 20)])


def open_queue(page: Page, live_server, officer) -> None:
    enter(page, live_server, officer, reverse("tiering:reviews"))


def row(page: Page, proposal: Proposal) -> Locator:
    return page.locator(f'.queue-row[data-proposal="{proposal.pk}"]')


def expect_open(page: Page, proposal: Proposal) -> None:
    """Its row is marked, its detail shown, and the address its own."""
    expect(row(page, proposal)).to_have_attribute("aria-current", "true")
    expect(page.locator("#review-detail .review-name")).to_have_text(proposal.client.name)
    expect(page).to_have_url(re.compile(rf"/reviews/{proposal.pk}/"))


def statuses(proposals: list[Proposal]) -> list[str]:
    found = Proposal.objects.in_bulk([proposal.pk for proposal in proposals])
    return [found[proposal.pk].status for proposal in proposals]


def test_keys_walk_the_queue_and_decide(page, live_server, officer, proposals):
    first, second, third = proposals
    open_queue(page, live_server, officer)
    page.keyboard.press("j")
    expect_open(page, second)
    page.keyboard.press("k")
    expect_open(page, first)
    page.keyboard.press("a")
    expect(page.locator(".toast")).to_contain_text("is now in tier Low")
    expect_open(page, second)
    expect(row(page, first)).to_have_count(0)
    expect(page.locator(".nav-link[data-go=r] .nav-count")).to_have_text("2")
    page.keyboard.press("j")
    expect_open(page, third)
    assert statuses(proposals) == ["approved", "pending", "pending"]


def test_rejecting_asks_for_the_comment_first(page, live_server, officer, proposals):
    open_queue(page, live_server, officer)
    page.keyboard.press("r")
    comment = page.get_by_role("textbox", name="Comment")
    expect(comment).to_be_focused()
    expect(page.locator("#decision-error")).to_have_text("Say why you reject the change.")
    page.keyboard.type("The bureau is wrong: a")
    page.get_by_role("button", name="Reject").click()
    expect_open(page, proposals[1])
    assert statuses(proposals) == ["rejected", "pending", "pending"]


def test_queue_is_worked_by_keyboard_alone(page, live_server, officer):
    publish()
    proposals = waiting(*[client_with(1_000_000 * n) for n in range(90, 82, -1)])
    open_queue(page, live_server, officer)
    page.keyboard.press("k")
    for number, proposal in enumerate(proposals):
        expect_open(page, proposal)
        key = "arq"[number % 3]
        page.keyboard.press(key)
        if key != "a":
            expect(page.get_by_role("textbox", name="Comment")).to_be_focused()
            page.keyboard.type("Is the bureau right?")
            page.keyboard.press("Enter")
        if key == "q":
            expect(row(page, proposal).get_by_text("With the RM")).to_have_count(1)
        else:
            expect(row(page, proposal)).to_have_count(0)
    assert statuses(proposals) == ["approved", "rejected", "pending"] * 2 + ["approved", "rejected"]
    expect(page.get_by_role("textbox", name="Comment")).not_to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Ask the RM, with a question")


def test_several_are_decided_after_a_confirmation_that_names_them(page, live_server, officer, proposals):
    first, second, third = proposals
    open_queue(page, live_server, officer)
    page.keyboard.press("j")
    expect_open(page, second)
    page.keyboard.press("x")
    page.keyboard.press("j")
    expect_open(page, third)
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("2")
    page.keyboard.press("a")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Approve 2 tier changes?")
    expect(dialog).to_contain_text(second.client.name)
    dialog.get_by_role("button", name="Approve").click()
    expect(page.locator(".toast")).to_contain_text("2 changes approved.")
    expect(dialog).to_be_hidden()
    expect(page.locator(".queue-row")).to_have_count(1)
    assert statuses(proposals) == ["pending", "approved", "approved"]
    expect(row(page, first)).to_be_visible()


def test_faster_colleague_is_named_and_the_queue_tells_the_truth(page, live_server, officer, proposals):
    open_queue(page, live_server, officer)
    approve(proposal=proposals[0], decided_by=make_user(Role.RISK_OFFICER, name="Ping Xu"))
    page.keyboard.press("a")
    expect(page.get_by_role("alert")).to_contain_text("Ping Xu approved this on")
    expect(row(page, proposals[0])).to_have_count(0)
    expect(page.locator("#review-counts")).to_contain_text("2")
    expect(page.locator(".toast")).to_have_count(0)


def test_filter_keeps_its_menu_open_and_stays_after_a_decision(page, live_server, officer, proposals):
    open_queue(page, live_server, officer)
    page.locator(".queue-filter summary", has_text="Direction").click()
    page.get_by_label("Downgrades").check()
    expect(page).to_have_url(re.compile("direction=down"))
    expect(page.get_by_label("Downgrades")).to_be_visible()
    page.locator("#review-detail .review-name").click(position={"x": 400, "y": 4})
    page.get_by_role("button", name="Approve").click()
    expect(page).to_have_url(re.compile(rf"/reviews/{proposals[1].pk}/\?direction=down"))


def test_phone_shows_the_queue_then_the_change(browser: Browser, live_server, officer, proposals):
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    open_queue(page, live_server, officer)
    expect(page.locator("#review-detail")).to_be_hidden()
    row(page, proposals[1]).get_by_role("link").click()
    expect(page.locator("#review-detail .review-name")).to_have_text(proposals[1].client.name)
    expect(page.locator(".review-list")).to_be_hidden()
    page.get_by_role("link", name="Queue").click()
    expect(row(page, proposals[0])).to_be_visible()
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, live_server, officer, proposals, theme):
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    for path in (
        reverse("tiering:review", args=[proposals[0].pk]),
        reverse("crm:client", args=[proposals[0].client_id]),
        reverse("tiering:runs"),
        reverse("tiering:run", args=[proposals[0].run_id]),
    ):
        enter(page, live_server, officer, path)
        unfold(page, "details.dimension > summary")
        expect_no_fault(page)
