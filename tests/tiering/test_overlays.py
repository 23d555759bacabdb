"""Overlays switched on and off by two people, and the runs that apply it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Role
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, label, publish, run_now, tier_of
from tiering import errors
from tiering.models import Assessment, OverlayActivation, TieringRun, TierScheme
from tiering.services import schedule
from tiering.services.overlays import approve_overlay, end_overlay, request_overlay
from tiering.services.requests import drain_requests
from tiering.services.runs import work_through
from tiering.services.schedule import ensure_runs

pytestmark = pytest.mark.django_db
DOWNTURN = {"key": "downturn", "label": label("Downturn"), "effect": "cutoffs", "shift": 25}
HOUR = timedelta(hours=1)


def with_overlay(**changes: Any) -> dict[str, Any]:
    return a_document(overlays=[DOWNTURN], policy={}, **changes)


def admin():
    return make_user(Role.CRITERIA_ADMIN)


def ask(**changes: Any) -> OverlayActivation:
    terms = {
        "scheme": TierScheme.objects.get(),
        "overlay": "downturn",
        "reason": "GDP",
        "requested_by": admin(),
    }
    return request_overlay(**{**terms, **changes})


def switch_on(**changes: Any) -> OverlayActivation:
    return approve_overlay(activation=ask(**changes), approved_by=admin())


@pytest.fixture
def client():
    """High in quiet times, Middle in a downturn."""
    publish(with_overlay())
    client = make_client()
    make_observation(client, "credit_score", 720.0, observed_on=days_ago(30).date())
    run_now(as_of=days_ago(1))
    ensure_runs_through()
    return client


def ensure_runs_through() -> list[TieringRun]:
    return [work_through(run) for run in ensure_runs()]


def at(monkeypatch, moment) -> None:
    """As if the database's clock showed a later moment."""
    monkeypatch.setattr(schedule, "database_now", lambda: moment)


def test_approved_overlay_is_applied_by_one_run_and_kept_with_the_result(client):
    switch_on()
    (run,) = ensure_runs_through()
    assert (run.trigger, run.basis, run.terms["overlays"]) == ("overlay", "facts", ["downturn"])
    assert tier_of(client) == "Middle"
    now = Assessment.objects.select_related("base_tier", "overlay_tier").get(client=client, valid_to=None)
    assert (now.overlays, now.base_tier.key, now.overlay_tier.key) == (["downturn"], "High", "Middle")
    assert ensure_runs() == []


def test_overlay_changes_nothing_before_it_is_approved(client):
    ask()
    assert ensure_runs() == []


def test_overlay_begins_and_ends_on_its_dates(client, monkeypatch):
    now = timezone.now()
    switch_on(starts=now + HOUR, ends=now + 3 * HOUR)
    assert ensure_runs() == []
    for later, key, overlays in ((2, "Middle", ["downturn"]), (4, "High", [])):
        at(monkeypatch, now + later * HOUR)
        (run,) = ensure_runs_through()
        assert (tier_of(client), run.terms["overlays"]) == (key, overlays)
        assert ensure_runs() == []


def test_overlay_ended_early_is_undone(client):
    activation = switch_on()
    ensure_runs_through()
    end_overlay(activation=activation, ended_by=admin())
    (run,) = ensure_runs_through()
    assert (tier_of(client), run.trigger) == ("High", "overlay")


def test_overlay_ended_before_it_begins_never_does(client, monkeypatch):
    now = timezone.now()
    end_overlay(activation=switch_on(starts=now + HOUR), ended_by=admin())
    at(monkeypatch, now + 2 * HOUR)
    ensure_runs_through()
    assert tier_of(client) == "High"


