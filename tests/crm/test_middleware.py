"""What holds for every request: how long a session lasts, who is sent where, and what may be kept or loaded."""

import time

import pytest
from django.urls import reverse

from crm.models import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db
HOME = reverse("crm:today")


@pytest.fixture
def signed_in(client):
    client.force_login(make_user(Role.RM))
    assert client.get(HOME).status_code == 200
    return client


def put_back(browser, **seconds: int) -> None:
    """Let a session's moments lie further back."""
    session = browser.session
    for name, ago in seconds.items():
        session[name] = int(time.time()) - ago
    session.save()


@pytest.mark.parametrize(
    ("seen", "started", "status"),
    [
        (14 * 60, 14 * 60, 200),
        (16 * 60, 16 * 60, 302),
        (60, 7 * 3600, 200),
        (60, 8 * 3600 + 60, 302),
    ],
)
def test_session_ends_after_15_minutes_idle_or_8_hours(signed_in, seen, started, status):
    put_back(signed_in, seen_at=seen, started_at=started)
    assert signed_in.get(HOME).status_code == status


def test_request_keeps_a_session_alive(signed_in):
    put_back(signed_in, seen_at=14 * 60)
    signed_in.get(HOME)
    assert time.time() - signed_in.session["seen_at"] < 60


def test_fragment_asked_for_after_the_end_sends_the_whole_page_to_the_login(client):
    answer = client.get(reverse("crm:palette"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, reverse("account_login"))


@pytest.mark.parametrize("path", [HOME, reverse("account_login"), reverse("api:client-list"), "/nothing/"])
def test_nothing_is_kept_by_browsers_and_proxies(signed_in, path):
    assert "no-store" in signed_in.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("path", [HOME, reverse("account_login"), reverse("api:docs"), "/nothing/"])
def test_pages_load_nothing_but_our_own(signed_in, path):
    policy = signed_in.get(path).headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
