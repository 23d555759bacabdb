"""Which runs are due, by the clock and by what takes effect."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as TestClient
from django.urls import reverse
from django.utils import timezone

from crm.models import Client, Role
from tests.at_once import at_once
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, publish, run_now
from tiering.models import (
    Assessment,
    Assignment,
    CriteriaVersion,
    OverlayActivation,
    RetierRequest,
    RunChunk,
    TieringRun,
)
from tiering.selectors.nights import latest_slot, overdue
from tiering.services import runs, schedule
from tiering.services.requests import drain
from tiering.services.schedule import ensure_runs

pytestmark = pytest.mark.django_db


def test_scheduled_run_is_made_once_however_often_one_looks():
    publish()
    make_client()
    assert len(ensure_runs()) == 1
    assert ensure_runs() == []
    assert TieringRun.objects.get().trigger == "schedule"


def test_scheduled_run_is_made_again_for_a_version_that_takes_effect_later_in_the_day():
    publish()
    ensure_runs()
    second = publish(a_document(note={"en": "2", "zh": "2"}), effective_from=None)
    assert [run.version for run in ensure_runs()] == [second]


def test_nothing_is_scheduled_without_criteria():
    assert ensure_runs() == []


@pytest.mark.parametrize(
    ("hour", "slot"), [(17, "2026-06-29"), (18, "2026-06-30"), (23, "2026-06-30"), (41, "2026-06-30")]
)
def test_the_day_begins_at_two_where_the_institution_is(monkeypatch, hour, slot):
    publish()
    now = datetime(2026, 6, 29, tzinfo=UTC) + timedelta(hours=hour)
    monkeypatch.setattr(schedule, "database_now", lambda: now)
    assert [run.slot for run in ensure_runs()] == [slot]


def test_days_without_a_beat_are_made_up_for_by_one_run(monkeypatch):
    publish()
    for day in (1, 20):
        monkeypatch.setattr(schedule, "database_now", lambda day=day: datetime(2026, 6, day, 12, tzinfo=UTC))
        ensure_runs()
    assert sorted(TieringRun.objects.values_list("slot", flat=True)) == ["2026-06-01", "2026-06-20"]


@pytest.mark.django_db(transaction=True)
def test_three_beats_at_once_make_one_run():
    publish()
    make_client()
    made = at_once(*[ensure_runs] * 3)
    assert sum(map(len, made)) == 1
    assert RunChunk.objects.count() == 1


def test_other_schemes_read_the_facts_of_the_night_when_it_is_through(monkeypatch):
    publish()
    publish(a_document(scheme="other"))
    client = make_client()
    for run in ensure_runs():
        runs.work_through(run)
    make_observation(client, "credit_score", 720.0)
    monkeypatch.setattr(schedule, "database_now", lambda: timezone.now() + timedelta(days=1))
    (first,) = ensure_runs()
    assert (first.basis, ensure_runs()) == ("records", [])
    runs.work_through(first)
    (second,) = ensure_runs()
    assert (second.basis, second.version.criteria.scheme.key) == ("facts", "other")
    runs.work_through(second)
    held = Assignment.objects.filter(valid_to=None).values_list("scheme__key", "tier__key")
    assert set(held) == {("small", "High"), ("other", "High")}
    assert ensure_runs() == []


def test_publication_is_followed_by_a_run_over_the_facts(django_capture_on_commit_callbacks):
    publish()
    make_client()
    run_now()
    with django_capture_on_commit_callbacks(execute=True):
        second = publish(a_document(note={"en": "2", "zh": "2"}), effective_from=None)
    run = TieringRun.objects.get(trigger="publication")
    assert (run.version, run.basis) == (second, "facts")
    runs.work_through(run)
    assert Assessment.objects.get(valid_to=None).version == second


def test_version_of_the_future_is_applied_when_it_takes_effect(
    monkeypatch, django_capture_on_commit_callbacks
):
    first = publish()
    make_client()
    run_now()
    ensure_runs()
    effective = timezone.now() + timedelta(hours=2)
    with django_capture_on_commit_callbacks(execute=True):
        second = publish(a_document(note={"en": "2", "zh": "2"}), effective_from=effective)
    assert ensure_runs() == []
    assert change_version() == first
    monkeypatch.setattr(schedule, "database_now", lambda: effective + timedelta(minutes=1))
    (run,) = [run for run in ensure_runs() if run.trigger == "publication"]
    assert run.version == second


def change_version():
    """The version by which changed records are assessed now."""
    RetierRequest.objects.create(client=Client.objects.get())
    drain()
    return TieringRun.objects.filter(trigger="change").latest("pk").version


# Overdue


def in_effect_since(days: float) -> None:
    CriteriaVersion.objects.update(published_at=days_ago(days))


def test_night_without_a_run_is_overdue_until_somebody_looks_at_the_clock():
    publish()
    make_client()
    assert overdue(timezone.now()) == []
    in_effect_since(5)
    later = latest_slot(timezone.now()) + timedelta(minutes=11)
    assert overdue(later - timedelta(minutes=2)) == []
    assert [scheme.key for scheme in overdue(later)] == ["small"]
    ensure_runs()
    assert overdue(later) == []


def test_other_schemes_are_overdue_only_when_nothing_holds_them_up():
    publish()
    publish(a_document(scheme="other"))
    in_effect_since(5)
    make_client()
    now = latest_slot(timezone.now()) + timedelta(minutes=30)
    assert [scheme.key for scheme in overdue(now)] == ["small", "other"]
    (night, *_rest) = ensure_runs()
    assert overdue(now) == []
    TieringRun.objects.filter(pk=night.pk).update(finished_at=now - timedelta(minutes=11))
    assert [scheme.key for scheme in overdue(now)] == ["other"]


def test_overdue_run_is_told_to_those_who_watch_runs():
    publish()
    in_effect_since(5)
    browser = TestClient()
    browser.force_login(make_user(Role.RISK_OFFICER))
    if timezone.now() - latest_slot(timezone.now()) > timedelta(minutes=10):
        assert "overdue" in browser.get(reverse("tiering:today-runs")).content.decode()
    ensure_runs()
    assert "overdue" not in browser.get(reverse("tiering:today-runs")).content.decode()


def test_overlay_taken_back_before_it_began_is_followed_by_no_run():
    overlay = {"key": "macro", "label": {"en": "Macro", "zh": "宏观"}, "effect": "bonus", "points": 50}
    version = publish(a_document(overlays=[overlay]))
    in_effect_since(1)
    for run in ensure_runs():
        runs.work_through(run)
    starts = timezone.now()
    OverlayActivation.objects.create(
        scheme=version.criteria.scheme,
        overlay="macro",
        starts=starts,
        ends=starts + timedelta(microseconds=1),
        reason="GDP",
        requested_by=make_user(Role.CRITERIA_ADMIN),
        approved_by=make_user(Role.CRITERIA_ADMIN),
        approved_at=days_ago(0.2),
    )
    assert ensure_runs() == []
