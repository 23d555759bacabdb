"""Workers of an official run over a hundred thousand clients, killed fifty times: nothing lost, nothing done twice."""

import random
import time
from datetime import datetime
from functools import partial

import pytest
from django.db.models import Count, Max, Sum

from crm.models import Role
from tests.factories import make_user
from tests.heavy.station import Station, kill, until
from tiering.bench.book import Book, make_book
from tiering.bench.records import make_records
from tiering.bench.rows import execute
from tiering.models import Assessment, Assignment, Facts, RunChunk, TieringRun
from tiering.models.runs import ATTEMPTS
from tiering.services import runs
from tiering.services.chunks import CLIENTS_PER_COMMIT
from tiering.services.clock import database_now
from tiering.services.retries import retry_quarantined
from tiering.services.schedule import ensure_runs

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 100_000
CLIENTS_PER_CHUNK = 500
"""A quarter of what runs are cut into: a chunk on which five workers died is set aside, as one that kills them would be,
and fifty deaths within seconds of each other are to fall on two hundred chunks."""
KILLS = 50
PATIENCE = 1200
POISONED = CLIENTS // 2

POISON = f"""
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison'; END $$;
CREATE TRIGGER poison BEFORE INSERT ON tiering_assignment FOR EACH ROW
WHEN (NEW.client_id = {POISONED}) EXECUTE FUNCTION poison();
"""
ANTIDOTE = "DROP TRIGGER IF EXISTS poison ON tiering_assignment; DROP FUNCTION IF EXISTS poison"


@pytest.fixture
def book() -> Book:
    """Clients with records and without tiers, one of whom nobody can assign."""
    execute("SET statement_timeout = 0")  # made in longer than a page may take
    made = make_book(CLIENTS, tiered=False)
    make_records(made)
    execute(POISON)
    return made


@pytest.fixture(autouse=True)
def _antidote():
    yield
    execute(ANTIDOTE)


def held_since(run: TieringRun, moment: datetime) -> int:
    """How many chunks of the run were claimed since a moment and are still held."""
    held = run.chunks.filter(status=RunChunk.Status.PENDING, started_at__gt=moment)
    return held.exclude(token=None).count()


def is_over(run: TieringRun) -> bool:
    return TieringRun.objects.filter(pk=run.pk).exclude(finished_at=None).exists()


def done(run: TieringRun) -> int:
    return run.chunks.filter(status=RunChunk.Status.DONE).count()


def kill_in_the_middle(station: Station, run: TieringRun, times: int) -> int:
    """Kill a worker so often, each soon after it has begun; how often it held a chunk when it died.

    The first is left to open the run: what that takes all chunks wait for, and a death then costs a whole lease.
    """
    chance, interrupted = random.Random(42), 0
    for number in range(times):
        begun = database_now()
        with station.worker() as worker:
            until(partial(held_since, run, begun) if number else partial(done, run), PATIENCE)
            time.sleep(chance.uniform(0, 0.4))
            kill(worker)
        interrupted += held_since(run, begun) > 0
    return interrupted


def rows_per_client(ledger: type[Assessment] | type[Assignment]) -> tuple[int, int]:
    """How many clients have a row, and the most rows that one has."""
    counted = ledger.objects.values("client").annotate(rows=Count("pk"))
    most = counted.aggregate(most=Max("rows"))["most"]
    return len(counted), most


def test_run_whose_workers_are_killed_fifty_times_loses_and_repeats_nothing(book, tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "CLIENTS_PER_CHUNK", CLIENTS_PER_CHUNK)
    (run,) = ensure_runs()
    station, begun = Station(tmp_path), time.monotonic()
    with station.beat():
        interrupted = kill_in_the_middle(station, run, KILLS)
        assert not is_over(run)
        with station.worker():
            until(lambda: is_over(run), PATIENCE)
    run.refresh_from_db()
    chunks = run.chunks.aggregate(
        chunks=Count("pk"), attempts=Sum("attempts"), clients=Sum("clients"), assigned=Sum("assigned")
    )
    print(
        f"\n{KILLS} kills, {interrupted} of them within a chunk; {chunks}; {time.monotonic() - begun:.0f} s"
    )
    (poisoned,) = run.chunks.filter(status=RunChunk.Status.QUARANTINED)
    # What was committed of the chunk before the part with the poisoned client stays.
    reached = poisoned.first_client - 1 if poisoned.reached is None else poisoned.reached
    assert POISONED - CLIENTS_PER_COMMIT <= reached < POISONED
    spared = CLIENTS - (poisoned.last_client - reached)
    assert interrupted > KILLS // 2
    assert run.status == TieringRun.Status.QUARANTINED
    assert poisoned.first_client <= POISONED <= poisoned.last_client
    assert poisoned.attempts == ATTEMPTS
    assert "poison" in poisoned.failure
    assert f"Chunk {poisoned.pk} of run {run.pk} is quarantined" in station.log.read_text()
    assert run.chunks.exclude(pk=poisoned.pk).exclude(status=RunChunk.Status.DONE).count() == 0
    assert (chunks["clients"], chunks["assigned"]) == (spared, spared)
    assert rows_per_client(Assessment) == rows_per_client(Assignment) == (spared, 1)
    # Those of the made-up book, and those derived from the records in their place.
    assert Facts.objects.count() == 2 * CLIENTS
    assert Facts.objects.filter(valid_to=None).count() == CLIENTS

    execute(ANTIDOTE)
    retry_quarantined(run=run, by=make_user(Role.RISK_OFFICER))
    with station.beat(), station.worker():
        until(lambda: is_over(run), PATIENCE)
    assert TieringRun.objects.get(pk=run.pk).status == TieringRun.Status.DONE
    assert rows_per_client(Assignment) == (CLIENTS, 1)
    assert Assignment.objects.filter(valid_to=None).count() == CLIENTS
