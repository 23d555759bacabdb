"""The pages that run the engine, as hands and eyes use them: what loads later, what follows a choice, and axe."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from crm.models import Client, CustomMetric, Role, User
from tests.browser import DESKTOP, PHONE
from tests.factories import make_client, make_observation, make_revenue, make_user
from tests.looking import faults_of, look_like, unfold
from tests.tiering.helpers import days_ago, publish, run_now
from tests.tiering.pages.making import enter
from tests.tiering.test_overlays import ask, switch_on, with_overlay
from tests.tiering.test_trials import STRICTER, draft
from tiering.models import CriteriaVersion, TierScheme

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> User:
    cache.clear()
    return make_user(Role.CRITERIA_ADMIN)


@pytest.fixture
def client() -> Client:
    made = make_client(rm=make_user(Role.RM))
    make_observation(made, "credit_score", 650.0, observed_on=days_ago(30).date())
    return made


def fill_the_book(client: Client) -> CriteriaVersion:
    """An overlay that is on and one asked for, an own metric, revenue, a draft and a broken one."""
    old = publish(with_overlay())
    run_now(as_of=days_ago(1))
    switch_on(ends=days_ago(-5))
    ask(starts=days_ago(-9))
    make_revenue(client, days_ago(40).date().replace(day=1), received_on=days_ago(3).date())
    CustomMetric.objects.create(key="esg", label_en="ESG")
    version = draft(cutoffs=STRICTER)
    draft(cutoffs=[{"tier": "High", "min": 80}])
    assert old.criteria == version.criteria
    return version


def paths(version: CriteriaVersion) -> list[str]:
    broken = CriteriaVersion.objects.latest("number")
    scheme = TierScheme.objects.get()
    metric = CustomMetric.objects.get()
    return [
        reverse("tiering:criteria"),
        reverse("tiering:criteria-version", args=[version.pk]),
        reverse("tiering:criteria-version", args=[broken.pk]),
        reverse("tiering:criteria-compare", args=[version.pk]),
        reverse("tiering:criteria-new"),
        reverse("tiering:overlays", args=[scheme.pk]),
        reverse("tiering:metrics"),
        reverse("tiering:metric-edit", args=[metric.pk]),
        reverse("tiering:metric-new"),
        reverse("tiering:run-new"),
    ]


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("en", "light", DESKTOP), ("zh-hans", "dark", PHONE)],
    ids=["en-light-desktop", "zh-dark-phone"],
)
def test_every_page_is_accessible_and_fits(page, live_server, admin, client, language, theme, size):
    version = fill_the_book(client)
    failures = look_like(page, live_server, language=language, theme=theme, size=size)
    own = [
        reverse("crm:client-tab", args=[client.pk, "revenue"]),
        reverse("crm:observation-new", args=[client.pk]) + "?metric=life_cycle",
    ]
    for user, addresses in ((admin, paths(version)), (client.rm, own)):
        for path in addresses:
            enter(page, live_server, user, path)
            unfold(page, "main details > summary")
            failures += faults_of(page, path)
    assert failures == []


def test_share_known_follows_by_itself_and_search_narrows(page, live_server, admin, client):
    publish()
    run_now()
    enter(page, live_server, admin, reverse("tiering:metrics"))
    row = page.locator("tr", has=page.get_by_text("credit_score", exact=True))
    expect(row).to_contain_text("100%")
    page.get_by_placeholder("Search metrics").fill("leverage")
    expect(row).to_have_count(0)
    expect(page.locator("tr", has=page.get_by_text("leverage", exact=True))).to_contain_text("0%")
    expect(page).to_have_url(re.compile(r"\?q=leverage"))


def test_overlay_is_asked_for_and_taken_back_by_keyboard(page, live_server, admin):
    publish(with_overlay())
    enter(page, live_server, admin, reverse("tiering:overlays", args=[TierScheme.objects.get().pk]))
    page.get_by_text("Ask to switch it on").press("Enter")
    page.get_by_label("Reason").fill("PMI below 49")
    page.get_by_role("button", name="Ask for approval").press("Enter")
    expect(page.get_by_text("you asked: somebody else approves")).to_be_visible()
    page.get_by_role("button", name="Take back").press("Enter")
    expect(page.get_by_text("Take it back? It will never be on.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("waits for approval")).to_be_visible()
    page.get_by_role("button", name="Take back").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Take back").press("Enter")
    expect(page.get_by_text("waits for approval")).to_have_count(0)


def test_value_takes_what_the_chosen_metric_does(page, live_server, client):
    enter(page, live_server, client.rm, reverse("crm:observation-new", args=[client.pk]))
    page.get_by_label("Source").fill("Visit")
    page.get_by_label("Metric").select_option("life_cycle")
    page.locator("select[name=value]").select_option("mature")
    page.get_by_label("Metric").select_option("credit_score")
    page.locator("input[name=value]").fill("712")
    page.get_by_label("Source").fill("Bureau")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("The value is recorded.")).to_be_visible()
