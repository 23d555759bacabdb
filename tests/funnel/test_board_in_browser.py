"""The board as hands use it: drag, keys, menu, refusal, conflict, swipe; and axe over it in both themes."""

import re
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client as Visitor
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

from crm.models import Role, User
from funnel.models import Case
from funnel.selectors.board import FIRST, PAGE
from funnel.services.moves import move_case
from tests.browser import PHONE
from tests.factories import make_client, make_user
from tests.funnel.making import make_case, stage_of

pytestmark = pytest.mark.django_db(transaction=True)


def enter(page: Page, live_server, user: User, path: str) -> None:
    """Open a page as that user, whose session comes with a cookie instead of the login page."""
    visitor = Visitor()
    visitor.force_login(user)
    cookie = visitor.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(live_server.url + path)


def open_board(page: Page, live_server, user: User) -> None:
    enter(page, live_server, user, reverse("funnel:board"))


def column(page: Page, stage: str) -> Locator:
    return page.locator(f'[data-column="{stage}"]')


def card(where: Page | Locator, case: Case) -> Locator:
    return where.locator(f"#case-{case.pk}")


def expect_head(page: Page, stage: str, *texts: str) -> None:
    for text in texts:
        expect(column(page, stage).locator("[data-head]")).to_contain_text(text)


def test_dragging_a_card_moves_the_case_and_the_totals(page, live_server):
    rm = make_user()
    case, other = make_case(rm), make_case(rm, amount=Decimal(30_000_000))
    open_board(page, live_server, rm)
    target = column(page, "preliminary_assessment")
    card(page, case).drag_to(target)
    expect(page.locator(".toast")).to_have_text(re.compile("is now in “Preliminary assessment”"))
    expect(card(target, case)).to_be_visible()
    expect_head(page, "initial_identification", "1 case", "30.0 m")
    expect_head(page, "preliminary_assessment", "1 case", "12.0 m")
    expect(target.locator(".is-target, .is-dragged, .is-waiting")).to_have_count(0)
    card(page, other).drag_to(target)
    expect(target.locator("[data-move-url]").first).to_have_id(f"case-{other.pk}")
    case.refresh_from_db()
    assert case.stage.key == "preliminary_assessment"


def test_alt_and_arrows_move_the_focused_card_and_keep_the_focus(page, live_server):
    case = make_case()
    open_board(page, live_server, case.client.rm)
    card(page, case).get_by_role("link").focus()
    page.keyboard.press("Alt+ArrowRight")
    moved = card(column(page, "preliminary_assessment"), case)
    expect(moved.get_by_role("link")).to_be_focused()
    expect(moved).to_have_attribute("data-version", "2")
    page.keyboard.press("Alt+ArrowLeft")
    expect(card(column(page, "initial_identification"), case)).to_have_attribute("data-version", "3")


def test_the_menu_moves_a_card_through_a_gate_that_is_met(page, live_server):
    case = make_case(stage="preliminary_assessment", tier="A")
    open_board(page, live_server, case.client.rm)
    card(page, case).get_by_role("button", name=f"Move {case.client.name} to…").click()
    menu = page.get_by_role("dialog", name="Move to")
    expect(menu.get_by_role("button", name="Preliminary assessment")).to_be_disabled()
    expect(menu.get_by_role("button", name="Initial identification")).to_be_focused()
    menu.get_by_role("button", name="Due diligence").click()
    expect(card(column(page, "due_diligence"), case)).to_have_attribute("data-version", "2")
    expect(menu).to_be_hidden()


def test_a_move_whose_gate_is_not_met_goes_back_and_says_what_is_missing(page, live_server):
    case = make_case(stage="preliminary_assessment", tier="B")
    open_board(page, live_server, case.client.rm)
    card(page, case).drag_to(column(page, "due_diligence"))
    dialog = page.get_by_role("dialog", name="The move was refused")
    expect(dialog.get_by_role("link")).to_contain_text("“Due diligence” takes tier A or better")
    dialog.get_by_role("button", name="Close").click()
    expect(card(column(page, "preliminary_assessment"), case)).to_have_attribute("data-version", "1")
    expect_head(page, "due_diligence", "0 cases")


def test_declining_asks_for_the_reason_and_goes_back_without_one(page, live_server):
    case = make_case()
    open_board(page, live_server, case.client.rm)
    dialog = page.get_by_role("dialog", name="Give a reason")
    card(page, case).drag_to(column(page, "declined"))
    expect(dialog).to_contain_text("takes a reason")
    dialog.get_by_role("button", name="Cancel").click()
    expect(card(column(page, "initial_identification"), case)).not_to_have_class(re.compile("is-waiting"))
    card(page, case).drag_to(column(page, "declined"))
    dialog.get_by_label("Reason").select_option(label="Collateral falls short")
    dialog.get_by_label("Comment").fill("no collateral")
    dialog.get_by_role("button", name="Move the case").click()
    expect(card(column(page, "declined"), case)).to_have_attribute("data-version", "2")
    assert (case.moves.last().reason, case.moves.last().comment) == ("collateral", "no collateral")


