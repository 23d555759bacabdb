"""Mails of notices: one for each person and slot, of every notice once, whatever fails on the way."""

import smtplib
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.db.models.functions import Now
from django.urls import reverse

from crm.models import Digest, Notice, Role
from crm.services import digests
from crm.services.digests import make_digests, retry_digests, send_digests
from crm.services.notices import Rhythm, mark_read, notify, save_settings
from tests.at_once import at_once
from tests.crm.telling import kind_of_notice, known
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def kinds(settings):
    settings.TIME_ZONE, settings.SENDS_MAIL = "Asia/Shanghai", True
    with known(kind_of_notice(), kind_of_notice("broke", "bad")):
        yield


@pytest.fixture
def person():
    return make_user(Role.RISK_OFFICER, email="li@bank.example", name="Li", name_zh="李")


def at(hour: int, day: int = 22) -> datetime:
    """A moment of November 2026 in the house's time zone."""
    return datetime(2026, 11, day, hour, tzinfo=SHANGHAI)


def tell(person, event: str, when: datetime, kind: str = "fell", client=None) -> Notice:
    notify(kind=kind, event=event, recipients=[person], params={"what": event}, client=client)
    Notice.objects.filter(event=event).update(created_at=when)
    return Notice.objects.get(event=event)


def wants(person, rhythm: str, **more) -> None:
    save_settings(user=person, rhythm=Rhythm(rhythm=rhythm, **{"hour": 8, "weekday": 0, **more}), choices={})


def free_again() -> None:
    Digest.objects.update(free_at=Now() - timedelta(seconds=1))


class Refusing(EmailBackend):
    """A mail server that refuses for a while."""

    refuses = True

    def send_messages(self, messages):
        if Refusing.refuses:
            raise smtplib.SMTPServerDisconnected("gone away")
        return super().send_messages(messages)


