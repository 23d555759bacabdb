"""A day of a relationship manager in both languages: with the keyboard alone at a desk, by touch on a phone."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

from crm.formats import localized
from crm.models import Client, Interaction, Note, Notice, Role, Task, User
from crm.models.conduct import today
from crm.names import sort_key
from tests.browser import DESKTOP, PHONE
from tests.crm.test_pages_in_browser import enter
from tests.factories import make_client, make_user
from tests.funnel.making import make_case

pytestmark = pytest.mark.django_db(transaction=True)


def faults_of(page: Page) -> list[str]:
    found = [f"{one['id']}: {one['nodes'][0]['html']}" for one in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the screen")
    return found


@pytest.fixture(params=[code for code, _name in settings.LANGUAGES])
def reader(request, page, live_server) -> Iterator[str]:
    """The language of whoever reads; what a test asks for by gettext is in it."""
    cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": request.param, "url": live_server.url}
    page.context.add_cookies([cookie])
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def rm() -> User:
    return make_user(Role.RM, name="Mei Lin", name_zh="林梅")


@pytest.fixture
def about(rm) -> Client:
    """A client of the manager's, with two tasks that are late."""
    client = make_client(
        rm=rm, name_zh="杭州宏信", name_en="", sort_key=sort_key("杭州宏信", ""), employees=10
    )
    Interaction.objects.create(client=client, kind="call", at=timezone.now(), subject="Hello", author=rm)
    for number, title in enumerate(("Ask for the audited accounts", "Send the term sheet"), 1):
        Task.objects.create(client=client, assignee=rm, title=title, due_on=today() - timedelta(days=number))
    return client


def toast(page: Page, text: str) -> Locator:
    """The toast that says a sentence, whatever stands in its places."""
    said = re.compile(".+".join(map(re.escape, re.split(r"%\(\w+\)s", gettext(text)))))
    return page.locator(".toast", has_text=said)


def test_day_at_a_desk_by_the_keyboard_alone(page, live_server, reader, rm, about):
    colleague = make_user(Role.RM, team=rm.team, username="jun.zhao", name="Jun Zhao", name_zh="赵军")
    case = make_case(rm, client=about, tier="A")
    page.set_viewport_size(DESKTOP)
    enter(page, live_server, rm, reverse("crm:today"))
    expect(page.locator("html")).to_have_attribute("lang", reader)
    press, write = page.keyboard.press, page.keyboard.type
    tasks = page.locator(".today-group", has_text="Ask for the audited accounts")

    # The first task is done, the second, which then has the focus, is put off: one key each.
    press("j")
    press("d")
    expect(toast(page, "The task is done.")).to_be_visible()
    expect(tasks.locator("li")).to_have_count(1)
    press("s")
    expect(tasks).to_be_hidden()

    # A call is logged without leaving the page; what was typed outlives the dialog; the next step becomes a task.
    press("l")
    dialog = page.get_by_role("dialog", name=gettext("Log interaction"))
    expect(dialog.get_by_role("combobox", name=gettext("Client"))).to_be_focused()
    write("hzhx")
    press("Enter")  # before the names have come
    subject = dialog.get_by_label(gettext("Subject"))
    expect(subject).to_be_focused()
    expect(dialog.get_by_role("combobox", name=gettext("Client"))).to_have_value("杭州宏信")
    write("Drawdown")
    press("Escape")
    expect(dialog).to_be_hidden()
    press("l")
    expect(subject).to_have_value("Drawdown")
    assert not faults_of(page)
    dialog.locator("#log_body").focus()
    write("Ask @jun")
    expect(dialog.get_by_role("option", name=localized(colleague))).to_be_visible()
    press("Enter")
    dialog.locator("#log_next_step").focus()
    write("Send the contract")
    dialog.locator("#log_next_due").fill(today().isoformat())
    press("Control+Enter")
    expect(toast(page, "The contact with %(name)s is logged.")).to_be_visible()
    logged = Interaction.objects.latest("pk")
    assert (logged.client, logged.subject, logged.body.strip()) == (about, "Drawdown", "Ask @jun.zhao")
    assert Notice.objects.get(kind="mentioned").recipient == colleague
    assert Task.objects.get(title="Send the contract").assignee == rm
    assert not faults_of(page)

    # The client is found by initials, and a detail of it is changed where it stands.
    press("Control+k")
    palette = page.get_by_role("dialog", name=gettext("Search"))
    expect(palette.get_by_role("combobox")).to_be_focused()
    write("hzhx")
    expect(palette.get_by_role("option").first).to_contain_text("杭州宏信")
    press("Enter")
    expect(page.get_by_role("heading", name="杭州宏信")).to_be_visible()
    employees = page.locator("[data-inline*='employees']")
    employees.focus()
    press("Enter")
    expect(page.locator("[data-inline-editor]")).to_be_visible()
    press("Control+a")
    write("30")
    press("Enter")
    expect(employees).to_contain_text("30")
    assert not faults_of(page)

    # Its case goes on by a key, and the new task waits on Today.
    press("g")
    press("f")
    card = page.locator(f"#case-{case.pk}")
    card.get_by_role("link").focus()
    press("Alt+ArrowRight")
    expect(page.locator('[data-column="preliminary_assessment"]').locator(f"#case-{case.pk}")).to_be_visible()
    expect(card).to_have_attribute("data-version", "2")
    assert not faults_of(page)
    press("g")
    press("t")
    expect(page.locator(".today-group", has_text="Send the contract")).to_be_visible()


def test_day_on_a_phone_by_touch(page, live_server, reader, rm, about):
    page.set_viewport_size(PHONE)
    enter(page, live_server, rm, reverse("crm:today"))
    expect(page.locator("html")).to_have_attribute("lang", reader)
    assert not faults_of(page)
    page.locator(".topbar [data-log]").click()
    dialog = page.locator("#log-dialog")
    dialog.get_by_role("combobox", name=gettext("Client")).fill("宏信")
    dialog.locator("#log-clients [role=option]").click()
    dialog.get_by_label(gettext("Subject")).fill("Drawdown")
    assert not faults_of(page)
    dialog.locator(".button-primary").click()
    expect(toast(page, "The contact with %(name)s is logged.")).to_be_visible()
    page.goto(live_server.url + reverse("crm:client-tab", args=[about.pk, "timeline"]))
    expect(page.locator(".timeline")).to_contain_text("Drawdown")
    page.locator(".note-form textarea").fill("负责人下周出差")
    page.locator(".note-form button").click()
    expect(page.locator(".timeline")).to_contain_text("负责人下周出差")
    assert Note.objects.get().author == rm
    page.locator(".client-head .follow button").click()
    expect(page.locator(".follow button")).to_have_attribute("aria-pressed", "true")
    assert not faults_of(page)
    page.goto(live_server.url + reverse("crm:calendar"))
    expect(page.locator(".calendar")).to_contain_text("Send the term sheet")
    assert not faults_of(page)
