"""Fixtures `browser` and `page`, and what happens to browser tests where there is no browser."""

import os
import time
from collections.abc import Iterator

import pytest
from django.db import connection, connections
from playwright.sync_api import Browser, Page, sync_playwright

from tests import browser as chromium

FIXTURES = {"browser", "page"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that takes a browser; without one it is skipped, and under CI it fails."""
    missing = chromium.executable() is None
    for item in items:
        if not FIXTURES & set(getattr(item, "fixturenames", ())):
            continue
        item.add_marker(pytest.mark.browser)
        if missing and not os.environ.get("CI"):
            item.add_marker(pytest.mark.skip(reason=chromium.why_missing()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in the last lines what was not tested."""
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if "browser" in report.keywords]
    if skipped:
        terminalreporter.section("BROWSER TESTS SKIPPED", red=True, bold=True)
        terminalreporter.line(
            f"{len(skipped)} browser tests did NOT run: {chromium.why_missing()}.", red=True
        )
        terminalreporter.line(
            "Install Chromium or name one in STRATA_CHROMIUM, then run ./strata test again."
        )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole session."""
    path = chromium.executable()
    if path is None:
        pytest.fail(chromium.why_missing())
    # Playwright's loop runs in this thread, so Django takes plain test code for asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        launched = chromium.launch(playwright, path)
        yield launched
        launched.close()
        # What runs beside that loop has connections of its own, which would outlive the test database.
        connections.close_all()


@pytest.fixture(autouse=True)
def served_to_the_end(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let requests that a closed page left behind end before the tables are emptied: the two would deadlock."""
    serves = FIXTURES & set(request.fixturenames) and "live_server" in request.fixturenames
    if serves:
        request.getfixturevalue("transactional_db")
    yield
    if serves:
        wait_for_quiet()


QUIET = 0.1
"""For so many seconds nothing may happen: a request that was sent last may not have reached the database yet."""


def wait_for_quiet(seconds: float = 5) -> None:
    """Until no other connection to the test database has been in a statement or a transaction for a while."""
    began = time.monotonic()
    busy = began
    while time.monotonic() < began + seconds:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            if cursor.fetchone() != (0,):
                busy = time.monotonic()
        if time.monotonic() > busy + QUIET:
            return
        time.sleep(0.02)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page, desktop-sized, without cookies."""
    context = browser.new_context(viewport=chromium.DESKTOP, locale="en-US")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
