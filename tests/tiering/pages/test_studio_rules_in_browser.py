"""Rules, gates and cut-offs of the studio as hands use them: by keyboard alone, dragged, and seen by axe."""

from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from crm.models import Role, User
from tests.browser import DESKTOP, PHONE
from tests.factories import make_client, make_user
from tests.looking import faults_of, look_like, unfold
from tests.tiering.helpers import a_document, days_ago, label, publish, run_now
from tests.tiering.pages.making import enter, observe
from tests.tiering.pages.methods import MIGRATION, by_matrix
from tiering.core.addresses import value_at
from tiering.models import CriteriaVersion
from tiering.services.criteria import load_criteria
from tiering.services.drafts import start_draft

pytestmark = pytest.mark.django_db(transaction=True)

LATE = {"metric": "days_overdue", "op": ">", "value": 90}


@pytest.fixture
def author() -> User:
    cache.clear()
    return make_user(Role.CRITERIA_ADMIN)


@pytest.fixture
def draft(author: User) -> CriteriaVersion:
    for score in (720.0, 650.0, 650.0, 500.0):
        observe(make_client(rm=make_user(Role.RM)), score, 30)
    published = publish()
    run_now(as_of=days_ago(1))
    return start_draft(author=author, based_on=published)


def open_studio(page: Page, live_server, user: User, version: CriteriaVersion, tab: str = "scoring") -> None:
    enter(page, live_server, user, reverse("tiering:studio", args=[version.pk]))
    page.locator(f"#tab-{tab}").click()


def saved(page: Page, version: CriteriaVersion, path: str) -> Any:
    expect(page.locator("[data-dirty]")).to_have_count(0)
    expect(page.locator("#studio-status")).to_have_attribute("data-state", "saved")
    version.refresh_from_db()
    return value_at(version.document, path)


def choose_metric(page: Page, name: str) -> None:
    """With the focus on the button of a rule's metric."""
    page.keyboard.press("Enter")
    expect(page.locator("#metric-picker")).to_be_visible()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.locator("#metric-picker")).to_be_hidden()


def press(page: Page, control: Locator, key: str = "Enter") -> None:
    control.focus()
    page.keyboard.press(key)


def test_nested_condition_is_built_by_keyboard_alone(page, live_server, author, draft):
    open_studio(page, live_server, author, draft)
    press(page, page.locator("[id='open-gates/late'] > summary"))
    gate = page.locator("[data-address='gates/late']")
    press(page, gate.locator(".is-root > .cond-foot [data-cond-do=group]"))
    choose_metric(page, "leverage")
    page.keyboard.press("Tab")
    page.keyboard.type("80")
    inner = gate.locator(".cond-group .cond-group")
    press(page, inner.locator("[data-cond-do=rule]"))
    expect(gate.get_by_text("What is not complete yet does not count")).to_be_visible()
    choose_metric(page, "rating")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
    press(page, inner.locator(":scope > .cond-head [data-cond-do=not]"), "Space")
    words = (
        "Days overdue is above 90 days and not (Leverage is at least 80% or Credit rating is one of AAA, AA)"
    )
    expect(gate.locator("summary").first).to_contain_text(words)
    expect(gate.locator("summary").first).to_contain_text("0 of 4 clients")
    either = [
        {"metric": "leverage", "op": ">=", "value": 0.8},
        {"metric": "rating", "op": "in", "values": ["AAA", "AA"]},
    ]
    expect(gate.get_by_text("What is not complete yet")).to_be_hidden()
    assert saved(page, draft, "gates/late/when") == {"all": [LATE, {"not": {"any": either}}]}


def test_rule_under_construction_changes_nothing_that_is_stored(page, live_server, author, draft):
    open_studio(page, live_server, author, draft)
    press(page, page.locator("[id='open-gates/late'] > summary"))
    gate = page.locator("[data-address='gates/late']")
    number = gate.get_by_label("Value")
    number.fill("")
    expect(gate.get_by_text("Enter a number.")).to_be_visible()
    assert saved(page, draft, "gates/late/when") == LATE
    number.fill("１２０")
    expect(gate.locator("summary").first).to_contain_text("is above 120 days")
    assert saved(page, draft, "gates/late/when/value") == 120
    press(page, gate.get_by_role("button", name="Remove the rule: Days overdue"))
    expect(gate.get_by_text("It needs a rule.")).to_be_visible()
    assert saved(page, draft, "gates/late/when/value") == 120
    page.locator("[data-studio-undo]").click()
    expect(gate.get_by_label("Value")).to_have_value("90")


