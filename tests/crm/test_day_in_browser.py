"""A day of a relationship manager: with the keyboard alone at a desk in English, by touch on a phone in Chinese."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from crm.models import Interaction, Note, Notice, Role, Task
from crm.models.conduct import today
from crm.names import sort_key
from tests.browser import PHONE
from tests.crm.test_pages_in_browser import enter
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def faults_of(page: Page) -> list[str]:
    found = [f"{one['id']}: {one['nodes'][0]['html']}" for one in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the screen")
    return found


def test_day_of_a_relationship_manager(page, live_server):
    rm = make_user(Role.RM, name="Mei Lin")
    colleague = make_user(Role.RM, team=rm.team, username="jun.zhao", name="Jun Zhao")
    about = make_client(rm=rm, name_zh="杭州宏信", name_en="", sort_key=sort_key("杭州宏信", ""))
    Interaction.objects.create(client=about, kind="call", at=timezone.now(), subject="Hello", author=rm)
    for number, title in enumerate(("Ask for the audited accounts", "Send the term sheet"), 1):
        Task.objects.create(client=about, assignee=rm, title=title, due_on=today() - timedelta(days=number))
    enter(page, live_server, rm, reverse("crm:today"))
    press = page.keyboard.press
    tasks = page.locator(".today-group", has_text="Tasks")

    # The first task is done, the second, which then has the focus, is put off: one key each.
    press("j")
    press("d")
    expect(page.locator(".toast", has_text="The task is done")).to_be_visible()
    expect(tasks.locator("li")).to_have_count(1)
    press("s")
    expect(tasks).to_be_hidden()

    # A call is logged without leaving the page; what was typed outlives the dialog.
    press("l")
    dialog = page.get_by_role("dialog", name="Log interaction")
    expect(dialog.get_by_role("combobox", name="Client")).to_be_focused()
    page.keyboard.type("hzhx")
    expect(dialog.locator("#log-clients [role=option]")).to_contain_text("杭州宏信")
    press("Enter")
    expect(dialog.get_by_label("Subject")).to_be_focused()
    page.keyboard.type("Drawdown")
    press("Escape")
    expect(dialog).to_be_hidden()
    press("l")
    expect(dialog.get_by_label("Subject")).to_have_value("Drawdown")
    assert not faults_of(page)
    dialog.get_by_label("Notes").focus()
    page.keyboard.type("Ask @jun")
    expect(dialog.get_by_role("option", name="Jun Zhao")).to_be_visible()
    press("Enter")
    press("Control+Enter")
    expect(page.locator(".toast", has_text="is logged")).to_be_visible()
    logged = Interaction.objects.latest("pk")
    assert (logged.client, logged.subject, logged.body) == (about, "Drawdown", "Ask @jun.zhao")
    assert Notice.objects.get(kind="mentioned").recipient == colleague
    assert not faults_of(page)

    # On a phone, in Chinese, by touch: the timeline, a note, the calendar.
    page.set_viewport_size(PHONE)
    cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": "zh-hans", "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(live_server.url + reverse("crm:client-tab", args=[about.pk, "timeline"]))
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator(".timeline")).to_contain_text("Drawdown")
    page.locator(".note-form textarea").fill("负责人下周出差")
    page.locator(".note-form button").click()
    expect(page.locator(".timeline")).to_contain_text("负责人下周出差")
    assert Note.objects.get().author == rm
    page.locator(".client-head .follow button").click()
    expect(page.locator(".follow button")).to_have_attribute("aria-pressed", "true")
    assert not faults_of(page)
    page.goto(live_server.url + reverse("crm:today"))
    page.locator(".topbar [data-log]").click()
    expect(page.locator("#log-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto(live_server.url + reverse("crm:calendar"))
    expect(page.locator(".calendar")).to_contain_text("Send the term sheet")
    assert not faults_of(page)
