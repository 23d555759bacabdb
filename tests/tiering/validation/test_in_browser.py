"""Validations and challengers as a browser shows them: asked by hand, followed while computed, and axe finds nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from crm.models import Role
from tests.browser import DESKTOP, PHONE
from tests.factories import make_user
from tests.looking import expect_no_fault
from tests.tiering.helpers import days_ago, publish, run_now
from tests.tiering.pages.making import enter
from tests.tiering.test_challengers import a_night, approved, challenge
from tests.tiering.test_nights import client_of
from tests.tiering.validation.making import a_past, a_validation
from tiering.models import Validation
from tiering.services.nights import note_nights
from tiering.services.validations import work_validation

pytestmark = pytest.mark.django_db(transaction=True)


def test_question_is_asked_and_its_report_appears_by_itself(page: Page, live_server):
    a_past(good=3, bad=2)
    enter(page, live_server, make_user(Role.RISK_OFFICER), reverse("tiering:validation-new"))
    expect_no_fault(page)
    page.get_by_label("Horizon in months").fill("5")
    page.get_by_label("Horizon in months").blur()
    expect(page.locator("#question-days input")).not_to_have_count(0)
    page.get_by_text("More than 90 days overdue", exact=True).click()
    page.get_by_role("button", name="Compute").click()
    expect(page.get_by_text("A worker takes it up in a moment.")).to_be_visible()
    expect_no_fault(page)
    work_validation(Validation.objects.get().pk)
    expect(page.get_by_role("heading", name="Bad rate by tier")).to_be_visible()
    expect(page.get_by_text("too few bad outcomes").first).to_be_visible()


@pytest.mark.parametrize(
    ("theme", "language", "size"), [("light", "en", DESKTOP), ("dark", "zh-hans", PHONE)]
)
def test_report_has_no_fault_on_a_desktop_and_a_phone(page: Page, live_server, theme, language, size):
    officer = make_user(Role.RISK_OFFICER)
    found = a_validation(publish(), officer)
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size(size)
    page.set_extra_http_headers({"Accept-Language": language})
    enter(page, live_server, officer, reverse("tiering:validation", args=[found.pk]))
    expect(page.locator("svg.plot")).to_have_count(3)
    page.locator(".validation-how > summary").first.click()
    expect_no_fault(page)


def test_challenger_is_looked_at_and_ended_after_a_question(page: Page, live_server):
    publish()
    client_of(650.0)
    run_now(as_of=days_ago(2))
    challenger = challenge(approved())
    a_night()
    note_nights()
    address = reverse("tiering:challengers", args=[challenger.scheme_id])
    enter(page, live_server, make_user(Role.CRITERIA_ADMIN), address)
    expect(page.get_by_role("heading", name="Largest movers")).to_be_visible()
    expect(page.get_by_role("link", name="Challenger lower")).to_be_visible()
    expect_no_fault(page)
    page.set_viewport_size(PHONE)
    expect_no_fault(page)
    page.get_by_role("button", name="End").click()
    expect(page.locator("#confirm-dialog")).to_contain_text("run no more")
    page.locator("[data-confirm-proceed]").click()
    expect(page.get_by_text("ended by")).to_be_visible()
