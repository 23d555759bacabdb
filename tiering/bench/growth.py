"""How a whole run grows with the book."""

from collections.abc import Iterator, Sequence
from statistics import median

from django.utils.translation import gettext as _

from tiering.bench.book import change_facts, make_book
from tiering.bench.report import Line
from tiering.bench.scratch import Scratch
from tiering.bench.whole_run import CHANGED, MEMORY, ROUNDS, WORKERS, official_run
from tiering.bench.worker import crew

WITHIN = 0.2
FROM = 100_000
"""Smaller books are shown, but what a run costs beside its clients still weighs there."""


def growth(scratch: Scratch, sizes: Sequence[int]) -> Iterator[Line]:
    """Time per client and memory of a worker at each size, each in a database of its own."""
    base: float | None = None
    for size in sorted(sizes):
        with scratch.database():
            per_client, memory = _course(size)
        if size >= FROM:
            base = base or per_client
        ratio = per_client / base if base else None
        yield Line(
            _("%(clients)s clients, a client") % {"clients": f"{size:,}"},
            f"{1e6 * per_client:.2f} µs, {memory:.0f} MiB",
            f"± {WITHIN:.0%}, ≤ {MEMORY} MiB",
            memory <= MEMORY and (ratio is None or abs(ratio - 1) <= WITHIN),
        )


def _course(size: int) -> tuple[float, float]:
    """Seconds per client of a run with one tier in a hundred changed, and the most memory of a worker in MiB."""
    book = make_book(size)
    courses = []
    with crew(WORKERS) as workers:
        official_run(workers)
        for _round in range(ROUNDS):
            change_facts(book, CHANGED)
            courses.append(official_run(workers))
    return median(course.seconds for course in courses) / size, max(course.memory for course in courses)
