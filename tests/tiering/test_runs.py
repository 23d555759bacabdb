"""Runs, their slots and chunks, in the database alone."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Client, Role
from tests.at_once import at_once
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, pending_of, publish, run_now, tier_of
from tiering.errors import LostLease, NoCriteria, RunInTheFuture
from tiering.models import Assessment, Assignment, Facts, RetierRequest, RunChunk, TieringRun
from tiering.selectors.runs import progress
from tiering.services import chunks, runs
from tiering.services.chunks import claim_chunk, work_chunk
from tiering.services.following import change_run
from tiering.services.overlays import approve_overlay, request_overlay
from tiering.services.proposals import approve
from tiering.services.requests import drain
from tiering.services.runs import finish_runs, start_run, work_through

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


def test_chunk_whose_worker_died_waits_for_those_that_nobody_tried(small_chunks):
    publish()
    for _ in range(8):
        make_client()
    run = start_run(requested_by=None)
    died = claim_chunk(run_id=run.pk)
    lapse_leases()
    others = [claim_chunk(run_id=run.pk).chunk]
    TieringRun.objects.filter(pk=run.pk).update(status="running", terms={"overlays": [], "thresholds": {}})
    others.append(claim_chunk(run_id=run.pk).chunk)
    assert died.chunk not in others
    again = claim_chunk(run_id=run.pk)
    assert (again.chunk, again.attempt) == (died.chunk, 2)


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
    outcomes = at_once(drain, drain, *(partial(chunks.work, run_id=run.pk) for run in started))
    drain()
    assert not [error for error in outcomes if isinstance(error, Exception)]
    assert not RunChunk.objects.exclude(failure="").exists()
    assert Assignment.objects.filter(valid_to=None).count() == 60
    expected = ["Low"] * 20 + ["Middle"] * 20 + ["High"] * 20
    assert [tier_of(client) for client in clients] == expected
    assert not RetierRequest.objects.exists()


def test_change_runs_of_earlier_days_are_closed():
    version = publish()
    yesterday = change_run(version, days_ago(1))
    today = change_run(version, timezone.now())
    finish_runs()
    yesterday.refresh_from_db()
    today.refresh_from_db()
    assert (yesterday.status, today.status) == ("done", "running")


def test_chunk_says_how_long_it_took(small_chunks):
    publish()
    make_client()
    chunk = run_now().chunks.get()
    assert 0 < chunk.seconds < 10
    assert RunChunk().seconds is None


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


def test_run_over_records_leaves_facts_that_a_later_assessment_rests_on():
    publish(a_document(policy={}))
    client = make_client()
    make_observation(client, "credit_score", 720.0, observed_on=days_ago(9).date())
    run_now()
    make_observation(client, "credit_score", 500.0, observed_on=days_ago(1).date())
    nightly = start_run(requested_by=None)
    publish(a_document(policy={}, label={"en": "Two", "zh": "二"}), None)
    work_through(start_run(requested_by=None, basis="facts"))
    work_through(nightly)
    assert all(a.facts.valid_to is None or a.facts.valid_to > a.valid_from for a in Assessment.objects.all())
    drain()
    assert (tier_of(client), rests_on_facts_in_force(client)) == ("Low", True)


def rests_on_facts_in_force(client) -> bool:
    facts = Facts.objects.get(client=client, valid_to=None)
    return not Assessment.objects.filter(client=client, valid_to=None).exclude(facts=facts).exists()


def awaiting_approval() -> Client:
    """A client whose tier awaits a decision, and of whom no request waits."""
    client = make_client(rm=make_user(Role.RM))
    make_observation(client, "credit_score", 720.0, observed_on=days_ago(9).date())
    run_now(as_of=days_ago(5))
    make_observation(client, "credit_score", 650.0, observed_on=days_ago(4).date())
    run_now(as_of=days_ago(3))
    RetierRequest.objects.all().delete()
    return client


def move_facts(client) -> None:
    """As time does, or the benchmark: facts come out otherwise, and no record asks for it."""
    Client.objects.filter(pk=client.pk).update(registered_capital=1234567)
    RetierRequest.objects.all().delete()


def test_run_over_records_leaves_facts_of_a_client_whose_tier_is_approved_meanwhile():
    publish()
    client = awaiting_approval()
    move_facts(client)
    nightly = start_run(requested_by=None)
    approve(proposal=pending_of(client), decided_by=make_user(Role.RISK_OFFICER))
    work_through(nightly)
    drain()
    assert rests_on_facts_in_force(client)


def test_run_over_facts_finds_a_client_anew_whose_tier_is_approved_meanwhile():
    overlay = {"key": "macro", "label": {"en": "Macro", "zh": "宏观"}, "effect": "bonus", "points": 50}
    scheme = publish(a_document(overlays=[overlay])).criteria.scheme
    client = awaiting_approval()
    admin = make_user(Role.CRITERIA_ADMIN)
    asked = request_overlay(scheme=scheme, overlay="macro", reason="GDP", requested_by=admin)
    approve_overlay(activation=asked, approved_by=make_user(Role.CRITERIA_ADMIN))
    run = facts_run()
    approve(proposal=pending_of(client), decided_by=make_user(Role.RISK_OFFICER))
    work_through(run)
    drain()
    assert Assessment.objects.get(client=client, valid_to=None).overlays == ["macro"]


def test_run_over_records_has_other_schemes_look_at_the_facts_it_renews():
    publish()
    other = publish(a_document(scheme="other")).criteria.scheme
    client = make_client()
    make_observation(client, "credit_score", 720.0, observed_on=days_ago(20).date())
    run_now(as_of=days_ago(15))
    work_through(start_run(requested_by=None, as_of=days_ago(14), scheme=other))
    move_facts(client)
    run_now()
    drain()
    assert Assessment.objects.filter(client=client, valid_to=None).count() == 2
    assert rests_on_facts_in_force(client)
