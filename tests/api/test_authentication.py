import pytest
from django.test import Client as Browser
from rest_framework.throttling import UserRateThrottle

from crm.models import Role
from tests.api.asking import ROOT, Asker, make_house
from tests.factories import make_user

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def house():
    return make_house()


def test_nobody_is_asked_for_a_token():
    answer = Asker().get("clients/")
    assert (answer.status_code, answer.data["code"]) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize(
    "header", ["Token x", "Token a\x00b", "Token é", "Token", "Token a b", "Token " + "a" * 5000]
)
def test_what_is_no_token_is_refused(header):
    answer = Browser(raise_request_exception=False).get(f"{ROOT}clients/", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")


def test_token_of_an_inactive_user_is_refused(house):
    asker = Asker(house.rm)
    assert asker.get("clients/").status_code == 200
    house.rm.is_active = False
    house.rm.save()
    assert asker.get("clients/").status_code == 401


def test_session_writes_only_with_a_csrf_token(house):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(house.rm)
    assert browser.get(f"{ROOT}clients/").status_code == 200
    body = {"code": "N1", "name_en": "New"}
    answer = browser.post(f"{ROOT}clients/", body, JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    script = browser.get(f"{ROOT}docs/?script=").content.decode()
    token = script.split('"X-CSRFTOKEN"] = "')[1].split('"')[0]
    assert browser.post(f"{ROOT}clients/", body, JSON, headers={"X-CSRFToken": token}).status_code == 201


def test_too_many_requests_are_told_when_to_go_on(house, monkeypatch):
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/min"})
    asker = Asker(house.rm)
    answers = [asker.get("clients/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].data["code"] == "throttled"
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert Asker(house.officer).get("clients/").status_code == 200


def test_system_administrator_reads_no_client(house):
    asker = Asker(make_user(Role.SYSTEM_ADMIN))
    for path in ("clients/", f"clients/{house.own.pk}/", "observations/", "tiers/", "proposals/", "cases/"):
        assert asker.get(path).status_code == 403, path


def test_unknown_address_answers_in_the_apis_shape(house):
    answer = Asker(house.rm).get("no/such/address/")
    assert (answer.status_code, set(answer.data)) == (404, {"code", "message", "fields"})


def test_page_that_does_not_exist_is_still_a_page():
    assert Browser().get("/no/such/page/")["Content-Type"].startswith("text/html")


def test_messages_are_in_the_readers_language(house):
    asker = Asker(house.rm)
    asker.headers["Accept-Language"] = "zh-hans"
    answer = asker.get("clients/987654321/")
    assert not answer.data["message"].isascii()


def test_docs_send_a_stranger_to_the_login_and_show_everybody_else_the_page(house):
    browser = Browser()
    assert "/accounts/login/" in browser.get(f"{ROOT}docs/")["Location"]
    browser.force_login(house.rm)
    page = browser.get(f"{ROOT}docs/").content.decode()
    assert "swagger-ui" in page
    assert "<script>" not in page
    assert "style=" not in page