def test_gate_is_made_and_given_another_effect(page, live_server, author, draft):
    open_studio(page, live_server, author, draft)
    page.locator("#new-gate > summary").click()
    add = page.locator("#new-gate [data-new-add]")
    page.locator("#new-gate-en").fill("Thin balance")
    expect(add).to_be_disabled()
    page.locator("#new-gate [data-cond-metric]").focus()
    choose_metric(page, "leverage")
    page.locator("#new-gate").get_by_label("Value").fill("95")
    page.locator("[id='open-gates/late'] > summary").click()
    page.locator("[id='at-gates/late/tier']").select_option("Middle")
    expect(page.locator("[data-address='gates/late'] .rule-told")).to_contain_text("Middle")
    assert saved(page, draft, "gates/late/tier") == "Middle"
    add.click()
    effect = page.locator("[id='at-gates/thin_balance/effect']")
    expect(effect).to_be_focused()
    effect.select_option("notches")
    tiers = page.get_by_label("Tiers up (+) or down (−)")
    tiers.fill("-2")
    expect(page.locator("[data-address='gates/thin_balance'] .rule-told")).to_have_text("2 tiers worse")
    assert saved(page, draft, "gates/thin_balance") == {
        "key": "thin_balance",
        "label": label("Thin balance"),
        "when": {"metric": "leverage", "op": ">=", "value": 0.95},
        "effect": "notches",
        "by": -2,
        "hard": False,
    }


def test_cutoff_is_dragged_by_keyboard_and_pointer_and_counts_follow(page, live_server, author, draft):
    open_studio(page, live_server, author, draft)
    handle = page.locator("[id='handle-cutoffs/1/min']")
    field = page.locator("[id='at-cutoffs/1/min']")
    counts = page.locator("[data-step-clients='cutoffs']")
    expect(counts).to_have_text(["1", "2", "1"])
    handle.focus()
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    expect(field).to_have_value("61")
    expect(counts).to_have_text(["1", "0", "3"])
    assert saved(page, draft, "cutoffs/1/min") == 61
    page.keyboard.press("End")
    expect(field).to_have_value("79")
    area = page.locator("[data-scale-of='cutoffs']").bounding_box()
    at = handle.locator(".plot-reach").bounding_box()
    assert area
    assert at
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + 30)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.4, at["y"] + 30, steps=4)
    page.mouse.up()
    expect(field).to_have_value("40")
    assert saved(page, draft, "cutoffs/1/min") == 40
    expect(counts).to_have_text(["1", "2", "1"])


def everything() -> dict[str, Any]:
    """A draft of its own scheme in which every section has something to show."""
    document = by_matrix()
    deep = {
        "all": [LATE, {"any": [{"not": LATE}, {"metric": "demand_level", "op": "in", "values": ["basic"]}]}]
    }
    card = document["scorecards"][0]
    own = {**card, "key": "late", "label": label("Late"), "when": deep, "cutoffs": a_document()["cutoffs"]}
    moves = {
        "any": [{"metric": "old_rank", "op": "==", "value": 0}, {"metric": "notches", "op": "<", "value": 0}]
    }
    gates = [*a_document()["gates"], {**a_document()["gates"][0], "key": "deep", "when": deep}]
    policy = {"migration": MIGRATION, "review_when": moves}
    return {**document, "scheme": "wide", "scorecards": [own, card], "gates": gates, "policy": policy}


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("en", "light", DESKTOP), ("zh-hans", "dark", PHONE)],
    ids=["en-light-desktop", "zh-dark-phone"],
)
def test_every_section_is_accessible_and_fits(page, live_server, author, language, theme, size):
    version = load_criteria(document=everything(), author=author)
    failures = look_like(page, live_server, language=language, theme=theme, size=size)
    open_studio(page, live_server, author, version)
    for tab in ("scoring", "segments", "movement", "overlays", "tiers"):
        page.locator(f"#tab-{tab}").click()
        unfold(page, "section[id^=section-] details[id^=open-] > summary:visible")
        unfold(page, ".rule-new > summary:visible")
        failures += faults_of(page, tab)
    assert failures == []
