"""Who works on a run gives way to people, as the database sees both."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, connections

from tests.factories import make_client
from tests.tiering.helpers import publish
from tiering.models import TieringRun
from tiering.services import runs, turns
from tiering.services.chunks import Course, claim_chunk, work_chunk
from tiering.services.turns import BREATH, GRACE, NAME, Turns

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def session(name: str | None = None) -> Iterator[Any]:
    """Another session on the same database, at work until it commits; that of a person unless it has a name."""
    own = connections.create_connection("default")
    own.set_autocommit(False)
    with own.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', coalesce(%s, 'strata'), false)", [name])
    try:
        yield own
    finally:
        own.close()


def rested() -> float:
    own = Turns()
    own.wait()
    return own.rested


def test_nobody_rests_where_only_workers_are_at_work():
    with session(NAME):
        assert rested() == 0


def test_worker_takes_a_breath_while_somebody_is_at_work():
    with session():
        assert rested() >= BREATH


def test_somebody_counts_for_a_moment_after_a_statement(monkeypatch):
    with session() as person:
        person.commit()
        monkeypatch.setattr(turns, "JUST_NOW", 3600)
        assert rested() >= BREATH
        monkeypatch.setattr(turns, "JUST_NOW", 0)
        assert rested() == 0


def test_other_programs_do_not_count():
    with session("pg_dump"):
        assert rested() == 0


def test_worker_waits_for_another_one_to_end_its_piece(monkeypatch):
    monkeypatch.setattr(turns, "GRACE", 60)
    went_on = Event()

    def work_on() -> None:
        rested()
        went_on.set()
        connection.close()

    with session(), session(NAME) as worker:
        waiting = Thread(target=work_on)
        waiting.start()
        assert not went_on.wait(0.3)
        worker.commit()
        waiting.join(30)
    assert went_on.is_set()


def test_worker_waits_for_another_one_no_longer_than_it_may():
    with session(), session(NAME):
        assert rested() >= GRACE


def test_run_gives_way_before_each_piece_and_is_done_all_the_same(monkeypatch):
    publish()
    for _ in range(4):
        make_client()
    run = runs.start_run(requested_by=None, basis=TieringRun.Basis.FACTS)
    course = Course()
    with session():
        work_chunk(claim_chunk(run_id=run.pk), course)
    runs.finish_runs()
    run.refresh_from_db()
    assert run.status == "done"
    assert course.turns.rested >= 2 * BREATH
