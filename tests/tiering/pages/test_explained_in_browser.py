"""The account of a tier with everything in it, and criteria that say as much, as a browser shows them; and axe."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from crm.models import Role
from tests.browser import PHONE
from tests.factories import make_client, make_user
from tests.looking import expect_no_fault
from tests.tiering.helpers import days_ago, publish, run_now
from tests.tiering.pages.making import enter, observe
from tests.tiering.pages.methods import by_matrix, switch_on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def path() -> str:
    """The page of a client that a matrix places, an overlay caps and a policy holds."""
    publish(by_matrix())
    switch_on("downturn")
    client = make_client(rm=make_user(Role.RM), demand_level="premium")
    observe(client, 500.0, 60)
    run_now(as_of=days_ago(50))
    observe(client, 720.0, 20)
    run_now(as_of=days_ago(10))
    return reverse("crm:client", args=[client.pk])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_account_with_everything_in_it_has_no_fault(page: Page, live_server, path, scheme):
    page.emulate_media(color_scheme=scheme)
    enter(page, live_server, make_user(Role.AUDITOR), path)
    expect(page.locator(".cells .is-taken")).to_have_count(1)
    page.locator(".dimension summary").first.click()
    page.locator(".changes > summary").click()
    expect(page.locator(".changes")).to_contain_text("500")
    expect_no_fault(page)


def test_account_and_criteria_fit_a_phone(page: Page, live_server, path):
    page.set_viewport_size(PHONE)
    enter(page, live_server, make_user(Role.AUDITOR), path)
    expect(page.locator(".cells .is-taken")).to_be_visible()
    expect_no_fault(page)
    page.goto(live_server.url + reverse("tiering:criteria"))
    expect(page.locator(".cells")).to_be_visible()
    expect_no_fault(page)


def test_criteria_in_chinese_have_no_fault(page: Page, live_server, path):
    page.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": "zh-hans", "url": live_server.url}]
    )
    enter(page, live_server, make_user(Role.AUDITOR), reverse("tiering:criteria"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator(".cells")).to_be_visible()
    expect_no_fault(page)
