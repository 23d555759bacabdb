"""A client beside the list, changed in its place by two people, and stepped through: by hands, keys and eyes."""

import pytest
from django.conf import settings
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from crm.models import Client, Role
from crm.services.clients import update_client
from tests.browser import DESKTOP
from tests.factories import make_client, make_user
from tests.looking import faults_of
from tiering.services.quality import renew_quality

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held() -> Client:
    rm = make_user(Role.RM)
    first = make_client(rm=rm, name_zh="", name_en="Northwind", sort_key="a", employees=10)
    second = make_client(rm=rm, name_zh="", name_en="Southwind", sort_key="b")
    renew_quality(at=timezone.now(), day=timezone.localdate(), clients=[second.pk])
    return first


def enter(page: Page, live_server, of: Client) -> None:
    visitor = Visitor()
    visitor.force_login(of.rm)
    cookie = visitor.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(live_server.url + reverse("crm:client-list"))


def test_client_is_looked_at_stepped_through_and_changed_by_keys(page: Page, live_server, held):
    page.set_viewport_size(DESKTOP)
    enter(page, live_server, held)
    page.keyboard.press("j")
    page.keyboard.press(" ")
    name = page.locator(".peek-head h2")
    expect(name).to_have_text("Northwind")
    assert not faults_of(page, "beside the list")
    page.keyboard.press("ArrowDown")
    expect(name).to_have_text("Southwind")
    page.keyboard.press("Escape")
    expect(page.locator("#peek")).to_be_hidden()

    page.keyboard.press("Enter")
    expect(page.locator(".neighbours")).to_contain_text("2 of 2")
    expect(
        page.locator("[data-row]").first, "rows of its own keep nobody from the next client"
    ).to_be_visible()
    page.keyboard.press("k")
    expect(page.locator("h1", has_text="Northwind")).to_be_visible()

    employees, editor = page.locator("[data-inline*='employees']"), page.locator("[data-inline-editor]")
    employees.focus()
    page.keyboard.press("Enter")
    expect(editor).to_be_visible()
    update_client(by=held.rm, client=held, version=1, employees=20)
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    dialog = page.locator("[data-inline-collision]")
    for value in ("10", "20", "30"):
        expect(dialog.get_by_text(value, exact=True)).to_be_visible()
    assert not faults_of(page, "collision")
    page.get_by_role("button", name="Save mine").click()
    expect(employees).to_contain_text("30")
    employees.dblclick()
    expect(editor.get_by_role("spinbutton")).to_be_focused()
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    expect(employees).to_contain_text("30")
    assert Client.objects.get(pk=held.pk).employees == 30
