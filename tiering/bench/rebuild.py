"""Facts of every client made anew from source records, by a run that follows the clock."""

import time
from collections.abc import Iterator

from django.utils.translation import gettext as _

from tiering.bench.book import Book
from tiering.bench.report import Line, at_most
from tiering.bench.whole_run import WORKERS
from tiering.bench.worker import crew
from tiering.models import TieringRun
from tiering.services import runs

SECONDS = 60


def rebuilt_facts(book: Book) -> Iterator[Line]:
    """Seconds per million clients and what each takes of the processor, first when all facts are new, then when none
    is. Expects clients with records."""
    with crew(WORKERS) as workers:
        for measure, goal in (
            (_("facts rebuilt from records, all new: a million clients"), SECONDS),
            (_("facts rebuilt from records, none new: a million clients"), SECONDS),
        ):
            begun = time.perf_counter()
            run = runs.start_run(requested_by=None, basis=TieringRun.Basis.RECORDS)
            needs = workers.work(run.pk)
            elapsed = time.perf_counter() - begun
            runs.finish_runs()
            yield at_most(measure, elapsed / book.clients * 1e6, goal, " s", 1)
            if needs.cpu is not None:
                yield Line(
                    _("CPU of workers and their server processes, a client"),
                    f"{1e6 * needs.cpu / book.clients:.1f} µs",
                )
