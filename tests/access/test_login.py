"""How often somebody may try to sign in, and whom the count is of."""

import re
import subprocess
import sys

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db
LOGIN = reverse("account_login")
MOST = 3


@pytest.fixture(autouse=True)
def few_tries(settings):
    """The limit by address, low enough to be reached soon."""
    settings.ACCOUNT_RATE_LIMITS = {"login": f"{MOST}/m/ip"}


def tries(number: int, forwarded_for: str) -> list[int]:
    """The statuses of so many failed log-ins, each of another user, from behind a proxy."""
    browser = Browser()
    headers = {"x-forwarded-for": forwarded_for}
    forms = [{"login": f"nobody{n}", "password": "wrong"} for n in range(number)]
    return [browser.post(LOGIN, form, headers=headers).status_code for form in forms]


def test_proxys_word_counts_nothing_where_none_is_trusted():
    for last in range(MOST):
        tries(1, f"192.0.2.{last}")
    assert tries(1, "192.0.2.99") == [429]


def test_each_address_behind_a_trusted_proxy_is_counted_for_itself(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert tries(MOST + 1, "192.0.2.1")[-1] == 429
    assert tries(1, "192.0.2.2") == [200]


def test_address_that_the_sender_made_up_is_not_the_one_counted(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for last in range(MOST):
        tries(1, f"203.0.113.{last}, 192.0.2.1")
    assert tries(1, "203.0.113.99, 192.0.2.1") == [429]


def test_unknown_user_is_told_the_same_as_a_known_one():
    make_user(username="known", password="correct horse battery")
    pages = []
    for name in ("known", "unknown"):
        answer = Browser().post(LOGIN, {"login": name, "password": "wrong"})
        pages.append(re.sub(rf'value="({name}|\w{{64}})"', "", answer.content.decode()))
    assert pages[0] == pages[1]


@pytest.mark.parametrize(("given", "count"), [(None, "0"), ("2", "2")])
def test_number_of_trusted_proxies_comes_from_the_environment(given, count, monkeypatch):
    monkeypatch.delenv("STRATA_TRUSTED_PROXIES", raising=False)
    if given:
        monkeypatch.setenv("STRATA_TRUSTED_PROXIES", given)
    code = "from config import settings; print(settings.ALLAUTH_TRUSTED_PROXY_COUNT)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == count
