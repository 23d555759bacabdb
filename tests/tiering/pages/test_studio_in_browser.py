"""The criteria studio in a browser: fields save themselves, edges are dragged, two people meet, nothing is lost."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from crm.models import Role, User
from tests.browser import DESKTOP, PHONE
from tests.factories import make_client, make_user
from tests.looking import expect_no_fault
from tests.tiering.helpers import a_document, days_ago, publish, run_now
from tests.tiering.pages.making import enter, observe
from tiering.core.addresses import value_at
from tiering.models import CriteriaVersion
from tiering.services.drafts import start_draft

pytestmark = pytest.mark.django_db(transaction=True)

DIMENSIONS = "scorecards/all/dimensions"
CREDIT = f"{DIMENSIONS}/credit"
SCORE = f"{CREDIT}/indicators/credit_score"


@pytest.fixture
def author() -> User:
    cache.clear()
    return make_user(Role.CRITERIA_ADMIN, name="Lei He")


@pytest.fixture
def draft(author: User) -> CriteriaVersion:
    version = start_draft(author=author, based_on=publish(a_document()))
    for score in range(400, 900, 25):
        observe(make_client(rm=make_user(Role.RM)), score, 30)
    run_now(as_of=days_ago(1))
    return version


def open_studio(page: Page, live_server, user: User, version: CriteriaVersion) -> None:
    enter(page, live_server, user, reverse("tiering:studio", args=[version.pk]))


def at(page: Page, path: str) -> Locator:
    """The field of a place."""
    return page.locator(f'[data-path="{path}"]')


def expect_saved(page: Page) -> None:
    expect(page.locator("#studio-status")).to_have_text(re.compile(r"Saved \d"))


def stands(version: CriteriaVersion, path: str) -> object:
    version.refresh_from_db()
    return value_at(version.document, path)


def test_typed_weight_is_saved_and_the_total_turns_red(page: Page, live_server, author, draft):
    open_studio(page, live_server, author, draft)
    total = page.locator(f'[id="total-{"scorecards/all"}"]')
    expect(total).to_have_class(re.compile("chip-ok"))
    at(page, f"{CREDIT}/weight").fill("90")
    expect(total).to_have_text("90%")
    expect(total).to_have_class(re.compile("chip-bad"))
    expect_saved(page)
    expect(page.locator(".studio-note")).to_contain_text("The weights add up to 90% and not to 100%.")
    assert stands(draft, f"{CREDIT}/weight") == 9000
    page.get_by_role("button", name="Even out to 100%").first.click()
    expect(at(page, f"{CREDIT}/weight")).to_have_value("100")
    expect(page.locator("#studio-refusals")).to_be_hidden()
    assert stands(draft, f"{CREDIT}/weight") == 10000


def test_edge_moves_by_keyboard_and_by_pointer(page: Page, live_server, author, draft):
    open_studio(page, live_server, author, draft)
    page.get_by_role("button", name="Credit score").first.click()
    edge = page.get_by_role("slider", name="Edge between band 1 and band 2")
    edge.focus()
    edge.press("ArrowRight")
    expect_saved(page)
    moved = stands(draft, f"{SCORE}/bands/1/lo")
    assert isinstance(moved, int | float)
    assert 600 < moved < 640
    assert stands(draft, f"{SCORE}/bands/0/hi") == moved
    expect(edge).to_be_focused()
    box = edge.locator(".plot-grip").bounding_box()
    assert box
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.mouse.move(box["x"] + 3, box["y"] + 5)
        page.mouse.down()
        page.mouse.move(box["x"] - 40, box["y"] + 5, steps=4)
        page.mouse.up()
    expect(at(page, f"{SCORE}/bands/1/lo")).to_have_value(re.compile(r"^5\d\d"))
    assert stands(draft, f"{SCORE}/bands/0/hi") == stands(draft, f"{SCORE}/bands/1/lo")


def test_undo_brings_a_value_back_and_redo_takes_it_again(page: Page, live_server, author, draft):
    open_studio(page, live_server, author, draft)
    weight = at(page, f"{CREDIT}/weight")
    weight.fill("70")
    expect_saved(page)
    weight.press("Control+z")
    expect(weight).to_have_value("100")
    weight.press("Control+Shift+z")
    expect(weight).to_have_value("70")
    page.get_by_role("button", name="Undo").click()
    expect(weight).to_have_value("100")
    assert stands(draft, f"{CREDIT}/weight") == 10000


def test_two_people_at_one_field_choose_what_stays(page: Page, browser: Browser, live_server, author, draft):
    other = browser.new_context(viewport=DESKTOP, locale="en-US").new_page()
    open_studio(page, live_server, author, draft)
    open_studio(other, live_server, make_user(Role.CRITERIA_ADMIN, name="Fang Xu"), draft)
    at(other, f"{CREDIT}/weight").fill("40")
    expect_saved(other)
    weight = at(page, f"{CREDIT}/weight")
    weight.fill("30")
    conflict = page.get_by_role("alert").filter(has_text="Fang Xu changed this to 40% just now.")
    expect(conflict).to_be_visible()
    expect(weight).to_have_value("30")
    assert stands(draft, f"{CREDIT}/weight") == 4000
    conflict.get_by_role("button", name="Use mine").click()
    expect(conflict).to_be_hidden()
    expect_saved(page)
    assert stands(draft, f"{CREDIT}/weight") == 3000
    at(other, f"{CREDIT}/weight").fill("45")
    conflict = other.get_by_role("alert").filter(has_text="Lei He changed this to 30% just now.")
    conflict.get_by_role("button", name="Keep theirs").click()
    expect(at(other, f"{CREDIT}/weight")).to_have_value("30")
    assert stands(draft, f"{CREDIT}/weight") == 3000
    other.context.close()


def test_what_cannot_be_saved_stays_in_its_field_with_the_reason(page: Page, live_server, author, draft):
    open_studio(page, live_server, author, draft)
    page.get_by_role("button", name="Credit score").first.click()
    points = at(page, f"{SCORE}/bands/1/points")
    points.fill("160")
    expect(points).to_have_attribute("aria-invalid", "true")
    note = page.locator(f'[id="{points.get_attribute("aria-describedby")}"]')
    expect(note).to_contain_text("100")
    expect(points).to_have_value("160")
    points.fill("lots")
    expect(page.get_by_text("Write a number.")).to_be_visible()
    assert stands(draft, f"{SCORE}/bands/1/points") == 60
    points.fill("65")
    expect(points).not_to_have_attribute("aria-invalid", "true")
    expect_saved(page)
    assert stands(draft, f"{SCORE}/bands/1/points") == 65


def test_edits_made_without_a_connection_arrive_once_there_is_one(page: Page, live_server, author, draft):
    open_studio(page, live_server, author, draft)
    page.context.set_offline(True)
    at(page, f"{CREDIT}/weight").fill("80")
    expect(page.locator("#studio-status")).to_have_text("Not saved yet")
    page.context.set_offline(False)
    expect_saved(page)
    assert stands(draft, f"{CREDIT}/weight") == 8000


def test_indicator_is_added_by_searching_for_its_metric(page: Page, live_server, author, draft):
    open_studio(page, live_server, author, draft)
    page.get_by_role("button", name="Add an indicator to Credit").click()
    page.get_by_role("combobox", name="Search metrics").fill("overdue")
    page.get_by_role("combobox", name="Search metrics").press("Enter")
    added = page.locator('[data-path$="/weight"][data-path*="overdue"]')
    expect(added).to_be_focused()
    expect(added).to_have_value("0")
    expect_saved(page)
    assert len(stands(draft, f"{CREDIT}/indicators")) == 2  # type: ignore[arg-type]


def test_every_part_is_sound_for_everybody(page: Page, live_server, author, draft):
    page.emulate_media(reduced_motion="reduce")
    open_studio(page, live_server, author, draft)
    for tab in page.locator("#studio-tabs [role=tab]").all():
        tab.click()
        expect_no_fault(page)


def test_bands_with_a_fault_are_sound_in_the_dark_and_on_small_screens(
    page: Page, live_server, author, draft
):
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    open_studio(page, live_server, author, draft)
    page.get_by_role("button", name="Credit score").first.click()
    at(page, f"{SCORE}/bands/1/points").fill("160")
    expect(at(page, f"{SCORE}/bands/1/points")).to_have_attribute("aria-invalid", "true")
    for size in (ViewportSize(width=1280, height=800), PHONE):
        page.set_viewport_size(size)
        expect_no_fault(page)
