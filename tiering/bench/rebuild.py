"""Facts of every client made anew from source records, by runs that follow the clock."""

import time
from collections.abc import Iterator

from django.utils.translation import gettext as _

from crm.models import Client
from tiering.bench.book import Book, settle
from tiering.bench.report import Line, at_most
from tiering.bench.rows import bulk_load, execute
from tiering.bench.whole_run import WORKERS
from tiering.bench.worker import Crew, Needs, crew
from tiering.models import RunChunk, TieringRun
from tiering.services import runs

SECONDS = 60


def rebuilt_facts(book: Book) -> Iterator[Line]:
    """Seconds per million clients and what each takes of the processor: a whole run in which all facts are new and
    everybody is assessed and tiered anew by them, one in which none is, and facts alone when all are new. Expects
    clients with records, and facts that say something else."""
    with crew(WORKERS) as workers:
        seconds, needs = _run(workers)
        whole = _("all facts new, everybody tiered anew: a million clients")
        yield Line(whole, f"{_of_a_million(seconds, book):.1f} s")
        yield from _cpu(needs, book)
        seconds, needs = _run(workers)
        none = _("facts rebuilt from records, none new: a million clients")
        yield at_most(none, _of_a_million(seconds, book), SECONDS, " s", 1)
        yield from _cpu(needs, book)
        _change_everybody()
        seconds, needs = _run(workers, facts_alone=True)
        alone = _("facts rebuilt from records, all new: a million clients")
        yield at_most(alone, _of_a_million(seconds, book), SECONDS, " s", 1)
        yield from _cpu(needs, book)


def _of_a_million(seconds: float, book: Book) -> float:
    return seconds / book.clients * 1e6


def _cpu(needs: Needs, book: Book) -> Iterator[Line]:
    if needs.cpu is not None:
        measure = _("CPU of workers and their server processes, a client")
        yield Line(measure, f"{_of_a_million(needs.cpu, book):.1f} µs")


def _run(workers: Crew, *, facts_alone: bool = False) -> tuple[float, Needs]:
    """One run over the records: its seconds on the wall, and what its workers needed."""
    begun = time.perf_counter()
    run = runs.start_run(requested_by=None, basis=TieringRun.Basis.RECORDS)
    if facts_alone:
        run.chunks.update(step=RunChunk.Step.FACTS)
    needs = workers.work(run.pk)
    elapsed = time.perf_counter() - begun
    runs.finish_runs()
    return elapsed, needs


def _change_everybody() -> None:
    """From now on let each client have one employee more than the facts in force say."""
    with bulk_load():
        execute("UPDATE crm_client SET employees = coalesce(employees, 0) + 1")
    settle(Client)
