"""Real worker processes and a real broker: what happens when either dies."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum
from django.utils import timezone
from redis import Redis

from crm.models import Client, Observation
from tests.heavy.station import kill
from tests.tiering.helpers import publish
from tiering import tasks
from tiering.models import Assessment, Assignment, Facts, RetierRequest, RunChunk, TieringRun
from tiering.services import runs

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 600


@contextmanager
def worker() -> Iterator[subprocess.Popen]:
    """A Celery worker of two processes on the test's own database and broker, in a process group of its own."""
    database = connection.settings_dict
    address = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    env = os.environ | {"DATABASE_URL": f"postgres://{address}/{database['NAME']}"}
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-c", "2", "-l", "WARNING"]
    process = subprocess.Popen(command, env=env, cwd=settings.BASE_DIR, start_new_session=True)
    try:
        yield process
    finally:
        kill(process)


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Sweep as beat would, until the condition holds."""
    begun = swept = time.monotonic()
    tasks.sweep()
    while not holds():
        now = time.monotonic()
        assert now - begun < seconds, "It took too long"
        if now - swept > 1:
            tasks.sweep()
            swept = now
        time.sleep(0.02)


def lapse_leases() -> None:
    """As if the leases of the dead had run out."""
    RunChunk.objects.filter(status="pending").update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.fixture(autouse=True)
def book(monkeypatch):
    """A published scheme and a book in which every fourth client is good."""
    Redis.from_url(settings.REDIS_URL).flushdb()
    monkeypatch.setattr(runs, "CLIENTS_PER_CHUNK", 10)
    publish()
    clients = Client.objects.bulk_create(
        Client(code=f"K{n}", name_en=f"Client {n}", sort_key=f"{n}") for n in range(CLIENTS)
    )
    Observation.objects.bulk_create(
        Observation(
            client=client,
            metric="credit_score",
            value=720.0 if number % 4 == 0 else 610.0,
            observed_on=date.today() - timedelta(days=3),
            received_on=date.today() - timedelta(days=3),
            source="test",
        )
        for number, client in enumerate(clients)
    )


def assert_everyone_was_tiered_once(run: TieringRun) -> None:
    run.refresh_from_db()
    assert run.status == "done"
    assert run.chunks.aggregate(clients=Sum("clients"), assigned=Sum("assigned")) == {
        "clients": CLIENTS,
        "assigned": CLIENTS,
    }
    for ledger in (Facts, Assessment, Assignment):
        assert ledger.objects.count() == CLIENTS
    held = dict(Assignment.objects.filter(valid_to=None).values_list("tier__key").annotate(Count("client")))
    assert held == {"High": CLIENTS // 4, "Middle": CLIENTS * 3 // 4}


def test_workers_killed_in_the_middle_of_a_run_lose_and_repeat_nothing():
    RetierRequest.objects.all().delete()
    run = runs.start_run(requested_by=None)
    done = run.chunks.filter(status="done")

    def finished(at_least: int) -> bool:
        return done.count() >= at_least

    for killed_after in (10, 30):
        with worker():
            until(partial(finished, killed_after))
        assert run.chunks.filter(status="pending").exists()
        lapse_leases()
    with worker():
        until(lambda: TieringRun.objects.get(pk=run.pk).finished_at is not None)
    assert run.chunks.filter(attempts__gt=1).exists()
    assert_everyone_was_tiered_once(run)


def test_run_goes_on_when_the_broker_forgets_every_message():
    RetierRequest.objects.all().delete()
    run = runs.start_run(requested_by=None)
    broker = Redis.from_url(settings.REDIS_URL)
    broker.flushdb()
    with worker():
        until(lambda: run.chunks.filter(status="done").exists())
        broker.flushdb()
        until(lambda: TieringRun.objects.get(pk=run.pk).finished_at is not None)
    assert_everyone_was_tiered_once(run)


def test_imported_clients_are_tiered_by_the_worker_from_their_requests():
    assert RetierRequest.objects.count() == 2 * CLIENTS
    with worker():
        until(lambda: not RetierRequest.objects.exists())
    assert Assignment.objects.filter(valid_to=None).count() == CLIENTS
    assert Assignment.objects.count() == CLIENTS
    assert set(Assessment.objects.values_list("run__trigger", flat=True)) == {"change"}
