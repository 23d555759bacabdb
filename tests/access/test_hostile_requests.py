"""Requests that no browser of ours sends: each is refused in words, and none is a fault of the server."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from crm.models import Interaction, Role
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
OTHER_CHARSET = "application/x-www-form-urlencoded; charset=utf-16"


@pytest.fixture
def browser():
    return Browser(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.mark.parametrize(
    "key", [r'"\000\000\000\000\000\000\000\000"', r'"a\000aaaaaaaaaa"', "../../etc/passwd"]
)
def test_session_cookie_that_cannot_be_ours_is_no_session(browser, key):
    answer = browser.get("/", headers={"cookie": f"session={key}"})
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next=/")


@pytest.mark.parametrize("address", ["http://[", "//[", "https://[::1"])
def test_login_ignores_an_address_that_is_none(browser, address):
    assert browser.get(reverse("account_login"), {"next": address}).status_code == 200
    browser.force_login(make_user(Role.AUDITOR))
    answer = browser.get(reverse("account_login"), {"next": address})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_form_in_another_charset_is_a_bad_request_in_words(browser):
    browser.get(reverse("account_login"))  # sets the cookie of the CSRF token, so that the form is looked at
    answer = browser.generic("POST", reverse("account_login"), b"\xff\xfel\x00", OTHER_CHARSET)
    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()


def test_unknown_host_is_a_bad_request_in_words_and_in_the_shape_of_the_api(browser):
    assert browser.get("/healthz", headers={"host": "elsewhere.invalid"}).status_code == 400
    answer = browser.get(reverse("api:client-list"), headers={"host": "elsewhere.invalid"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    "at", ["0001-01-02T00:00:00+00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
@pytest.mark.parametrize("waiting", ["", "30"])
def test_queue_takes_no_moment_from_the_edge_of_time(browser, at, waiting):
    browser.force_login(make_user(Role.RISK_OFFICER))
    answer = browser.get(reverse("tiering:reviews-more"), {"at": at, "waiting": waiting, "after": "1"})
    assert answer.status_code == 200


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "1899-12-31T23:59"])
def test_contact_before_living_memory_is_refused(browser, at):
    """In a zone east of Greenwich the first day of year 1 began in a year that no page could show again."""
    rm = make_user(Role.RM)
    browser = Browser(raise_request_exception=False)
    browser.force_login(rm)
    form = {"client": make_client(rm=rm).pk, "kind": "call", "at": at, "subject": "Call"}
    answer = browser.post(reverse("crm:interaction-new"), form)
    assert answer.status_code == 422
    assert "long before" in answer.content.decode()
    assert not Interaction.objects.exists()
