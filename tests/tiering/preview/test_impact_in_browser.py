"""The impact panel as hands and eyes use it: it follows edits, the newest wins, what was shown stays, and axe."""

import re
import threading

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from crm.models import Role, User
from tests.browser import DESKTOP, PHONE
from tests.factories import make_user
from tests.looking import faults_of, look_like
from tests.tiering.helpers import a_document, label
from tests.tiering.pages.making import enter
from tests.tiering.preview.making import drafted, make_book, simulated, stricter
from tests.tiering.test_overlays import ask, with_overlay
from tiering.models import CriteriaVersion, TierScheme
from tiering.preview import books

pytestmark = pytest.mark.django_db(transaction=True)
EDITED = "document.body.dispatchEvent(new CustomEvent('strata:edited', {bubbles: true}))"


@pytest.fixture
def admin() -> User:
    cache.clear()
    return make_user(Role.CRITERIA_ADMIN)


def unchanged() -> CriteriaVersion:
    return drafted(a_document(note=label("As before")))


def downgrades(page: Page):
    return page.locator(".impact-figures > div", has_text="Downgrades").locator("dd").first


def test_panel_follows_what_is_typed_in_the_studio(page: Page, live_server, admin):
    make_book(30)
    version = unchanged()
    enter(page, live_server, admin, reverse("tiering:studio", args=[version.pk]))
    against = page.get_by_role("link", name="Criteria in effect")
    against.click()
    expect(against).to_have_attribute("aria-current", "true")
    expect(downgrades(page)).to_have_text("0")
    middle = page.locator('[data-path="cutoffs/1/min"]')
    middle.fill("70")
    middle.press("Tab")
    expect(downgrades(page)).not_to_have_text("0")
    expect(against).to_have_attribute("aria-current", "true")
    downgrades(page).get_by_role("link").click()
    expect(page.get_by_role("heading", name="Downgrades")).to_be_visible()


def test_newest_edit_wins_however_late_the_answer_to_another_one_comes(page: Page, live_server, admin):
    make_book(30)
    version = stricter()
    enter(page, live_server, admin, reverse("tiering:draft-impact", args=[version.pk]))
    expect(downgrades(page)).not_to_have_text("0")
    held: list[Route] = []
    page.route(re.compile("/impact/"), lambda route: held.append(route) if not held else route.continue_())
    page.evaluate(EDITED)
    page.wait_for_timeout(100)
    CriteriaVersion.objects.filter(pk=version.pk).update(revision=7)
    page.evaluate(EDITED)
    expect(page.locator(".impact-body")).to_have_attribute("data-revision", "7")
    (late,) = held
    late.fulfill(
        status=200,
        headers={"Impact-Revision": "0", "Content-Type": "text/html"},
        body='<div class="impact-body" data-revision="0">late</div>',
    )
    page.wait_for_timeout(200)
    expect(page.locator(".impact-body")).to_have_attribute("data-revision", "7")


def test_what_was_shown_stays_dimmed_while_a_draft_gives_no_tiers(page: Page, live_server, admin):
    make_book(12)
    version = stricter()
    enter(page, live_server, admin, reverse("tiering:draft-impact", args=[version.pk]))
    shown = downgrades(page).inner_text()
    broken = a_document(cutoffs=[{"tier": "High", "min": 80}, {"tier": "Middle", "min": 50}])
    CriteriaVersion.objects.filter(pk=version.pk).update(document=broken, content_hash="0" * 64, revision=1)
    page.evaluate(EDITED)
    expect(page.get_by_text("The draft gives no tiers until this is put right:")).to_be_visible()
    expect(downgrades(page)).to_have_text(shown)
    expect(page.locator(".impact-parts")).to_have_css("opacity", "0.45")


def test_a_large_book_says_how_far_it_is_and_then_shows_itself(page: Page, live_server, admin, monkeypatch):
    make_book(12)
    version = stricter()
    gate, load = threading.Event(), books.take_snapshot

    def slowly(*given):
        gate.wait(20)
        return load(*given)

    monkeypatch.setattr(books, "take_snapshot", slowly)
    monkeypatch.setattr(books, "AT_ONCE", 3)
    enter(page, live_server, admin, reverse("tiering:draft-impact", args=[version.pk]))
    expect(page.get_by_text("The book is being loaded.")).to_be_visible()
    expect(page.get_by_text("0 of 12")).to_be_visible()
    gate.set()
    expect(downgrades(page)).to_be_visible()
    expect(page.get_by_text("The book is being loaded.")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("en", "light", DESKTOP), ("zh-hans", "dark", PHONE)],
    ids=["en-light-desktop", "zh-dark-phone"],
)
def test_every_page_of_it_is_accessible_and_fits(page: Page, live_server, admin, language, theme, size):
    document = with_overlay()
    make_book(30, document=document)
    version = stricter()
    run = simulated(version)
    ask()
    failures = look_like(page, live_server, language=language, theme=theme, size=size)
    for path in (
        reverse("tiering:draft-impact", args=[version.pk]) + "?by=rm&measure=exposure",
        reverse("tiering:draft-impact-clients", args=[version.pk]) + "?way=down",
        reverse("tiering:run", args=[run.pk]),
        reverse("tiering:trial-results", args=[run.pk]) + "?way=down",
        reverse("tiering:overlays", args=[TierScheme.objects.get().pk]),
    ):
        enter(page, live_server, admin, path)
        if "clients" not in path and "results" not in path:
            expect(page.locator(".impact-parts")).to_be_visible()
        failures += faults_of(page, path)
    assert failures == []
