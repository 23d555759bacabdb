"""A whole official run by two workers: assess, compare, write, history, proposals."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from django.utils.translation import gettext as _

from tiering.bench.assess import by_hand_once
from tiering.bench.book import Book, change_facts
from tiering.bench.report import Line, at_most
from tiering.bench.worker import Crew, Needs, crew
from tiering.core.texts import N_
from tiering.models import TieringRun
from tiering.selectors.runs import progress
from tiering.services import runs

WORKERS = 2
ROUNDS = 3
CHANGED = 0.01
OF_BY_HAND = 1.2
MEMORY = 200
EVERYBODY = N_("everybody")
WHO_MAY_DIFFER = N_("who may differ")


@dataclass(frozen=True)
class Course:
    """How a run went: its seconds on the wall, what its workers needed, and what came of it."""

    seconds: float
    needs: Needs
    assigned: int
    proposed: int


def official_run(workers: Crew) -> Course:
    """One official run over the whole book, from its start until it is closed. Raises when a chunk is left."""
    begun = time.perf_counter()
    run = runs.start_run(requested_by=None, basis=TieringRun.Basis.FACTS)
    needs = workers.work(run.pk)
    runs.finish_runs()
    elapsed = time.perf_counter() - begun
    run.refresh_from_db()
    if run.status != TieringRun.Status.DONE:
        raise RuntimeError(f"Run {run.pk} is {run.status}.")
    done = progress(run)
    return Course(elapsed, needs, done.assigned, done.proposed)


def whole_run(book: Book) -> Iterator[Line]:
    """The run with one tier in a hundred changed, beside “A” in wall time, by turns: one that assesses everybody, as
    after a switch of an overlay, and one that trusts what an earlier run by the same version found."""
    by_hand: list[float] = []
    courses: dict[str, list[Course]] = {EVERYBODY: [], WHO_MAY_DIFFER: []}
    with crew(WORKERS, everybody=True) as thorough, crew(WORKERS) as trusting:
        crews = {EVERYBODY: thorough, WHO_MAY_DIFFER: trusting}
        for workers in crews.values():
            official_run(workers)
        for _round in range(ROUNDS):
            for name, workers in crews.items():
                by_hand.append(by_hand_once(book).wall)
                change_facts(book, CHANGED)
                courses[name].append(official_run(workers))
    for name, ran in courses.items():
        yield from _compared(book, name, ran, median(by_hand))


def _compared(book: Book, name: str, courses: list[Course], by_hand: float) -> Iterator[Line]:
    seconds = median(course.seconds for course in courses)
    moved = courses[-1].assigned + courses[-1].proposed
    yield Line(
        _("official run, %(share).1f %% of tiers changed, assessed: %(who)s")
        % {"share": 100 * moved / book.clients, "who": _(name)},
        f"{seconds:.2f} s",
    )
    yield at_most(_("official run ÷ A, on the wall"), seconds / by_hand, OF_BY_HAND)
    cpu = [course.needs.cpu for course in courses if course.needs.cpu is not None]
    if cpu:
        yield Line(
            _("CPU of workers and their server processes, a client"),
            f"{1e6 * median(cpu) / book.clients:.2f} µs",
        )
    yield at_most(_("memory of a worker"), max(course.needs.memory for course in courses), MEMORY, " MiB", 0)
