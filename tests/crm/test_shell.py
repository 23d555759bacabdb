"""The frame of every page: navigation by role, palette, language, theme, errors."""

import pytest
from django.urls import reverse

from crm import slots
from crm.models import Role
from tests.factories import PASSWORD, make_client, make_user

pytestmark = pytest.mark.django_db


def test_navigation_shows_what_the_role_may_open(client):
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    content = client.get("/").content.decode()
    assert reverse("admin:index") in content
    assert f'href="{reverse("crm:client-list")}"' not in content


def test_what_is_kept_of_the_frame_is_kept_by_role_and_language(client, settings):
    settings.CACHES = {
        **settings.CACHES,
        "template_fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    }

    def keys(role: Role) -> str:
        client.force_login(make_user(role))
        return client.get(reverse("crm:search")).content.decode().split('id="keys-dialog"')[1]

    for _kept in range(2):
        assert "<dt>Log interaction</dt>" in keys(Role.RM)
        assert "<dt>Log interaction</dt>" not in keys(Role.AUDITOR)
    client.post(reverse("crm:set-language"), {"language": "zh-hans"})
    assert "快捷键" in keys(Role.AUDITOR)


def test_each_letter_leads_to_one_page():
    for role in Role:
        letters = [entry.go for entry in slots.nav.for_user(make_user(role)) if entry.go]
        assert len(letters) == len(set(letters)), letters


def test_current_page_is_marked(client):
    rm = make_user(Role.RM)
    client.force_login(rm)
    content = client.get(reverse("crm:client", args=[make_client(rm=rm).pk])).content.decode()
    marked = content.split('aria-current="page"')[0].rsplit("href=", 1)[1]
    assert marked.startswith(f'"{reverse("crm:client-list")}"')


def test_palette_finds_clients_pages_and_acts(client):
    rm = make_user(Role.RM)
    make_client(rm=rm, name_zh="苏州恒威化工有限公司")
    client.force_login(rm)
    found = client.get(reverse("crm:palette"), {"q": "恒威"}).content.decode()
    assert "苏州恒威化工有限公司" in found
    assert reverse("crm:client-new") in client.get(reverse("crm:palette"), {"q": "new cl"}).content.decode()
    assert "Nothing found" in client.get(reverse("crm:palette"), {"q": "zzz"}).content.decode()


def test_palette_hides_foreign_clients_and_forbidden_pages(client):
    make_client(rm=make_user(Role.RM), name_zh="苏州恒威化工有限公司")
    client.force_login(make_user(Role.AUDITOR))
    assert "恒威" in client.get(reverse("crm:palette"), {"q": "恒威"}).content.decode()
    assert reverse("crm:client-new") not in client.get(reverse("crm:palette")).content.decode()
    client.force_login(make_user(Role.RM))
    assert "苏州" not in client.get(reverse("crm:palette"), {"q": "恒威"}).content.decode()


def test_theme_is_kept_and_only_a_known_one(client):
    client.post(reverse("crm:set-theme"), {"theme": "dark"})
    assert 'data-theme="dark"' in client.get(reverse("account_login")).content.decode()
    assert "theme" not in client.post(reverse("crm:set-theme"), {"theme": '"><script>'}).cookies


def test_language_changes_before_signing_in(client):
    client.post(reverse("crm:set-language"), {"language": "zh-hans", "next": reverse("account_login")})
    assert '<html lang="zh-hans"' in client.get(reverse("account_login")).content.decode()


def test_login_refuses_a_wrong_password_in_words(client):
    user = make_user(Role.RM, password=PASSWORD)
    answer = client.post(reverse("account_login"), {"login": user.username, "password": "wrong"})
    assert 'role="alert"' in answer.content.decode()
    assert (
        client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD}).status_code
        == 302
    )


def test_missing_page_is_answered_in_the_frame_of_the_house(client):
    client.force_login(make_user(Role.RM))
    answer = client.get("/nothing-here/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_no_page_carries_inline_style_or_script(client):
    rm = make_user(Role.RM)
    made = make_client(rm=rm)
    client.force_login(rm)
    for url in (
        "/",
        reverse("crm:client-list"),
        reverse("crm:client", args=[made.pk]),
        reverse("crm:client-new"),
    ):
        content = client.get(url).content.decode()
        assert " style=" not in content
        assert "<script>" not in content
        assert " onclick=" not in content


def test_too_many_attempts_are_answered_with_how_long_to_wait(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    attempt = {"login": "nobody", "password": "wrong"}
    client.post(reverse("account_login"), attempt)
    answer = client.post(reverse("account_login"), attempt)
    assert answer.status_code == 429
    assert "Wait five minutes" in answer.content.decode()
