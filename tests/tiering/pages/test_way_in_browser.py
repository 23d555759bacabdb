"""The way of criteria as two people go it by hand, from an edit to the tiers of the book; and axe over its pages."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect

from crm.models import Role, User
from tests.browser import DESKTOP, PHONE
from tests.factories import make_client, make_observation, make_user
from tests.looking import faults_of, look_like, unfold
from tests.tiering.helpers import a_document, days_ago, publish, run_now, tier_of
from tests.tiering.pages.making import enter
from tests.tiering.under_way import cut_at
from tiering.core.cases import Case
from tiering.models import CriteriaTest, CriteriaVersion, TieringRun
from tiering.services.criteria_tests import add_test
from tiering.services.drafts import edit_draft, start_draft
from tiering.services.lifecycle import submit_version
from tiering.services.runs import work_through

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def author() -> User:
    cache.clear()
    return make_user(Role.CRITERIA_ADMIN)


@pytest.fixture
def checker() -> User:
    return make_user(Role.CRITERIA_ADMIN)


def begun(author: User) -> CriteriaVersion:
    """A draft on what is in effect, with a cut-off moved and two test cases, one of which fails."""
    published = publish(a_document(policy={}), effective_from=days_ago(9))
    draft = start_draft(author=author, based_on=published)
    edit_draft(version=draft, edits=[cut_at(60, was=80)], by=author)
    add_test(version=draft, case=Case("Good", {"credit_score": 720.0}, "High"), by=author)
    add_test(version=draft, case=Case("Fair", {"credit_score": 650.0}, "Middle"), by=author)
    return draft


def test_two_people_take_a_draft_to_the_tiers_of_the_book(page: Page, live_server, author, checker):
    client = make_client()
    make_observation(client, "credit_score", 650.0, observed_on=days_ago(30).date())
    draft = begun(author)
    run_now(as_of=days_ago(8))
    assert tier_of(client) == "Middle"
    put_the_test_right(page, live_server, author, draft)
    submit(page, "Fair clients were asked too much.")
    approve(page, live_server, checker, draft)
    expect(page.get_by_text("Approved. It can be published now.")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Publish version 2 of “Small”?")
    dialog.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 2 is published.")).to_be_visible()
    for act in ("submitted it", "approved it", "published it"):
        expect(page.get_by_text(act)).to_be_visible()
    run = TieringRun.objects.get(version=draft)
    work_through(run)
    assert (run.trigger, tier_of(client)) == ("publication", "High")


def put_the_test_right(page: Page, live_server, author: User, draft: CriteriaVersion) -> None:
    """The strip of the studio leads to the case that fails; it takes what comes now as what is expected."""
    enter(page, live_server, author, reverse("tiering:studio", args=[draft.pk]))
    strip = page.get_by_role("link", name="1 of 2 test cases pass")
    page.get_by_role("link", name="Submit for approval").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 test case does not come out as expected")
    expect(page.get_by_role("dialog")).to_contain_text("Fair")
    page.keyboard.press("Escape")
    strip.click()
    expect(page.get_by_text("tier High instead of Middle")).to_be_visible()
    page.get_by_role("link", name="Fair", exact=True).click()
    comes_now = page.locator("section", has=page.get_by_role("heading", name="What comes now"))
    expect(comes_now).to_contain_text("fails")
    page.get_by_label("Credit score").fill("590")
    expect(comes_now).to_contain_text("tier Low instead of Middle")
    page.get_by_label("Credit score").fill("650")
    page.get_by_role("button", name="Expect what comes now").click()
    expect(page.get_by_text("2 of 2 test cases pass")).to_be_visible()


def submit(page: Page, purpose: str) -> None:
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_role("link", name="Submit for approval").click()
    field = page.get_by_label("What changes and why")
    expect(field).to_be_focused()
    field.fill(purpose)
    page.get_by_role("dialog").get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_text("Submitted. Another criteria administrator can approve it now.")).to_be_visible()


def approve(page: Page, live_server, checker: User, draft: CriteriaVersion) -> None:
    enter(page, live_server, checker, reverse("crm:today"))
    page.get_by_role("link", name=re.compile("version 2")).click()
    expect(page.get_by_text("Fair clients were asked too much.").first).to_be_visible()
    expect(page.get_by_text(CriteriaVersion.objects.get(pk=draft.pk).content_hash)).to_be_visible()
    expect(page.get_by_role("heading", name="1 difference from version 1")).to_be_visible()
    expect(page.locator("ins").first).to_have_text("60")
    expect(page.get_by_role("heading", name="Impact preview")).to_be_visible()
    page.get_by_label("Comment").fill("Agreed.")
    page.get_by_role("button", name="Approve this content").click()


def test_facts_of_a_client_fill_the_form(page: Page, live_server, author):
    client = make_client()
    make_observation(client, "credit_score", 650.0, observed_on=days_ago(30).date())
    draft = begun(author)
    run_now(as_of=days_ago(8))
    enter(page, live_server, author, reverse("tiering:criteria-test-new", args=[draft.pk]))
    page.get_by_label("Name or code of a client").fill(client.code)
    page.get_by_role("link", name=client.name).click()
    expect(page.get_by_label("Credit score")).to_have_value("650")
    expect(page.get_by_label("Tier in force")).to_have_value("Middle")


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("en", "light", DESKTOP), ("zh-hans", "dark", PHONE)],
    ids=["en-light-desktop", "zh-dark-phone"],
)
def test_every_page_is_accessible_and_fits(page, live_server, author, checker, language, theme, size):
    draft = begun(author)
    waiting = start_draft(author=author, based_on=draft.based_on)
    edit_draft(version=waiting, edits=[cut_at(90, was=80)], by=author)
    submit_version(version=waiting, by=author, purpose="Stricter.")
    failures = look_like(page, live_server, language=language, theme=theme, size=size)
    own = [
        reverse("tiering:criteria-version", args=[draft.pk]),
        reverse("tiering:criteria-submit", args=[draft.pk]),
        reverse("tiering:criteria-tests", args=[draft.pk]),
        reverse("tiering:criteria-test-new", args=[draft.pk]),
        reverse("tiering:criteria-test", args=[CriteriaTest.objects.filter(version=draft).latest("pk").pk]),
        reverse("tiering:criteria-tests-suggest", args=[draft.pk]),
        reverse("tiering:criteria-compare", args=[draft.pk]),
        reverse("tiering:versions", args=[draft.criteria.scheme_id]),
    ]
    for user, addresses in (
        (author, own),
        (checker, [reverse("tiering:criteria-review", args=[waiting.pk]), reverse("crm:today")]),
    ):
        for path in addresses:
            enter(page, live_server, user, path)
            unfold(page, "main details > summary")
            failures += faults_of(page, path)
    assert failures == []