def test_changed_records_go_by_the_overlays_of_the_moment_in_a_run_of_their_own(client):
    make_observation(client, "credit_score", 730.0)
    drain_requests()
    activation = switch_on()
    ensure_runs_through()
    make_observation(client, "credit_score", 740.0, observed_on=days_ago(0).date())
    drain_requests()
    assert tier_of(client) == "Middle"
    runs = TieringRun.objects.filter(trigger="change").order_by("pk")
    assert [run.terms["overlays"] for run in runs] == [[], ["downturn"]]
    assert len({run.slot for run in runs}) == 2
    end_overlay(activation=activation, ended_by=admin())


def test_overlay_that_the_version_does_not_know_is_not_applied(client):
    switch_on()
    ensure_runs_through()
    publish(a_document(policy={}), effective_from=None)
    (run,) = ensure_runs_through()
    assert (run.terms["overlays"], tier_of(client)) == ([], "High")


def test_two_people_switch_an_overlay(client):
    asked = ask()
    with pytest.raises(errors.OwnActivation):
        approve_overlay(activation=asked, approved_by=asked.requested_by)
    with pytest.raises(NotPermitted):
        approve_overlay(activation=asked, approved_by=make_user(Role.RISK_OFFICER))
    approve_overlay(activation=asked, approved_by=admin())
    with pytest.raises(errors.AlreadyApproved):
        approve_overlay(activation=asked, approved_by=admin())
    with pytest.raises(NotPermitted):
        end_overlay(activation=asked, ended_by=make_user(Role.RM))
    with pytest.raises(NotPermitted):
        ask(requested_by=make_user(Role.RM))


def test_what_overlays_refuse(client):
    now = timezone.now()
    with pytest.raises(errors.UnknownOverlay, match="boom"):
        ask(overlay="boom")
    for ends in (now - HOUR, now + HOUR):
        with pytest.raises(errors.OverlayEndsTooEarly):
            ask(starts=now + HOUR, ends=ends)
    first = switch_on(starts=now + HOUR, ends=now + 2 * HOUR)
    with pytest.raises(errors.OverlayAlreadyOn):
        ask()
    ask(ends=now + HOUR)
    ask(starts=now + 2 * HOUR)
    with pytest.raises(errors.OverlayEndsTooEarly):
        end_overlay(activation=first, ended_by=admin(), at=now + 3 * HOUR)
    end_overlay(activation=first, ended_by=admin(), at=now + timedelta(minutes=90))
    OverlayActivation.objects.filter(pk=first.pk).update(ends=now + HOUR + timedelta(seconds=1))


def test_overlay_that_is_over_is_neither_approved_nor_ended(client):
    asked = ask(ends=timezone.now() + timedelta(milliseconds=200))
    OverlayActivation.objects.filter(pk=asked.pk).update(ends=asked.starts + timedelta(milliseconds=1))
    with pytest.raises(errors.OverlayOver):
        approve_overlay(activation=asked, approved_by=admin())
    with pytest.raises(errors.OverlayOver):
        end_overlay(activation=asked, ended_by=admin())


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param("NULL", id="never"),
        pytest.param("ends + interval '1 microsecond'", id="later"),
        pytest.param("now() - interval '1 second'", id="in the past"),
    ],
)
def test_sql_cannot_prolong_an_approved_overlay_or_end_it_in_the_past(ends):
    publish(with_overlay())
    switch_on(starts=days_ago(1), ends=timezone.now() + HOUR)
    refused = pytest.raises(InternalError, match="only_ends_earlier")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(f"UPDATE tiering_overlayactivation SET ends = {ends}")


@pytest.mark.parametrize("ends", ["NULL", "now() + interval '1 hour'", "ends - interval '1 hour'"])
def test_sql_cannot_change_when_an_overlay_that_is_over_ended(ends):
    publish(with_overlay())
    OverlayActivation.objects.create(
        scheme=TierScheme.objects.get(),
        overlay="downturn",
        reason="GDP",
        starts=days_ago(3),
        ends=days_ago(1),
        requested_by=admin(),
        approved_by=admin(),
        approved_at=days_ago(3),
    )
    refused = pytest.raises(InternalError, match="only_ends_earlier")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(f"UPDATE tiering_overlayactivation SET ends = {ends}")