@pytest.fixture
def refusing(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    Refusing.refuses = True
    return Refusing


def test_daily_mail_holds_what_was_told_before_its_hour(person):
    tell(person, "A", at(7)), tell(person, "B", at(7), "broke"), tell(person, "C", at(9))
    assert make_digests(now=at(10)) == 2
    assert send_digests() == 1
    (sent,) = mail.outbox
    assert sent.to == ["li@bank.example"]
    assert sent.subject == "Strata: 2 notices, 1 of them urgent"
    assert "A fell" in sent.body
    assert "[!] B fell" in sent.body
    assert "C fell" not in sent.body
    assert Notice.objects.unmailed().get().event == "C"


def test_every_notice_goes_into_one_mail_however_often_the_bell_rings(person):
    tell(person, "A", at(7))
    for hour in (9, 9, 10):
        make_digests(now=at(hour))
        send_digests()
    tell(person, "B", at(11))
    assert make_digests(now=at(12)) == 0
    assert make_digests(now=at(9, day=23)) == 1
    send_digests()
    assert [sent.body.count(" fell") for sent in mail.outbox] == [1, 1]


def test_mail_at_once_waits_for_quiet_hours_to_end(person):
    wants(person, "at_once", quiet_from=time(20), quiet_until=time(7))
    tell(person, "A", at(21, day=21))
    assert make_digests(now=at(23, day=21)) == 0
    assert make_digests(now=at(7)) == 1


def test_what_was_read_in_the_page_needs_no_mail(person):
    notice = tell(person, "A", at(7))
    mark_read(user=person, ids=[notice.pk])
    assert make_digests(now=at(9)) == 0


def test_mail_is_in_the_language_chosen_for_mails(person):
    wants(person, "daily", language="zh-hans")
    tell(person, "A", at(7))
    make_digests(now=at(9))
    send_digests()
    assert "李" in mail.outbox[0].body


def test_mail_tells_nothing_of_a_client_that_went_out_of_sight(settings):
    rm = make_user(Role.RM, email="rm@bank.example")
    client = make_client(rm=rm)
    tell(rm, "A", at(7), client=client.pk)
    make_digests(now=at(9))
    client.team = make_user(Role.RM).team
    client.save()
    assert send_digests() == 0
    assert Digest.objects.get().status == "dropped"


def test_mail_whose_sender_died_goes_out_once_the_lease_ends(person):
    tell(person, "A", at(7))
    make_digests(now=at(9))
    digests._claimed()  # and is killed before anything left
    assert send_digests() == 0
    free_again()
    assert send_digests() == 1
    assert Digest.objects.get().status == "sent"


def test_mail_sent_again_has_the_same_message_id(person, monkeypatch):
    tell(person, "A", at(7))
    make_digests(now=at(9))

    class Killed(BaseException):
        pass

    def die(self, *args, **kwargs):
        EmailBackend().send_messages([self])
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", die)
        with pytest.raises(Killed):
            send_digests()
    free_again()
    assert send_digests() == 1
    first, second = (sent.extra_headers["Message-ID"] for sent in mail.outbox)
    assert first == second == f"<strata-digest-{Digest.objects.get().pk}@localhost>"


def test_mail_waits_while_the_house_sends_none(person, settings):
    tell(person, "A", at(7))
    make_digests(now=at(9))
    settings.SENDS_MAIL = False
    assert (send_digests(), Digest.objects.get().status) == (0, "waiting")
    settings.SENDS_MAIL = True
    assert send_digests() == 1


def test_refused_mail_is_tried_again_later_and_later(person, refusing):
    tell(person, "A", at(7))
    make_digests(now=at(9))
    waits = []
    for _ in range(4):
        before = Digest.objects.get().attempts
        assert send_digests() == 0
        digest = Digest.objects.get()
        assert digest.attempts == before + 1
        waits.append(round((digest.free_at - digest.created_at).total_seconds() / 60))
        free_again()
    assert waits == [2, 4, 8, 16]
    assert "SMTPServerDisconnected: gone away" in digest.failure
    refusing.refuses = False
    assert send_digests() == 1
    assert Digest.objects.get().failure == ""


def test_mail_refused_five_times_stays_for_the_administrators(person, refusing):
    administrator = make_user(Role.SYSTEM_ADMIN)
    tell(person, "A", at(7))
    make_digests(now=at(9))
    for _ in range(7):
        send_digests()
        free_again()
    digest = Digest.objects.get()
    assert (digest.status, digest.attempts) == ("failed", 5)
    assert Notice.objects.visible_to(administrator).unread().get().kind == digests.MAIL_FAILED
    refusing.refuses = False
    assert send_digests() == 0
    assert retry_digests(Digest.objects.all()) == 1
    assert send_digests() == 1


def test_mail_whose_last_sender_died_is_given_up_too(person):
    tell(person, "A", at(7))
    make_digests(now=at(9))
    Digest.objects.update(attempts=5, free_at=Now() - timedelta(seconds=1))
    assert send_digests() == 0
    assert Digest.objects.get().status == "failed"


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_each_mail_is_sent_by_one(person):
    for n in range(6):
        tell(make_user(email=f"p{n}@bank.example"), f"e{n}", at(7))

    def work():
        make_digests(now=at(9))
        send_digests()

    assert at_once(work, work, work) == [None] * 3
    make_digests(now=at(9))
    send_digests()
    assert sorted(sent.to[0] for sent in mail.outbox) == [f"p{n}@bank.example" for n in range(6)]


def test_nothing_is_left_half_made(person, monkeypatch):
    tell(person, "A", at(7))
    monkeypatch.setattr(digests, "MAKE", digests.MAKE + "; SELECT 1 / 0")
    with pytest.raises(Exception, match="division by zero"):
        make_digests(now=at(9))
    connection.set_rollback(False)
    assert not Digest.objects.exists()
    assert Notice.objects.unmailed().count() == 1


def test_administrator_sees_what_was_given_up_and_lets_it_be_tried_again(client, person):
    given_up = Digest.objects.create(user=person, slot="day:2026-11-22", status="failed", failure="gone away")
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    address = reverse("admin:crm_digest_changelist")
    assert "gone away" in client.get(address).content.decode()
    client.post(address, {"action": "try_again", "_selected_action": [given_up.pk]})
    given_up.refresh_from_db()
    assert (given_up.status, given_up.attempts) == ("waiting", 0)
