"""The client pages as hands, keys and eyes use them; and axe over every one in both themes and languages."""

import re

import pytest
from django.conf import settings
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from crm.models import Client, Interaction, Role, User
from crm.names import sort_key
from tests.browser import DESKTOP, PHONE
from tests.factories import (
    PASSWORD,
    make_client,
    make_facility,
    make_industry,
    make_payment,
    make_statement,
    make_user,
)
from tests.looking import faults_of, look_like

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("苏州恒威化工有限公司", "北京天达物流有限公司", "上海泰成精密制造有限公司")
LIST = reverse("crm:client-list")


@pytest.fixture
def rm() -> User:
    return make_user(Role.RM, password=PASSWORD)


@pytest.fixture
def clients(rm) -> list[Client]:
    """Three clients by pinyin: 北京, 上海, 苏州; each in an industry of its own."""
    made = [
        make_client(rm=rm, name_zh=name, sort_key=sort_key(name, ""), industry=make_industry())
        for name in NAMES
    ]
    return sorted(made, key=lambda client: client.sort_key)


def enter(page: Page, live_server, user: User, path: str) -> None:
    visitor = Visitor()
    visitor.force_login(user)
    cookie = visitor.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(live_server.url + path)


def expect_rows(page: Page, *clients: Client) -> None:
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(len(clients))
    for row, client in zip(rows.all(), clients, strict=True):
        expect(row).to_contain_text(client.name_zh)


def test_signing_in_by_page_says_what_is_wrong_and_lets_in(page, live_server, rm):
    page.goto(f"{live_server.url}/clients/")
    page.get_by_label("Username").fill(rm.username)
    page.get_by_label("Password").fill("not it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Clients", exact=True)).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_text(rm.name).first.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_theme_follows_the_system_until_one_is_chosen(page, live_server, rm):
    page.emulate_media(color_scheme="dark")
    enter(page, live_server, rm, "/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    with page.expect_response(re.compile("/preferences/theme/")):
        page.get_by_role("button", name="Light / dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_filtering_swaps_the_table_and_leaves_the_menu_open(page, live_server, rm, clients):
    beijing, shanghai, _ = clients
    enter(page, live_server, rm, LIST)
    menu = page.locator("details", has=page.locator("summary", has_text="Industry"))
    menu.locator("summary").click()
    menu.get_by_label(shanghai.industry.name).check()
    expect_rows(page, shanghai)
    expect(menu).to_have_attribute("open", "")
    menu.get_by_label(beijing.industry.name).check()
    expect_rows(page, beijing, shanghai)
    page.keyboard.press("Escape")
    page.get_by_label("Name or code").fill("天达")
    expect_rows(page, beijing)
    expect(page).to_have_url(re.compile(f"industry={beijing.industry_id}"))
    page.reload()
    expect_rows(page, beijing)
    page.get_by_role("link", name="Clear").click()
    expect_rows(page, *clients)


def test_header_sorts_and_the_filter_keeps_the_order(page, live_server, rm, clients):
    beijing, shanghai, suzhou = clients
    enter(page, live_server, rm, LIST)
    head = page.get_by_role("columnheader", name="Client", exact=True)
    head.get_by_role("link").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    head.get_by_role("link").click()
    expect_rows(page, suzhou, shanghai, beijing)
    page.get_by_label("Name or code").fill("海")
    expect_rows(page, shanghai)
    expect(page).to_have_url(re.compile("sort=-name"))
    page.get_by_label("Name or code").fill("有限")
    expect_rows(page, suzhou, shanghai, beijing)


def test_keys_move_select_open_and_go(page, live_server, clients):
    lead = make_user(Role.TEAM_LEAD, team=clients[0].team)
    enter(page, live_server, lead, LIST)
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=clients[0].name_zh)).to_be_visible()
    page.wait_for_load_state()  # a page is seen before its scripts listen
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.get_by_label("Name or code")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_label("Name or code")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_selected_clients_are_put_into_another_book(page, live_server, rm, clients):
    lead = make_user(Role.TEAM_LEAD, team=rm.team)
    colleague = make_user(Role.RM, team=rm.team, name="Na Li")
    enter(page, live_server, lead, LIST)
    page.get_by_label("Select every client on this page").check()
    page.locator(".bulk-bar").get_by_text("Assign RM").click()
    page.locator(".bulk-bar").get_by_role("button", name="Na Li").click()
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("Put the selected clients (3) into the book of Na Li?")
    asked.get_by_role("button", name="Assign RM").click()
    expect(page.locator(".toast")).to_contain_text("3 clients are now with Na Li.")
    assert {client.rm for client in Client.objects.all()} == {colleague}


