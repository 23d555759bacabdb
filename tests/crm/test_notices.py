"""People are told of an event once: as rows of the transaction in which it happened."""

from datetime import time

import pytest
from django.db import transaction

from crm.errors import Invalid
from crm.models import Notice, NoticePreference, NoticeSettings, Role
from crm.services.notices import (
    Choice,
    NoticeRow,
    Rhythm,
    mark_all_read,
    mark_read,
    notify,
    notify_many,
    save_settings,
)
from tests.at_once import at_once
from tests.crm.telling import kind_of_notice, known
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
DAILY = Rhythm(rhythm="daily", hour=8, weekday=0)


@pytest.fixture(autouse=True)
def kinds(settings):
    settings.SENDS_MAIL = True
    with known(kind_of_notice(), kind_of_notice("broke", "bad"), kind_of_notice("quiet", mail=False)):
        yield


@pytest.fixture
def person():
    return make_user(Role.RISK_OFFICER, email="li@bank.example")


def tell(*people, kind="fell", event="e1", what="A", client=None) -> int:
    return notify(kind=kind, event=event, recipients=people, params={"what": what}, client=client)


def test_everyone_is_told_of_an_event_once(person):
    other = make_user()
    assert tell(person, person.pk, other) == 2
    assert tell(person, other, make_user()) == 1
    assert Notice.objects.filter(event="e1").count() == 3


def test_many_rows_are_one_statement(person, django_assert_num_queries):
    rows = [NoticeRow(event=f"e{n}", recipient=person.pk, params={"what": n}) for n in range(50)]
    with django_assert_num_queries(1):
        assert notify_many(kind="fell", rows=[*rows, rows[0]]) == 50


def test_unknown_kind_is_a_fault_of_ours(person):
    with pytest.raises(KeyError):
        tell(person, kind="nothing")


def test_whoever_left_is_not_told(person):
    person.is_active = False
    person.save()
    assert tell(person) == 0


def test_what_was_rolled_back_was_told_to_nobody(person):
    with transaction.atomic():
        tell(person)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert tell(person) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_tell_the_same_event_at_once_one_does(person):
    others = [make_user() for _ in range(20)]
    say = transaction.atomic(tell)
    new = at_once(lambda: say(*others), lambda: say(*others[::-1]))
    assert (sum(new), Notice.objects.count()) == (20, 20)


def test_kind_switched_off_in_the_page_is_not_shown_there(person):
    save_settings(user=person, rhythm=DAILY, choices={"fell": Choice(in_app=False, mail=True)})
    tell(person)
    notice = Notice.objects.get()
    assert (notice.in_app, notice.to_mail) == (False, True)
    assert not Notice.objects.visible_to(person).unread().exists()


def test_bad_news_cannot_be_switched_off_in_the_page(person):
    save_settings(user=person, rhythm=DAILY, choices={"broke": Choice(in_app=False, mail=False)})
    tell(person, kind="broke")
    notice = Notice.objects.get()
    assert (notice.in_app, notice.to_mail) == (True, False)
    assert NoticePreference.objects.get().in_app


@pytest.mark.parametrize(
    ("kind", "choice", "mailed"),
    [
        ("fell", None, True),
        ("fell", Choice(in_app=True, mail=False), False),
        ("quiet", None, False),
        ("quiet", Choice(in_app=True, mail=True), True),
    ],
)
def test_mail_follows_the_choice_and_else_the_kind(person, kind, choice, mailed):
    save_settings(user=person, rhythm=DAILY, choices={kind: choice} if choice else {})
    tell(person, kind=kind)
    assert Notice.objects.get().to_mail is mailed


def test_no_mail_is_made_for_whom_it_cannot_reach(person, settings):
    tell(make_user())
    tell(person, event="e2")
    settings.SENDS_MAIL = False
    tell(person, event="e3")
    assert list(Notice.objects.filter(to_mail=True).values_list("event", flat=True)) == ["e2"]


@pytest.mark.parametrize(
    ("rhythm", "choice", "left"),
    [("none", Choice(in_app=True, mail=True), 0), ("daily", Choice(in_app=True, mail=False), 1)],
)
def test_what_waits_for_a_mail_that_is_not_wanted_any_more_goes_into_none(person, rhythm, choice, left):
    tell(person)
    tell(person, kind="broke", event="e2")
    save_settings(user=person, rhythm=Rhythm(rhythm=rhythm, hour=8, weekday=0), choices={"fell": choice})
    assert Notice.objects.unmailed().count() == left


@pytest.mark.parametrize(
    "wrong",
    [
        {"hour": 24},
        {"weekday": 7},
        {"rhythm": "hourly"},
        {"quiet_from": time(22)},
        {"language": "x" * 11},
    ],
)
def test_settings_that_mean_nothing_are_refused(person, wrong):
    with pytest.raises(Invalid):
        save_settings(user=person, rhythm=Rhythm(**{**vars(DAILY), **wrong}), choices={})
    assert not NoticeSettings.objects.exists()


def test_notices_of_others_and_of_clients_out_of_sight_are_not_there(person):
    rm = make_user(Role.RM)
    near, far = make_client(rm=rm), make_client()
    tell(person)
    tell(rm, event="near", client=near.pk)
    tell(rm, event="far", client=far.pk)
    assert [notice.event for notice in Notice.objects.visible_to(rm)] == ["near"]


def test_reading_marks_ones_own_alone(person):
    other = make_user()
    tell(person, other)
    tell(person, other, event="e2")
    mine = Notice.objects.get(recipient=person, event="e1")
    theirs = Notice.objects.get(recipient=other, event="e1")
    assert mark_read(user=person, ids=[mine.pk, theirs.pk]) == 1
    assert mark_all_read(user=person, until=Notice.objects.order_by("-pk").first().pk) == 1
    assert Notice.objects.visible_to(other).unread().count() == 2


def test_what_came_after_the_list_was_shown_stays_unread(person):
    tell(person)
    shown = Notice.objects.get().pk
    tell(person, event="e2")
    assert mark_all_read(user=person, until=shown) == 1
    assert Notice.objects.visible_to(person).unread().get().event == "e2"
