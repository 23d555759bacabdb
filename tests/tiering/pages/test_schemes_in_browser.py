"""Schemes side by side and tiers within projects as a browser shows them: nothing sticks out, and axe finds nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from crm.models import Client, Project, Role
from tests.browser import PHONE
from tests.factories import make_client, make_project, make_user
from tests.looking import expect_no_fault
from tests.tiering.helpers import a_document, days_ago, label, publish, run_now
from tests.tiering.pages.making import enter
from tests.tiering.placing import join, publish_within
from tiering.models import TierScheme
from tiering.services.runs import start_run, work_through

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Partners within a project, by four indicators of the house"


@pytest.fixture
def within() -> tuple[Client, Project]:
    """A client with tiers in two projects, of a scheme with a long name."""
    publish()
    client, small, large = make_client(rm=make_user(Role.RM)), make_project(), make_project()
    join(client, small, revenue_share=0.6)
    join(client, large, revenue_share=0.1)
    scheme = publish_within().criteria.scheme
    TierScheme.objects.filter(pk=scheme.pk).update(name_en=LONG, name_zh=label(LONG)["zh"])
    run_now(as_of=days_ago(2))
    work_through(start_run(requested_by=None, scheme=scheme, as_of=days_ago(1)))
    return client, small


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_tier_within_a_project_leads_to_its_explanation_and_to_the_project(
    page: Page, live_server, within, theme
):
    client, project = within
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=theme)
    enter(page, live_server, make_user(Role.AUDITOR), reverse("crm:client", args=[client.pk]))
    expect(page.get_by_role("heading", name="Tiers by scheme")).to_be_visible()
    expect_no_fault(page)
    page.locator("a.place").first.click()
    expect(page.locator("#why-tier .scheme-of")).to_contain_text(LONG)
    expect(page.locator("#why-tier")).to_contain_text("Why tier High")
    expect_no_fault(page)
    page.locator("#why-tier .scheme-of").click()
    expect(page.get_by_role("heading", name="Tiers within the project")).to_be_visible()
    assert page.url.endswith(reverse("crm:project", args=[project.pk]))
    expect_no_fault(page)


def test_criteria_administrator_makes_a_scheme_primary_after_a_question(page: Page, live_server, within):
    page.set_viewport_size(PHONE)
    other = publish(a_document(scheme="other")).criteria.scheme
    enter(page, live_server, make_user(Role.CRITERIA_ADMIN), reverse("tiering:schemes"))
    expect_no_fault(page)
    page.get_by_role("button", name="Make primary").click()
    expect(page.locator("#confirm-dialog")).to_contain_text("No tier changes by it")
    page.locator("[data-confirm-proceed]").click()
    expect(page.locator(".toast")).to_contain_text("is the primary scheme now")
    assert TierScheme.objects.get(is_primary=True) == other
