"""What a run goes by, frozen before its first client, and what stays of it."""

import threading
import time

import pytest
from django.db import InternalError, connection, transaction

from tests.factories import make_client, make_observation
from tests.tiering.helpers import a_document, days_ago, publish, run_now, tier_of
from tiering.models import PortfolioBenchmark, TieringRun
from tiering.selectors.runs import progress
from tiering.services import chunks, runs
from tiering.services.chunks import claim_chunk, work_chunk
from tiering.services.requests import drain
from tiering.services.runs import start_run, work_through

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
