"""The condition of a warning, put together by keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from crm.models import Role
from tests.factories import make_user
from tests.tiering.pages.making import enter
from tests.tiering.warnings.making import an_indicator
from tiering.models import Policy
from tiering.services.policies import start_policy

pytestmark = pytest.mark.django_db(transaction=True)

LATE = {"metric": "days_overdue", "op": ">", "value": 30}


def test_warning_is_built_by_keyboard_alone(page, live_server):
    admin = make_user(Role.CRITERIA_ADMIN)
    document = {"format": 1, "indicators": [an_indicator("late", LATE)]}
    draft = start_policy(kind=Policy.Kind.WARNINGS, by=admin, document=document)
    enter(page, live_server, admin, reverse("tiering:warnings-indicator", args=[draft.pk, "late"]))
    root = page.locator(".is-root")

    def press(selector: str, key: str = "Enter") -> None:
        root.locator(selector).last.focus()
        page.keyboard.press(key)

    def choose(metric: str) -> None:
        page.keyboard.press("Enter")
        page.keyboard.type(metric)
        page.keyboard.press("Enter")
        expect(page.locator("#metric-picker")).to_be_hidden()

    press(":scope > .cond-foot [data-cond-do=rule]")
    choose("leverage")
    root.locator("[data-cond-read]").last.focus()
    page.keyboard.type("change")
    root.locator("[data-cond-days]").last.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("180")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("10")
    press(":scope > .cond-foot [data-cond-do=partner]")
    choose("exposure")
    page.keyboard.press("Tab")
    page.keyboard.type("5")
    words = (
        "change of Leverage in 180 days is at least 10% and for another client of a shared project: Exposure"
    )
    expect(page.locator(".cond-words")).to_contain_text(words)
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(live_server.url + reverse("tiering:warnings-edit", args=[draft.pk]))
    draft.refresh_from_db()
    rise = {"change": "leverage", "days": 180, "as": "difference", "op": ">=", "value": 0.1}
    partner = {"partner": {"metric": "exposure", "op": ">=", "value": 5_000_000}}
    assert draft.document["indicators"][0]["when"] == {"all": [LATE, rise, partner]}
