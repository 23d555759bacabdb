"""The bell as it rings in an open page, and axe over the pages of notices, tasks and absences."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from crm.models import Notice, Role
from crm.models.conduct import today
from crm.services.absences import enter_absence
from crm.services.notices import notify
from tests.browser import DESKTOP, PHONE
from tests.crm.telling import kind_of_notice, known, make_task
from tests.crm.test_pages_in_browser import enter
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = ((DESKTOP, "light", "en"), (PHONE, "dark", "zh-hans"))


@pytest.fixture(autouse=True)
def kinds():
    with known(kind_of_notice(), kind_of_notice("broke", "bad")):
        yield


def tell(person, event: str, kind: str = "fell") -> None:
    notify(kind=kind, event=event, recipients=[person], params={"what": event})


def look_again(page: Page) -> None:
    """What the page does when somebody comes back to it, instead of waiting for its next turn."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_bell_rings_in_the_open_page_and_tells_what_is_urgent_once(page, live_server):
    reader = make_user(Role.RISK_OFFICER)
    enter(page, live_server, reader, reverse("crm:absences"))
    bell, toast = page.locator("[data-bell]"), page.locator(".toast")
    expect(bell).to_have_attribute("aria-label", "Notices")
    tell(reader, "A")
    tell(reader, "B", "broke")
    look_again(page)
    expect(bell).to_have_attribute("aria-label", "Notices: 2 unread")
    expect(toast).to_have_count(1)
    expect(toast).to_contain_text("B fell")
    tell(reader, "C")
    page.reload()
    look_again(page)
    expect(bell).to_have_attribute("aria-label", "Notices: 3 unread")
    expect(toast).to_have_count(0)
    bell.click()
    with page.expect_request(lambda asked: asked.url.endswith(reverse("crm:notice-read"))):
        page.get_by_role("link", name="B fell").click()
    page.wait_for_url("**/fell/B/")
    page.goto(live_server.url + reverse("crm:notices"))
    look_again(page)
    expect(bell).to_have_attribute("aria-label", "Notices: 2 unread")
    assert Notice.objects.get(event="B").read_at


def test_pages_have_no_fault_that_axe_knows(page, live_server):
    lead = make_user(Role.TEAM_LEAD, email="lead@bank.example")
    rm = make_user(Role.RM, team=lead.team)
    task = make_task(rm, client=make_client(rm=rm))
    tell(lead, "A")
    tell(lead, "B", "broke")
    enter_absence(by=lead, user=rm, starts_on=today(), ends_on=today())
    addresses = [
        *map(reverse, ("crm:notices", "crm:notice-settings", "crm:tasks", "crm:task-new", "crm:absences")),
        f"{reverse('crm:tasks')}?whose=all&part={'overdue' if task.due_on < today() else 'later'}",
        reverse("crm:task", args=[task.pk]),
    ]
    enter(page, live_server, lead, addresses[0])
    faults = []
    for place, address in enumerate(addresses):
        size, theme, language = LOOKS[place % len(LOOKS)]
        page.set_viewport_size(size)
        cookies = {"theme": theme, settings.LANGUAGE_COOKIE_NAME: language}
        page.context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )
        page.goto(live_server.url + address)
        found = Axe().run(page).response["violations"]
        faults += [(address, theme, fault["id"], fault["nodes"][0]["html"]) for fault in found]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append((address, theme, "wider than the screen", ""))
    assert not faults, "\n".join(map(str, faults))