def test_a_case_is_not_lost_by_keyboard_without_a_reason_either(page, live_server):
    case = make_case()
    open_board(page, live_server, case.client.rm)
    card(page, case).get_by_role("link").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    declined = page.get_by_role("dialog", name="Move to").get_by_role("button", name="Declined")
    for _stage in range(4):
        page.keyboard.press("Tab")
        if declined.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Give a reason")
    expect(dialog.get_by_label("Reason")).to_be_focused()
    dialog.get_by_role("button", name="Move the case").press("Enter")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Comment").press("Escape")
    expect(dialog).to_be_hidden()
    expect(card(column(page, "initial_identification"), case)).to_have_attribute("data-version", "1")
    assert not case.moves.filter(to_stage__key="declined").exists()


def test_a_case_that_somebody_else_moved_is_shown_where_it_really_is(page, live_server):
    case = make_case(tier="AA")
    open_board(page, live_server, case.client.rm)
    lead = make_user(Role.TEAM_LEAD, team=case.client.team, name="Lei Wang")
    stage = stage_of(case.stage.pipeline, "due_diligence")
    move_case(case=case, to_stage=stage, version=1, moved_by=lead)
    card(page, case).drag_to(column(page, "preliminary_assessment"))
    expect(page.locator(".toast")).to_contain_text("Lei Wang moved this case to “Due diligence”")
    expect(card(column(page, "due_diligence"), case)).to_have_attribute("data-version", "2")
    expect_head(page, "due_diligence", "1 case")


def test_a_move_that_cannot_reach_the_server_goes_back(page, live_server):
    case = make_case()
    open_board(page, live_server, case.client.rm)
    page.route("**/move/", lambda route: route.abort())
    card(page, case).drag_to(column(page, "preliminary_assessment"))
    expect(page.locator(".toast")).to_contain_text("Nothing was changed")
    expect(card(column(page, "initial_identification"), case)).to_be_visible()


def test_loading_more_and_filtering_keep_every_card_once(page, live_server):
    rm = make_user()
    book = make_client(rm=rm)
    for amount in range(1, PAGE + 4):
        make_case(rm, client=book, amount=Decimal(amount * 1_000_000))
    last = make_case(rm, client=make_client(rm=rm, name_zh="远洋物流有限公司"), amount=Decimal(500_000))
    open_board(page, live_server, rm)
    cards = column(page, "initial_identification").locator("[data-move-url]")
    expect(cards).to_have_count(FIRST)
    page.get_by_role("button", name="Load more").click()
    expect(cards).to_have_count(PAGE + 4)
    page.get_by_role("searchbox", name="Client").fill("远洋")
    expect(cards).to_have_count(1)
    card(page, last).drag_to(column(page, "preliminary_assessment"))
    expect_head(page, "preliminary_assessment", "1 case")
    expect_head(page, "initial_identification", "0 cases")


def swipe_left(page: Page, x: float, y: float, distance: int, steps: int = 10) -> None:
    """A finger that goes left: touch events as the hardware sends them, which Playwright has no call for."""
    device = page.context.new_cdp_session(page)

    def touch(kind: str, *points: float) -> None:
        body = {"type": kind, "touchPoints": [{"x": point, "y": y} for point in points]}
        device.send("Input.dispatchTouchEvent", body)

    touch("touchStart", x)
    for step in range(1, steps + 1):
        touch("touchMove", x - distance * step / steps)
        page.wait_for_timeout(16)
    touch("touchEnd")


def test_a_swipe_on_a_phone_scrolls_the_board_and_drags_nothing(browser: Browser, live_server):
    case = make_case()
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-US")
    page = context.new_page()
    open_board(page, live_server, case.client.rm)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    box = card(page, case).bounding_box()
    swipe_left(page, box["x"] + 300, box["y"] + 30, distance=280)
    expect(column(page, "preliminary_assessment").get_by_role("heading")).to_be_in_viewport(ratio=1)
    context.close()
    case.refresh_from_db()
    assert case.version == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_the_funnel(page, live_server, theme):
    rm = make_user()
    case = make_case(rm, tier="AA")
    make_case(rm, stage="declined", tier="B")
    make_case(make_user(team=rm.team), stage="due_diligence")
    page.emulate_media(color_scheme=theme)
    for path in (
        reverse("funnel:board"),
        reverse("funnel:case", args=[case.pk]),
        f"{reverse('funnel:new-case')}?client={case.client.pk}",
    ):
        enter(page, live_server, rm, path)
        if path == reverse("funnel:board"):
            card(page, case).get_by_role("button").click()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
