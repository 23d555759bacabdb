"""Runs, their slots and chunks, in the database alone."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import InternalError, connection, transaction
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Client, Role
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, publish, run_now, tier_of
from tiering.errors import LostLease, NoCriteria, RunInTheFuture
from tiering.models import Assessment, Assignment, RetierRequest, RunChunk, TieringRun
from tiering.selectors.runs import progress
from tiering.services import chunks, runs, schedule
from tiering.services.chunks import claim_chunk, work_chunk
from tiering.services.requests import drain
from tiering.services.runs import finish_runs, start_run
from tiering.services.schedule import ensure_runs

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(runs, "CLIENTS_PER_CHUNK", 3)


def lapse_leases():
    """As if the leases had run out."""
    RunChunk.objects.filter(status="pending").update(lease_until=timezone.now() - timedelta(seconds=1))


def poison(client):
    """The database refuses facts of the client."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE tiering_facts ADD CONSTRAINT poison CHECK (client_id <> {client.pk}) NOT VALID"
        )


def test_run_is_cut_into_ranges_that_hold_every_client_once(small_chunks):
    publish()
    clients = [make_client() for _ in range(8)]
    run = start_run(requested_by=None)
    ranges = list(run.chunks.order_by("first_client").values_list("first_client", "last_client"))
    assert len(ranges) == 3
    for client in clients:
        assert sum(first <= client.pk <= last for first, last in ranges) == 1


def test_run_of_an_empty_book_is_done_at_once():
    publish()
    assert run_now().status == "done"