def test_enter_in_a_box_opens_the_client_and_assigns_nothing(page, live_server, rm, clients):
    lead = make_user(Role.TEAM_LEAD, team=rm.team)
    make_user(Role.RM, team=rm.team)
    enter(page, live_server, lead, LIST)
    page.get_by_label(clients[0].name_zh, exact=True).press("Space")
    page.get_by_label(clients[0].name_zh, exact=True).press("Enter")
    expect(page.get_by_role("heading", name=clients[0].name_zh)).to_be_visible()
    assert {client.rm for client in Client.objects.all()} == {rm}


def test_icon_and_cut_off_text_are_told_beside_the_pointer(page, live_server, rm, clients):
    enter(page, live_server, rm, f"{reverse('crm:client', args=[clients[0].pk])}?list=")
    page.get_by_role("link", name="Next client").hover()
    expect(page.locator(".tooltip")).to_have_text("Next client")


def test_palette_opens_by_key_and_goes_where_enter_says(page, live_server, rm, clients):
    enter(page, live_server, rm, "/")
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Search")
    palette.get_by_role("combobox").fill("恒威")
    expect(palette.get_by_role("option")).to_have_text(
        [re.compile("苏州恒威化工有限公司"), re.compile("All results")]
    )
    expect(palette.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="苏州恒威化工有限公司")).to_be_visible()


def test_next_client_follows_the_list_one_came_from(page, live_server, rm, clients):
    beijing, shanghai, suzhou = clients
    enter(page, live_server, rm, f"{LIST}?sort=-name")
    page.get_by_role("link", name=suzhou.name_zh, exact=True).click()
    page.get_by_role("link", name="Next client").click()
    expect(page.get_by_role("heading", name=shanghai.name_zh)).to_be_visible()
    page.get_by_role("link", name="Next client").click()
    expect(page.get_by_role("heading", name=beijing.name_zh)).to_be_visible()
    expect(page.get_by_role("link", name="Next client")).to_have_count(0)


def test_drawer_opens_and_closes_on_a_phone(page, live_server, rm, clients):
    page.set_viewport_size(PHONE)
    enter(page, live_server, rm, LIST)
    today = page.get_by_role("link", name="Today")
    expect(today).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(today).to_be_visible()
    page.keyboard.press("Escape")
    expect(today).to_be_hidden()


def paths(client: Client) -> list[str]:
    tabs = [
        reverse("crm:client-tab", args=[client.pk, tab])
        for tab in ("timeline", "exposures", "statements", "audit")
    ]
    edit, page = reverse("crm:client-edit", args=[client.pk]), reverse("crm:client", args=[client.pk])
    return [
        "/",
        LIST,
        f"{LIST}?q=nobody",
        page,
        *tabs,
        reverse("crm:client-new"),
        edit,
        reverse("account_change_password"),
    ]


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [
        ("en", "light", DESKTOP),
        ("zh-hans", "dark", PHONE),
    ],
    ids=["en-light-desktop", "zh-dark-phone"],
)
def test_every_page_is_accessible_and_fits(page, live_server, rm, clients, language, theme, size):
    full = clients[0]
    facility = make_facility(full)
    make_payment(facility, facility.opened_on)
    make_statement(full)
    Interaction.objects.create(client=full, kind="call", at=timezone.now(), subject="Call", author=rm)
    failures = look_like(page, live_server, language=language, theme=theme, size=size)
    enter(page, live_server, rm, "/")
    for path in paths(full):
        page.goto(live_server.url + path)
        failures += faults_of(page, path)
    assert failures == []
