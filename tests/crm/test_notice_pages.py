"""The notice centre: the list, the bell, and the choice of how to be told."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation

from crm.models import Notice, NoticePreference, NoticeSettings, Role
from crm.notices import kinds
from crm.selectors.notices import choices_of, kinds_for
from crm.services.notices import notify
from tests.crm.telling import kind_of_notice, known
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
LIST, NEWS, READ = reverse("crm:notices"), reverse("crm:notice-news"), reverse("crm:notice-read")
SETTINGS = reverse("crm:notice-settings")


@pytest.fixture(autouse=True)
def own_kinds():
    with known(kind_of_notice(), kind_of_notice("broke", "bad")):
        yield


@pytest.fixture
def reader(client):
    user = make_user(Role.RISK_OFFICER, email="li@bank.example")
    client.force_login(user)
    return user


def tell(person, event: str, kind: str = "fell", about=None) -> Notice:
    notify(kind=kind, event=event, recipients=[person], params={"what": event}, client=about)
    return Notice.objects.get(recipient=person, event=event)


def page(client, address: str = LIST, **query) -> str:
    return client.get(address, query).content.decode()


def test_notice_leads_to_its_thing(client, reader):
    about = make_client(name_zh="华信")
    tell(reader, "A", about=about.pk)
    shown = page(client)
    assert 'href="/fell/A/"' in shown
    assert "A fell" in shown
    assert "华信" in shown


def test_list_is_narrowed_to_what_is_unread_and_to_a_kind(client, reader):
    tell(reader, "A"), tell(reader, "B", "broke")
    client.post(READ, {"notice": Notice.objects.get(event="A").pk})
    assert "A fell" not in page(client, show="unread")
    assert "B fell" in page(client, show="unread")
    assert "B fell" not in page(client, kind="fell")
    assert "A fell" in page(client, kind="no such kind")


def test_everything_shown_is_marked_as_read(client, reader):
    newest = [tell(reader, name) for name in "AB"][-1].pk
    assert f'name="until" value="{newest}"' in page(client)
    assert client.post(READ, {"until": newest, "next": LIST}).url == LIST
    assert not Notice.objects.filter(read_at=None).exists()


def test_following_a_notice_marks_it_without_a_page(client, reader):
    notice = tell(reader, "A")
    assert client.post(READ, {"notice": notice.pk, "quiet": "1"}).status_code == 204
    assert Notice.objects.get().read_at


def test_notice_whose_words_are_gone_does_not_take_the_list_away(client, reader):
    tell(reader, "A"), tell(reader, "B")
    Notice.objects.filter(event="A").update(kind="forgotten")
    Notice.objects.filter(event="B").update(params={})
    shown = page(client)
    assert "no longer tells of" in shown
    assert "Fell" in shown


def test_bell_answers_with_nothing_while_nothing_changes(client, reader, django_assert_num_queries):
    token = client.get(NEWS, {"since": ""}).json()["token"]
    assert client.get(NEWS, {"since": token}).status_code == 204
    tell(reader, "A")
    news = client.get(NEWS, {"since": token}).json()
    assert (news["text"], news["label"], news["urgent"]) == ("1", "Notices: 1 unread", [])
    with django_assert_num_queries(3):  # session, user, and one look at the index
        assert client.get(NEWS, {"since": news["token"]}).status_code == 204
    client.post(READ, {"notice": Notice.objects.get().pk})
    assert client.get(NEWS, {"since": news["token"]}).json()["text"] == ""


def test_bell_tells_what_is_bad_and_new(client, reader):
    bad = tell(reader, "A", "broke")
    old = tell(reader, "B", "broke")
    Notice.objects.filter(pk=old.pk).update(created_at="2026-01-01T00:00:00Z")
    assert client.get(NEWS).json()["urgent"] == [{"id": bad.pk, "text": "A fell"}]


def test_page_shows_what_the_bell_would_say(client, reader):
    tell(reader, "A")
    shown = page(client, reverse("crm:client-list"))
    assert 'aria-label="Notices: 1 unread"' in shown
    assert f'data-since="{client.get(NEWS).json()["token"]}"' in shown


def test_bell_asks_for_one_page_of_the_index_whatever_waits(client, reader):
    for n in range(101):
        tell(reader, f"e{n}")
    assert client.get(NEWS).json()["text"] == "99+"


def test_page_that_asks_by_itself_keeps_no_session_alive(client, reader):
    client.get(NEWS)
    session = client.session
    session["seen_at"] -= settings.SESSION_IDLE_SECONDS - 60
    session.save()
    seen = session["seen_at"]
    client.get(NEWS, headers={"X-Background": "1"})
    assert client.session["seen_at"] == seen
    client.get(LIST)
    assert client.session["seen_at"] > seen


def choice(**changes) -> dict[str, object]:
    form: dict[str, object] = {"rhythm": "weekly", "hour": "9", "weekday": "4", "language": "zh-hans"}
    return form | {"quiet_from": "", "quiet_until": "", "in_app": ["fell"], "mail": ["broke"]} | changes


def test_choice_is_kept_and_shown(client, reader):
    assert client.post(SETTINGS, choice(quiet_from="22:00", quiet_until="07:00")).status_code == 302
    kept = NoticeSettings.objects.get()
    assert (kept.rhythm, kept.hour, kept.weekday, kept.language) == ("weekly", 9, 4, "zh-hans")
    preferred = dict(NoticePreference.objects.values_list("kind", "mail"))
    assert set(preferred) == {kind.key for kind in kinds_for(reader)}
    assert [kind for kind, mail in preferred.items() if mail] == ["broke"]
    shown = page(client, SETTINGS)
    assert 'value="22:00"' in shown
    assert 'name="mail" value="broke" aria-label="By e-mail: Fell" checked' in shown


def test_only_what_can_reach_a_role_is_chosen_and_what_was_chosen_before_is_kept(client, reader):
    offered = {kind.key for kind, _, _ in choices_of(reader)}
    assert {"fell", "task-assigned"} <= offered
    assert not {"mail-failed", "tier-changed", "review-question", "review-overdue"} & offered
    NoticePreference.objects.create(user=reader, kind="tier-changed", in_app=True, mail=False)
    assert "tier-changed" not in page(client, SETTINGS)
    assert 'value="mail-failed"' not in page(client)
    client.post(SETTINGS, choice())
    assert NoticePreference.objects.get(kind="tier-changed").in_app


@pytest.mark.parametrize("wrong", [{"quiet_from": "22:00"}, {"rhythm": "hourly"}, {"hour": "24"}])
def test_choice_that_means_nothing_is_shown_again(client, reader, wrong):
    answer = client.post(SETTINGS, choice(**wrong, mail=["fell"]))
    assert answer.status_code == 422
    assert 'name="mail" value="fell" aria-label="By e-mail: Fell" checked' in answer.content.decode()
    assert not NoticeSettings.objects.exists()


def test_reader_is_told_why_no_mail_comes(client, reader, settings):
    assert "no e-mail address" not in page(client, SETTINGS)
    settings.SENDS_MAIL = False
    assert "sends no e-mails" in page(client, SETTINGS)
    settings.SENDS_MAIL = True
    other = Browser()
    other.force_login(make_user(Role.AUDITOR))
    assert "no e-mail address" in page(other, SETTINGS)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_has_words_for_what_it_keeps(language):
    params: dict[str, dict[str, Any]] = {
        "task-assigned": {"task": 1, "kind": "", "title": "Call", "params": {}, "by": "Li", "by_zh": "李"},
        "absence-deputy": {"name": "Li", "name_zh": "李", "starts_on": "2026-11-22", "ends_on": "2026-11-23"},
        "mail-failed": {"digest": 1, "name": "Li", "name_zh": ""},
    }
    with translation.override(language):
        for key, kept in params.items():
            assert ("李" if language == "zh-hans" else "Li") in kinds[key].text(kept) or key == "mail-failed"
            assert kinds[key].url(kept).startswith("/")