def test_progress_counts_what_was_done(small_chunks):
    publish()
    for _ in range(7):
        make_client()
    run = start_run(requested_by=None)
    work_chunk(claim_chunk(run_id=run.pk))
    assert progress(run).percent == 33
    runs.work_through(run)
    done = progress(run)
    assert (done.percent, done.chunks_done, done.clients, done.assessed, done.assigned) == (100, 3, 7, 7, 7)


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
    made = []

    def beat():
        try:
            made.extend(ensure_runs())
        finally:
            connection.close()

    threads = [threading.Thread(target=beat) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert RunChunk.objects.count() == 1


def test_what_a_run_refuses():
    officer = make_user(Role.RISK_OFFICER)
    with pytest.raises(NoCriteria):
        start_run(requested_by=officer)
    publish()
    with pytest.raises(NotPermitted):
        start_run(requested_by=make_user(Role.RM))
    with pytest.raises(RunInTheFuture):
        start_run(requested_by=officer, as_of=timezone.now() + timedelta(hours=1))
    assert not TieringRun.objects.exists()


def test_event_has_one_run():
    publish()
    first = start_run(requested_by=None, slot="button-1")
    assert start_run(requested_by=None, slot="button-1") == first
    assert start_run(requested_by=None, slot="button-2") != first


def test_chunk_is_claimed_by_one_until_its_lease_ends(small_chunks):
    publish()
    make_client()
    run = start_run(requested_by=None)
    first = claim_chunk(run_id=run.pk)
    assert claim_chunk(run_id=run.pk) is None
    lapse_leases()
    second = claim_chunk(run_id=run.pk)
    assert (second.chunk, second.attempt) == (first.chunk, 2)
    with pytest.raises(LostLease):
        work_chunk(first)
    work_chunk(second)
    with pytest.raises(LostLease):
        work_chunk(second)
    assert Assignment.objects.count() == 1


def test_chunk_that_fails_is_quarantined_and_the_others_are_done(small_chunks):
    publish()
    clients = [make_client() for _ in range(9)]
    poison(clients[4])
    run = start_run(requested_by=None)
    for _ in range(chunks.ATTEMPTS + 1):
        chunks.work(run_id=run.pk)
        lapse_leases()
    finish_runs()
    run.refresh_from_db()
    assert run.status == "quarantined"
    stopped = run.chunks.get(status="quarantined")
    assert (stopped.attempts, "poison" in stopped.failure) == (5, True)
    assert [tier_of(client) for client in clients] == ["Low"] * 3 + [None] * 3 + ["Low"] * 3


def test_chunk_whose_workers_die_is_quarantined(small_chunks):
    publish()
    make_client()
    run = start_run(requested_by=None)
    for _ in range(chunks.ATTEMPTS):
        assert claim_chunk(run_id=run.pk)
        lapse_leases()
    assert claim_chunk(run_id=run.pk) is None
    assert chunks.quarantine_spent() == 1
    finish_runs()
    run.refresh_from_db()
    assert run.status == "quarantined"


@pytest.mark.django_db(transaction=True)
def test_client_that_somebody_is_editing_is_not_waited_for():
    publish()
    edited, other = make_client(), make_client()
    RetierRequest.objects.all().delete()
    run, editing, done = start_run(requested_by=None), threading.Event(), threading.Event()

    def edit():
        with transaction.atomic():
            Client.objects.filter(pk=edited.pk).update(name_en="Edited")
            editing.set()
            done.wait(10)
        connection.close()

    thread = threading.Thread(target=edit)
    thread.start()
    editing.wait(10)
    outcome = work_chunk(claim_chunk(run_id=run.pk))
    done.set()
    thread.join()
    assert outcome.clients == 1
    assert (tier_of(edited), tier_of(other)) == (None, "Low")
    assert list(RetierRequest.objects.values_list("client", flat=True)) == [edited.pk]


@pytest.mark.django_db(transaction=True)
def test_two_runs_and_a_drain_at_once_leave_one_tier_each(monkeypatch):
    monkeypatch.setattr(runs, "CLIENTS_PER_CHUNK", 10)
    publish(a_document(policy={}))
    clients = [make_client() for _ in range(60)]
    run_now(as_of=days_ago(1))
    for number, client in enumerate(clients):
        make_observation(client, "credit_score", 500.0 + number * 5)
    started = [start_run(requested_by=None) for _ in range(2)]
    together, errors = threading.Barrier(4), []

    def act(work):
        together.wait()
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    works: list[Callable[[], object]] = [
        drain,
        drain,
        *(lambda run=run: chunks.work(run_id=run.pk) for run in started),
    ]
    threads = [threading.Thread(target=act, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain()
    assert errors == []
    assert not RunChunk.objects.exclude(failure="").exists()
    assert Assignment.objects.filter(valid_to=None).count() == 60
    expected = ["Low"] * 20 + ["Middle"] * 20 + ["High"] * 20
    assert [tier_of(client) for client in clients] == expected
    assert not RetierRequest.objects.exists()


def test_change_runs_of_earlier_days_are_closed():
    version = publish()
    yesterday = runs.change_run(version, days_ago(1))
    today = runs.change_run(version, timezone.now())
    finish_runs()
    yesterday.refresh_from_db()
    today.refresh_from_db()
    assert (yesterday.status, today.status) == ("done", "running")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tiering_runchunk SET assigned = 0",
        "UPDATE tiering_runchunk SET status = 'pending'",
        "UPDATE tiering_runchunk SET first_client = 0",
        'UPDATE tiering_tieringrun SET terms = \'{"overlays": ["x"]}\'',
        "DELETE FROM tiering_tieringrun",
    ],
)
def test_trail_of_an_official_run_stays(change):
    publish()
    make_client()
    run_now()
    with connection.cursor() as cursor, pytest.raises(InternalError, match="pgtrigger"), transaction.atomic():
        cursor.execute(change)


def test_terms_are_frozen_once_and_before_the_first_client():
    publish()
    make_client()
    run = start_run(requested_by=None)
    assert run.terms == {}
    claim = claim_chunk(run_id=run.pk)
    work_chunk(claim)
    run.refresh_from_db()
    assert run.terms == {"overlays": [], "thresholds": {}}
    with pytest.raises(InternalError, match="terms_are_frozen"), transaction.atomic():
        TieringRun.objects.filter(pk=run.pk).update(terms={})


def test_chunk_says_how_long_it_took(small_chunks):
    publish()
    make_client()
    chunk = run_now().chunks.get()
    assert 0 < chunk.seconds < 10
    assert RunChunk().seconds is None


# Ranks


def ranked(**changes) -> dict:
    """The best third by score is High, the next third Middle."""
    steps = [
        {"tier": "High", "share": 3000},
        {"tier": "Middle", "share": 6000},
        {"tier": "Low", "share": 10000},
    ]
    return a_document(cutoffs={"by": "top", "steps": steps}, policy={}, gates=[], **changes)


def test_ranks_are_found_over_the_whole_book_once_its_facts_are_known(small_chunks):
    publish(ranked())
    clients = [make_client() for _ in range(9)]
    for number, client in enumerate(clients):
        make_observation(client, "credit_score", [500.0, 650.0, 720.0][number // 3])
    run = run_now()
    assert [tier_of(client) for client in clients] == ["Low"] * 3 + ["Middle"] * 3 + ["High"] * 3
    assert run.terms["thresholds"] == {"": [10_000_000_000.0, 6_000_000_000.0]}
    assert set(run.chunks.values_list("step", "status")) == {("facts", "done"), ("tiers", "done")}
    assert progress(run).clients == 9


def test_tiers_wait_for_the_facts_of_everybody(small_chunks):
    publish(ranked())
    for _ in range(9):
        make_client()
    run = start_run(requested_by=None)
    claims = [claim_chunk(run_id=run.pk) for _ in range(3)]
    assert claim_chunk(run_id=run.pk) is None
    for claim in claims:
        work_chunk(claim)
    assert claim_chunk(run_id=run.pk)


def test_changed_client_is_ranked_by_the_latest_run_and_nobody_else_moves(small_chunks):
    publish(ranked())
    clients = [make_client() for _ in range(9)]
    for number, client in enumerate(clients):
        make_observation(client, "credit_score", [500.0, 650.0, 720.0][number // 3])
    run = run_now()
    for client in clients[:3]:
        make_observation(client, "credit_score", 720.0, observed_on=days_ago(0).date())
    drain()
    assert [tier_of(client) for client in clients] == ["High"] * 3 + ["Middle"] * 3 + ["High"] * 3
    assert TieringRun.objects.get(trigger="change").terms == run.terms


# Other schemes, and criteria that take effect


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


# Facts, and what changes while a run is under way


def facts_run():
    return start_run(requested_by=None, basis="facts")


def stale_book(number: int) -> list[Client]:
    """Clients with facts that no assessment rests on."""
    clients = [make_client() for _ in range(number)]
    for client in clients:
        make_observation(client, "credit_score", 720.0)
    drain()
    publish(a_document(policy={}))
    return clients


def test_run_over_facts_writes_only_what_changes():
    stale_book(4)
    first, second = runs.work_through(facts_run()), runs.work_through(facts_run())
    assert [(progress(run).clients, progress(run).assessed) for run in (first, second)] == [(4, 4), (4, 0)]


def test_changes_are_committed_in_parts_and_a_killed_worker_loses_none(monkeypatch):
    monkeypatch.setattr(chunks, "CLIENTS_PER_COMMIT", 3)
    clients = stale_book(10)
    run = facts_run()
    claim, settle, died = claim_chunk(run_id=run.pk), chunks.settle, []

    def die_in_the_third(method, part):
        died.append(part)
        if len(died) == 3:
            raise KeyboardInterrupt
        return settle(method, part)

    monkeypatch.setattr(chunks, "settle", die_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        work_chunk(claim)
    assert Assignment.objects.count() == 6
    lapse_leases()
    runs.work_through(run)
    assert (progress(run).clients, progress(run).assigned) == (10, 10)
    assert [tier_of(client) for client in clients] == ["High"] * 10
    assert Assignment.objects.count() == 10


def test_client_that_changes_between_staging_and_lock_is_left_to_its_request(monkeypatch):
    clients = stale_book(3)
    run, settle = facts_run(), chunks.settle

    def change_first(method, part):
        make_observation(clients[1], "credit_score", 500.0, observed_on=days_ago(0).date())
        drain()
        return settle(method, part)

    monkeypatch.setattr(chunks, "settle", change_first)
    outcome = work_chunk(claim_chunk(run_id=run.pk))
    assert (outcome.clients, outcome.left) == (2, {clients[1].pk})
    assert [tier_of(client) for client in clients] == ["High", "Low", "High"]
    assert list(RetierRequest.objects.values_list("client", flat=True)) == [clients[1].pk]
