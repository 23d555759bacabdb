"""What people do about alerts, covenants, the watch list and asset classes, and what they are refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Notice, Role, Task
from tests.factories import (
    make_client,
    make_facility,
    make_industry,
    make_observation,
    make_payment,
    make_user,
)
from tests.tiering.helpers import days_ago, publish, run_now
from tests.tiering.warnings.making import (
    a_client,
    an_indicator,
    open_alerts,
    score,
    today,
    tomorrow_noon,
    warn_of,
)
from tiering import errors_alerts as errors
from tiering.core.warning_readings import OF_A_FACILITY
from tiering.facts.facilities import figures_of
from tiering.models import Alert, AssetClass, RetierRequest, WarningRound, WatchlistEntry
from tiering.pages.covenants import rows_of
from tiering.selectors.asset_classes import classes_of_the_book, floor_of
from tiering.selectors.catalogue import catalogue
from tiering.services import alerts, warning_rounds, watchlist
from tiering.services.asset_classes import classify
from tiering.services.covenants import agree_covenant, end_covenant
from tiering.services.requests import drain_requests

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def alert() -> Alert:
    publish()
    warn_of(an_indicator())
    score(a_client(), 550)
    return Alert.objects.select_related("client__rm").get()


def test_acknowledged_alert_is_not_escalated(alert):
    rm = alert.client.rm
    assert alerts.acknowledge(alerts=[alert.pk], by=rm) == 1
    assert warning_rounds.escalate(now=alert.due_at) == 0
    alert.refresh_from_db()
    assert (alert.status, alert.acknowledged_by) == ("acknowledged", rm)


def test_alerts_of_others_are_not_acknowledged(alert):
    assert alerts.acknowledge(alerts=[alert.pk], by=make_user(Role.RM, team=alert.client.team)) == 0
    with pytest.raises(NotPermitted):
        alerts.acknowledge(alerts=[alert.pk], by=make_user(Role.AUDITOR))


def test_unseen_alert_is_escalated_once_to_the_lead(alert):
    lead = make_user(Role.TEAM_LEAD, team=alert.client.team)
    assert warning_rounds.escalate(now=alert.due_at - timedelta(seconds=1)) == 0
    assert [warning_rounds.escalate(now=alert.due_at) for _ in range(2)] == [1, 0]
    assert Notice.objects.get(kind="alert-escalated").recipient == lead


def test_snoozed_alert_wakes_on_its_day(alert):
    alerts.snooze(alert=alert, until=today() + WEEK, reason="Statements come.", by=alert.client.rm)
    now = timezone.now()
    assert [warning_rounds.wake(now=now), warning_rounds.wake(now=now + WEEK)] == [0, 1]
    alert.refresh_from_db()
    assert alert.status == "open"
    assert alert.due_at > now + WEEK


@pytest.mark.parametrize(
    ("days", "reason", "error"),
    [
        (0, "Later", errors.SnoozeTooLong),
        (93, "Later", errors.SnoozeTooLong),
        (7, " ", errors.AlertReasonRequired),
    ],
)
def test_snooze_needs_a_day_ahead_and_a_reason(alert, days, reason, error):
    with pytest.raises(error):
        alerts.snooze(alert=alert, until=today() + timedelta(days=days), reason=reason, by=alert.client.rm)


def test_resolved_alert_stays_resolved(alert):
    rm = alert.client.rm
    with pytest.raises(errors.AlertReasonRequired):
        alerts.resolve(alert=alert, reason="", by=rm)
    alerts.resolve(alert=alert, reason="Paid.", by=rm)
    with pytest.raises(errors.AlertResolved):
        alerts.resolve(alert=alert, reason="Paid.", by=rm)


def test_colleague_may_not_act_on_an_alert(alert):
    with pytest.raises(NotPermitted):
        alerts.resolve(alert=alert, reason="Paid.", by=make_user(Role.RM, team=alert.client.team))


def test_alert_leads_to_one_task_of_its_owner(alert):
    rm, label = alert.client.rm, {"en": "Low", "zh": "低"}
    made = [alerts.make_task(alert=alert, due_on=today() + WEEK, by=rm, label=label) for _ in range(2)]
    assert made[0] == made[1] == Task.objects.get()
    assert (made[0].assignee, made[0].client) == (rm, alert.client)
    alert.refresh_from_db()
    assert (alert.task, alert.status) == (made[0], "acknowledged")


def test_alert_leads_to_a_new_assessment(alert):
    alerts.ask_to_retier(alert=alert, by=alert.client.rm)
    assert RetierRequest.objects.filter(client=alert.client).exists()


def enter(client, by, **changes):
    terms = {
        "reason": "Late",
        "strategy": "monitor",
        "next_review_on": today() + WEEK,
        "exit_criteria": "Paid",
    }
    return watchlist.enter(client=client, by=by, **{**terms, **changes})


def test_client_enters_the_watch_list_once_and_its_alert_says_so(alert):
    rm = alert.client.rm
    entry = enter(alert.client, rm, alert=alert)
    alert.refresh_from_db()
    assert (alert.watchlist, alert.status) == (entry, "acknowledged")
    with pytest.raises(errors.OnWatchlist):
        enter(alert.client, rm)


def test_watch_list_refuses_what_cannot_be():
    client = a_client()
    for changes, error in (
        ({"next_review_on": today()}, errors.ReviewInThePast),
        ({"reason": " "}, errors.AlertReasonRequired),
        ({"owner": make_user(Role.AUDITOR)}, errors.NotAnOwner),
        ({"exit_when": {"metric": "unheard_of", "op": ">", "value": 1}}, Exception),
    ):
        with pytest.raises(error):
            enter(client, client.rm, **changes)
    with pytest.raises(NotPermitted):
        enter(client, make_user(Role.RM, team=client.team))


def test_two_people_let_a_client_leave_the_watch_list():
    client, officers = a_client(), [make_user(Role.RISK_OFFICER) for _ in range(2)]
    entry = enter(client, officers[0])
    with pytest.raises(errors.ExitNotAsked):
        watchlist.decide_exit(entry=entry, leaves=True, by=officers[1])
    watchlist.ask_for_exit(entry=entry, reason="Paid", by=officers[0])
    with pytest.raises(errors.OwnExit):
        watchlist.decide_exit(entry=entry, leaves=True, by=officers[0])
    with pytest.raises(NotPermitted):
        watchlist.decide_exit(entry=entry, leaves=True, by=client.rm)
    assert watchlist.decide_exit(entry=entry, leaves=True, by=officers[1]).exited_by == officers[1]
    with pytest.raises(errors.OffWatchlist):
        watchlist.ask_for_exit(entry=entry, reason="Paid", by=officers[0])
    assert enter(client, officers[0]).pk != entry.pk


def test_database_refuses_an_exit_by_one_person():
    client, officer = a_client(), make_user(Role.RISK_OFFICER)
    entry = watchlist.ask_for_exit(entry=enter(client, officer), reason="Paid", by=officer)
    with pytest.raises(IntegrityError, match="watchlist_exit_by_two"), transaction.atomic():
        WatchlistEntry.objects.filter(pk=entry.pk).update(exited_by=officer, exited_at=timezone.now())


def test_review_sets_strategy_and_the_next_day():
    client = a_client()
    entry = enter(client, client.rm)
    noted = watchlist.review(
        entry=entry, found="Worse", strategy="reduce", next_review_on=today() + 2 * WEEK, by=client.rm
    )
    entry.refresh_from_db()
    assert (entry.strategy, entry.next_review_on) == ("reduce", noted.next_review_on)


def owing(late: float, sound: float):
    """A client who owes so much on a facility that is 91 days overdue, and so much on another."""
    client = make_client()
    for drawn, due in ((late, 91), (sound, -30)):
        facility = make_facility(client, drawn=drawn, limit=drawn)
        make_payment(facility, today() - timedelta(days=due), principal=0)
    return client


@pytest.mark.parametrize(("late", "floors"), [(10.0, ["substandard", "normal"]), (12.0, ["substandard"] * 2)])
def test_a_tenth_that_does_not_perform_draws_down_the_whole(late, floors):
    client = owing(late, 90.0)
    floor = floor_of(client.pk, today())
    assert [floor.facilities[one.pk] for one in client.facilities.order_by("pk")] == floors
    assert floor.whole == floors[1]


def test_ninety_days_overdue_is_still_normal():
    client = make_client()
    make_payment(make_facility(client), today() - timedelta(days=90))
    assert floor_of(client.pk, today()).whole == "normal"


def test_class_better_than_what_is_overdue_allows_is_refused():
    officer, client = make_user(Role.RISK_OFFICER), owing(50.0, 50.0)
    with pytest.raises(errors.BetterThanFloor, match="Substandard"):
        classify(client=client, grade="special_mention", reason="Secured", day=today(), by=officer)
    first = classify(client=client, grade="substandard", reason="Late", day=today(), by=officer)
    second = classify(client=client, grade="doubtful", reason="Worse", day=today(), by=officer)
    first.refresh_from_db()
    assert (first.valid_to is None, second.valid_to is None) == (False, True)
    with pytest.raises(IntegrityError, match="no_better_than_its_floor"), transaction.atomic():
        AssetClass.objects.create(
            client=make_client(),
            grade="normal",
            floor="loss",
            reason="x",
            classed_on=today(),
            classed_by=officer,
        )


def test_book_stands_in_the_worst_of_what_was_given_and_what_is_overdue():
    officer = make_user(Role.RISK_OFFICER)
    owing(10.0, 90.0)
    given = make_client()
    make_facility(given, drawn=40.0, limit=40.0)
    classify(client=given, grade="special_mention", reason="Sector", day=today(), by=officer)
    lines = {line.grade: (line.clients, line.exposure) for line in classes_of_the_book(officer, today())}
    assert lines["special_mention"] == (1, 40.0)
    assert lines["substandard"] == (1, 10.0)
    assert lines[""] == (0, 90.0)


def test_ended_covenant_is_not_tested_any_more():
    publish()
    warn_of(an_indicator("breach", {"covenants": "breached"}, resolves_itself=True))
    client = a_client()
    score(client, 550)
    covenant = agree_covenant(
        client=client, metric="credit_score", op=">=", value=600, starts_on=today() - WEEK, by=client.rm
    )
    assert open_alerts(client) == ["breach"]
    end_covenant(covenant=covenant, ends_on=today() - timedelta(days=1), by=client.rm)
    assert open_alerts(client) == []
    with pytest.raises(errors.CovenantEnded):
        end_covenant(covenant=covenant, ends_on=today(), by=client.rm)


def test_round_of_the_day_finds_what_time_alone_brings_about_once():
    """A value ages; nobody touched the client."""
    publish()
    client = a_client()
    score(client, 550, days_ago=40)
    warn_of(an_indicator("old", {"age": "credit_score", ">": 30}))
    now = tomorrow_noon()
    assert [warning_rounds.open_round(now=now) for _ in range(2)] == [True, False]
    worked = 0
    while warning_rounds.work_on_round(size=1):
        worked += 1
        assert worked < 9
    assert open_alerts(client) == ["old"]
    assert (WarningRound.objects.get().raised, WarningRound.objects.get().finished_at is None) == (1, False)


def test_round_raises_alerts_of_segments_that_drift():
    publish()
    drift = {
        "metric": "pd",
        "by": "industry",
        "days": 90,
        "as": "ratio",
        "op": ">=",
        "value": 1.25,
        "least_clients": 2,
    }
    worse, steady = make_industry(code="worse"), make_industry(code="steady")
    clients = [make_client(industry=one) for one in (worse, worse, steady, steady)]
    for client in clients:
        make_observation(client, "pd", 0.02, observed_on=days_ago(100).date())
    run_now(as_of=days_ago(95))
    for client in clients[:2]:
        make_observation(client, "pd", 0.04, observed_on=today())
    run_now()
    indicator = {key: value for key, value in an_indicator("drift", owner="officer").items() if key != "when"}
    warn_of({**indicator, "drift": drift})
    make_user(Role.RISK_OFFICER)
    warning_rounds.open_round(now=tomorrow_noon())
    while warning_rounds.work_on_round():
        pass
    alert = Alert.objects.get()
    assert (alert.client, alert.segment) == (None, "industry:worse")
    assert alert.values == {"now": 0.04, "then": 0.02, "clients": 2}


def test_covenant_of_a_facility_is_held_against_its_own_figures():
    """The client has drawn 18 of 20 together; one facility is full, the other at 80%."""
    publish()
    warn_of(an_indicator("breach", {"covenants": "breached"}, resolves_itself=True))
    client = a_client()
    full, roomy = (make_facility(client, drawn=drawn, limit=10_000_000) for drawn in (10_000_000, 8_000_000))
    score(client, 650)
    terms: dict[str, Any] = {
        "client": client,
        "op": "<=",
        "value": 0.85,
        "starts_on": today() - WEEK,
        "by": client.rm,
    }
    agree_covenant(metric="utilisation", facility=roomy, **terms)
    assert open_alerts(client) == []
    broken = agree_covenant(metric="utilisation", facility=full, **terms)
    assert open_alerts(client) == ["breach"]
    assert Alert.objects.get().values["covenants"] == [broken.pk]
    rows = {row.covenant.pk: row for row in rows_of(client, client.covenants.all(), today(), catalogue())}
    assert (rows[broken.pk].figure, rows[broken.pk].is_kept) == ("100%", False)
    assert rows[broken.pk].text == f"Limit utilisation ({full.number}) at most 85%"
    full.closed_on = today()
    full.save()
    drain_requests()
    assert open_alerts(client) == []


def test_covenant_of_a_facility_on_what_records_do_not_tell_of_it_is_about_the_client():
    publish()
    warn_of(an_indicator("breach", {"covenants": "breached"}))
    client = a_client()
    score(client, 650)
    terms: dict[str, Any] = {
        "metric": "credit_score",
        "op": ">=",
        "value": 700,
        "starts_on": today(),
        "by": client.rm,
    }
    covenant = agree_covenant(client=client, facility=make_facility(client), **terms)
    assert (open_alerts(client), covenant.is_of_facility) == (["breach"], False)


def test_figures_of_an_only_facility_are_those_of_its_client():
    client = a_client()
    facility = make_facility(client, drawn=8_000_000, limit=10_000_000)
    make_payment(facility, today() - timedelta(days=200), paid_on=today() - timedelta(days=150))
    make_payment(facility, today() - timedelta(days=20))
    make_payment(facility, today() + timedelta(days=20))
    publish()
    score(client, 650)
    facts = client.facts.get(valid_to=None)
    own = figures_of([facility.pk], today())[facility.pk]
    assert own == {metric: getattr(facts, metric) for metric in OF_A_FACILITY}
    assert (own["days_overdue"], own["days_overdue_12m"], own["exposure"]) == (20, 50, 7_500_000)
