"""What is wrong with a page as people see it: in both languages, light and dark, on a desk and on a phone."""

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, ViewportSize, expect

TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# Colours that are on their way are none yet; what turns for ever is not waited for.
AT_REST = """
Promise.allSettled(
  document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity).map((one) => one.finished)
).then(() => true)
"""


def look_like(page: Page, live_server, *, language: str, theme: str, size: ViewportSize) -> list[str]:
    """Show every page from now on like this; the list gets what its console complains of."""
    page.set_viewport_size(size)
    choices = (("theme", theme), (settings.LANGUAGE_COOKIE_NAME, language))
    page.context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in choices]
    )
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def unfold(page: Page, which: str) -> None:
    """Click on all of them at once: what a click by hand does to one of them is for other tests to show."""
    page.locator(which).evaluate_all("(found) => found.forEach((one) => one.click())")


def faults_of(page: Page, name: str) -> list[str]:
    """What keeps somebody from using the page, and whether it is wider than the window."""
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.evaluate(AT_REST)
    violations = Axe().run(page).response["violations"]
    found = [f"{name}: {fault['id']} {fault['nodes'][0]['target']}" for fault in violations]
    if page.evaluate(TOO_WIDE):
        found.append(f"{name}: wider than the window")
    return found


def expect_no_fault(page: Page) -> None:
    assert faults_of(page, page.url) == []
