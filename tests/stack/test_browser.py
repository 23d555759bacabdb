"""Which browser the browser tests get, and that the `page` fixture drives it."""

from pathlib import Path

import pytest

from config.stack import browser


@pytest.fixture
def nothing_installed(monkeypatch, tmp_path):
    monkeypatch.delenv("STRATA_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "MAC", ())
    monkeypatch.setattr(browser, "FETCHED", tmp_path / "fetched")
    return tmp_path


def make_executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return path


def test_no_browser_is_admitted(nothing_installed):
    assert browser.find() is None


def test_installed_browser_is_found_before_a_fetched_one(nothing_installed):
    fetched = make_executable(nothing_installed / "fetched" / "headless_shell")
    assert browser.find() == fetched
    installed = make_executable(nothing_installed / "google-chrome")
    assert browser.find() == installed


def test_browser_asked_for_by_name_is_never_replaced(nothing_installed, monkeypatch):
    make_executable(nothing_installed / "google-chrome")
    monkeypatch.setenv("STRATA_CHROMIUM", str(nothing_installed / "absent"))
    assert browser.find() is None


def test_fetched_browser_brings_its_libraries_and_fonts(nothing_installed):
    fetched = browser.launch_environment(nothing_installed / "fetched" / "headless_shell")
    installed = browser.launch_environment(nothing_installed / "google-chrome")
    assert fetched["FONTCONFIG_PATH"] == str(nothing_installed / "fetched")
    assert "al2023" in fetched["LD_LIBRARY_PATH"]
    assert "FONTCONFIG_PATH" not in installed


@pytest.mark.django_db(transaction=True)
def test_page_fixture_shows_the_login_page_without_a_complaint(page, live_server):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answer = page.goto(f"{live_server.url}/accounts/login/")
    assert answer.status == 200
    assert page.locator("input[type=password]").is_visible()
    assert complaints == []
