"""How a whole run grows with the book."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
            costs = _costs(size)
        if size >= FROM:
            base = base or costs.effort
        ratio = costs.effort / base if base else None
        yield Line(
            _("%(clients)s clients: wall, CPU, memory") % {"clients": f"{size:,}"},
            f"{costs.wall:.2f} µs, {costs.cpu or 0:.2f} µs, {costs.memory:.0f} MiB",
            f"± {WITHIN:.0%}, ≤ {MEMORY} MiB",
            costs.memory <= MEMORY and (ratio is None or abs(ratio - 1) <= WITHIN),
        )


@dataclass(frozen=True)
class _Costs:
    """Of a run with one tier in a hundred changed: microseconds per client, and the most memory of a worker in MiB."""

    wall: float
    cpu: float | None
    memory: float

    @property
    def effort(self) -> float:
        """CPU time where it is known: others on the machine weigh less in it."""
        return self.wall if self.cpu is None else self.cpu


def _costs(size: int) -> _Costs:
    book, courses = make_book(size), []
    with crew(WORKERS) as workers:
        official_run(workers)
        for _round in range(ROUNDS):
            change_facts(book, CHANGED)
            courses.append(official_run(workers))
    cpu = [course.needs.cpu for course in courses if course.needs.cpu is not None]
    return _Costs(
        wall=1e6 * median(course.seconds for course in courses) / size,
        cpu=1e6 * median(cpu) / size if cpu else None,
        memory=max(course.needs.memory for course in courses),
    )
