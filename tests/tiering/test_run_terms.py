"""What a run goes by, frozen before its first client, and what stays of it."""

import threading
import time

import pytest
from django.conf import settings
from django.db import InternalError, connection, transaction

from crm.models import Role
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, publish, run_now, tier_of
from tiering import tasks
from tiering.models import Assessment, Facts, PortfolioBenchmark, RunChunk, TieringRun
from tiering.selectors.runs import progress
from tiering.services import chunks, opening, runs, terms
from tiering.services.benchmarks import take_benchmark
from tiering.services.chunks import claim_chunk, work_chunk
from tiering.services.renewal import renew_facts
from tiering.services.requests import drain
from tiering.services.retries import retry_quarantined
from tiering.services.runs import finish_runs, start_run, work_through
from tiering.services.terms import ranks

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(runs, "CLIENTS_PER_CHUNK", 3)


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
    work_chunk(claim_chunk(run_id=run.pk))
    claims = [claim_chunk(run_id=run.pk) for _ in range(2)]
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


def test_run_that_derives_facts_takes_a_benchmark_of_the_book_first():
    publish()
    make_client()
    run = run_now()
    assert list(PortfolioBenchmark.objects.values_list("as_of", flat=True)) == [run.as_of]
    work_through(start_run(requested_by=None, basis="facts"))
    work_through(start_run(requested_by=None, kind="simulation"))
    assert PortfolioBenchmark.objects.count() == 1


def test_run_begins_with_one_worker(small_chunks):
    publish()
    for _ in range(9):
        make_client()
    run = start_run(requested_by=None)
    first = claim_chunk(run_id=run.pk)
    assert claim_chunk(run_id=run.pk) is None
    work_chunk(first)
    assert claim_chunk(run_id=run.pk)
    assert claim_chunk(run_id=run.pk)


@pytest.mark.django_db(transaction=True)
def test_second_worker_waits_until_the_run_is_open(small_chunks):
    publish()
    for _ in range(9):
        make_client()
    run = start_run(requested_by=None)
    first = claim_chunk(run_id=run.pk)

    def work_beside():
        try:
            chunks.work(run_id=run.pk, seconds=10)
        finally:
            connection.close()

    beside = threading.Thread(target=work_beside)
    beside.start()
    time.sleep(0.1)
    assert not run.chunks.filter(status="done").exists()
    work_chunk(first)
    beside.join()
    assert run.chunks.filter(status="done").count() == 3


def work_until_it_stops(run):
    """Work on a run some of whose chunks fail, as if the pauses between their attempts were over."""
    while run.finished_at is None:
        RunChunk.objects.filter(status="pending").update(lease_until=None)
        chunks.work(run_id=run.pk, seconds=0.1)
        finish_runs()
        run.refresh_from_db()
    assert run.status == "quarantined"


def test_run_whose_opening_failed_takes_its_benchmark_when_it_is_retried(monkeypatch):
    publish()
    make_client()

    def fail(**_):
        raise RuntimeError("the book is too large")

    monkeypatch.setattr(opening, "take_benchmark", fail)
    run = start_run(requested_by=None)
    work_until_it_stops(run)
    monkeypatch.setattr(opening, "take_benchmark", take_benchmark)
    retry_quarantined(run=run, by=make_user(Role.CRITERIA_ADMIN))
    work_through(run)
    assert PortfolioBenchmark.objects.count() == 1


def test_client_whose_facts_come_after_the_tiers_of_their_run_is_tiered_anew(monkeypatch):
    monkeypatch.setattr(runs, "CLIENTS_PER_CHUNK", 1)
    publish(ranked())
    client, other = make_client(), make_client()
    make_observation(client, "credit_score", 720.0, observed_on=days_ago(9).date())
    make_observation(other, "credit_score", 500.0, observed_on=days_ago(9).date())
    run_now(as_of=days_ago(5))
    make_observation(client, "credit_score", 400.0, observed_on=days_ago(1).date())
    run = start_run(requested_by=None)
    with monkeypatch.context() as patch:
        patch.setattr(chunks, "renew_facts", refusing(client))
        work_until_it_stops(run)
    retry_quarantined(run=run, by=make_user(Role.CRITERIA_ADMIN))
    work_through(run)
    drain()
    facts = Facts.objects.get(client=client, valid_to=None)
    assert facts.valid_from == run.as_of
    assert Assessment.objects.get(client=client, valid_to=None).facts == facts


def refusing(client):
    """Facts are renewed of everybody but the client."""

    def renew(*, clients, **others):
        if client.pk in clients:
            raise RuntimeError("poison")
        return renew_facts(clients=clients, **others)

    return renew


def test_opening_of_a_run_has_time_for_the_whole_book(monkeypatch):
    publish(ranked())
    make_client()
    run = start_run(requested_by=None, basis="facts")
    found = {}

    def rank(run):
        thresholds = ranks(run)
        with connection.cursor() as cursor:
            cursor.execute("SELECT min(lease_until) - clock_timestamp() FROM tiering_runchunk")
            found["lease"] = cursor.fetchone()[0].total_seconds()
            cursor.execute("SHOW statement_timeout")
            found["statement"] = cursor.fetchone()[0]
        return thresholds

    monkeypatch.setattr(terms, "ranks", rank)
    work_through(run)
    assert found["statement"] == "4min"
    assert 240 < tasks.work.soft_time_limit + 25 < found["lease"] <= 270
    assert tasks.work.time_limit <= 270 < settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert run.chunks.get().lease_until - run.chunks.get().started_at < chunks.LEASE_TO_OPEN
