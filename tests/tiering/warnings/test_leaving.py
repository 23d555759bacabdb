"""Exit conditions of the watch list: looked at with the facts and nightly, told once, and never deciding anything."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from crm.models import Notice, Role
from tests.factories import make_user
from tests.tiering.helpers import publish
from tests.tiering.warnings.making import a_client, score, today, tomorrow_noon
from tiering.errors import CriteriaRefused
from tiering.models import MayLeave, WatchlistEntry
from tiering.services import warning_rounds, watchlist
from tiering.services.leaving import look_at_exits

pytestmark = pytest.mark.django_db
SOUND = {"metric": "credit_score", "op": ">=", "value": 650}


@pytest.fixture(autouse=True)
def criteria():
    publish()


def watched(exit_when=SOUND, client=None, owner=None) -> WatchlistEntry:
    client = client or a_client()
    entry = watchlist.enter(
        client=client,
        reason="Late",
        strategy="monitor",
        next_review_on=today() + timedelta(days=7),
        exit_criteria="Sound again",
        exit_when=exit_when,
        by=client.rm,
        owner=owner,
    )
    return WatchlistEntry.objects.with_exit().get(pk=entry.pk)


def told() -> list[tuple[int, Any]]:
    notices = Notice.objects.filter(kind="watchlist-may-leave").order_by("pk")
    return [(notice.recipient_id, notice.params["values"]) for notice in notices]


def holds_since(entry: WatchlistEntry):
    return WatchlistEntry.objects.with_exit().get(pk=entry.pk).exit_holds_since


def test_exit_condition_that_begins_to_hold_is_told_to_the_owner_with_the_facts():
    owner = make_user(Role.RISK_OFFICER)
    entry = watched(owner=owner)
    score(entry.client, 600, days_ago=2)
    assert (holds_since(entry), told()) == (None, [])
    score(entry.client, 700, days_ago=1)
    since = holds_since(entry)
    assert since is not None
    assert told() == [(owner.pk, {"now": {"credit_score": 700}})]
    score(entry.client, 710)
    assert (holds_since(entry), len(told())) == (since, 1)
    assert WatchlistEntry.objects.get(pk=entry.pk).exited_at is None


def test_exit_condition_that_ceases_to_hold_ends_its_stretch():
    entry = watched()
    score(entry.client, 700, days_ago=1)
    score(entry.client, 600)
    assert holds_since(entry) is None
    assert MayLeave.objects.get().until is not None


def test_exit_condition_is_looked_at_when_it_is_entered_and_when_it_is_changed():
    client = a_client()
    score(client, 700)
    entry = watched(client=client)
    assert holds_since(entry) is not None
    stricter = {**SOUND, "value": 720}
    watchlist.set_exit(entry=entry, exit_criteria="Better", exit_when=stricter, by=client.rm)
    assert holds_since(entry) is None
    watchlist.set_exit(entry=entry, exit_criteria="Sound", exit_when=None, by=client.rm)
    assert MayLeave.objects.filter(until=None).count() == 0


def test_many_entries_with_conditions_of_their_own_are_one_statement(django_assert_num_queries):
    bounds = {value: watched({**SOUND, "value": value}) for value in (500, 600, 700)}
    for entry in bounds.values():
        score(entry.client, 650)
    MayLeave.objects.filter(until=None).update(until=timezone.now() + timedelta(days=1))
    with django_assert_num_queries(3):  # the entries, all of them at once, their notices
        begun = look_at_exits(entries=WatchlistEntry.objects.all(), as_of=timezone.now() + timedelta(days=2))
    assert begun == 2
    assert [holds_since(entry) is not None for entry in bounds.values()] == [True, True, False]


def test_night_finds_what_time_alone_brings_about():
    quiet = {"not": {"age": "credit_score", ">": 30}}
    entry = watched({"not": quiet})
    score(entry.client, 650, days_ago=40)
    MayLeave.objects.filter(until=None).update(until=timezone.now() + timedelta(days=1))
    Notice.objects.all().delete()
    warning_rounds.open_round(now=tomorrow_noon())
    while warning_rounds.work_on_round(size=1):
        pass
    assert holds_since(entry) is not None
    assert len(told()) == 1


def test_notice_goes_to_the_rm_where_the_owner_is_gone():
    owner = make_user(Role.RISK_OFFICER)
    entry = watched(owner=owner)
    type(owner).objects.filter(pk=owner.pk).update(is_active=False)
    score(entry.client, 700)
    assert [person for person, _ in told()] == [entry.client.rm_id]


def test_client_that_left_is_not_looked_at_any_more():
    entry, officer = watched(), make_user(Role.RISK_OFFICER)
    score(entry.client, 700, days_ago=1)
    watchlist.ask_for_exit(entry=entry, reason="Sound", by=entry.client.rm)
    watchlist.decide_exit(entry=entry, leaves=True, by=officer)
    assert MayLeave.objects.get().until is not None
    score(entry.client, 710)
    assert MayLeave.objects.count() == 1


def test_exit_condition_of_partners_is_refused():
    with pytest.raises(CriteriaRefused) as refused:
        watched({"partner": SOUND})
    assert [one.code for one in refused.value.refusals] == ["exit_asks_partners"]


def test_pages_and_api_say_since_when_the_condition_holds_and_let_it_be_changed():
    entry, browser = watched(), Browser()
    rm = entry.client.rm
    browser.force_login(rm)
    score(entry.client, 700)
    shown = browser.get(reverse("tiering:watchlist-entry", args=[entry.pk]))
    assert shown.context["exit"].words == "Credit score is at least 650"
    assert (shown.context["exit"].since, shown.context["exit"].facts[0].now) == (holds_since(entry), "700")
    assert "may leave" in browser.get(reverse("tiering:watchlist")).content.decode()
    asking = reverse("tiering:exit-conditions", args=[entry.client_id])
    asked = {"conditions": [SOUND, {**SOUND, "value": 720}]}
    told = browser.post(asking, json.dumps(asked), "application/json").json()["told"]
    assert [one["count"] for one in told] == ["holds today", "does not hold today"]
    form = reverse("tiering:watchlist-criteria", args=[entry.pk])
    refused = browser.post(form, {"exit_criteria": "x", "exit_when": json.dumps({"partner": SOUND})})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["exit_when"])
    given = {"exit_criteria": "Better", "exit_when": json.dumps({**SOUND, "value": 720})}
    assert browser.post(form, given).status_code == 302
    by_api = browser.get("/api/v1/watchlist/").json()["results"][0]
    assert (by_api["exit_criteria"], by_api["exit_holds_since"]) == ("Better", None)
    path = f"/api/v1/watchlist/{entry.pk}/criteria/"
    body = json.dumps({"exit_criteria": "Sound", "exit_when": SOUND})
    assert browser.post(path, body, "application/json").json()["exit_holds_since"] is not None


@pytest.mark.parametrize(
    ("statement", "trigger"),
    [
        ("UPDATE tiering_mayleave SET since = since - interval '1 day'", "only_closes"),
        ("DELETE FROM tiering_mayleave", "stays"),
    ],
)
def test_sql_cannot_rewrite_a_stretch(statement, trigger):
    score(watched().client, 700)
    with connection.cursor() as cursor, pytest.raises(InternalError, match=trigger), transaction.atomic():
        cursor.execute(statement)
