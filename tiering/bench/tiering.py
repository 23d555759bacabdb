"""Every measure of tiering, each in a database that holds the book it needs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from tiering.bench.assess import assessing
from tiering.bench.book import Book, make_book
from tiering.bench.changes import changed_clients
from tiering.bench.edits import edits
from tiering.bench.growth import growth
from tiering.bench.rebuild import rebuilt_facts
from tiering.bench.records import make_records
from tiering.bench.report import Line
from tiering.bench.scratch import Scratch
from tiering.bench.whole_run import whole_run

Measure = Callable[[Book], Iterator[Line]]

OVER_RECORDS: dict[str, Measure] = {"changes": changed_clients, "facts": rebuilt_facts}
MEASURES = ("assess", "run", "edits", *OVER_RECORDS, "growth")


@dataclass(frozen=True)
class Plan:
    """What to measure, and how many clients: with facts alone, with source records, and in each book of growth.

    ``seconds`` is how long somebody saves clients, idle and during runs.
    """

    only: Sequence[str] = MEASURES
    clients: int = 100_000
    with_records: int = 20_000
    sizes: Sequence[int] = (10_000, 100_000)
    seconds: float = 6.0

    @property
    def over_facts(self) -> dict[str, Measure]:
        """The measures that need no records."""
        return {"assess": assessing, "run": whole_run, "edits": partial(edits, seconds=self.seconds)}


def measured(scratch: Scratch, plan: Plan) -> Iterator[Line]:
    """A line for each measure as soon as it is known."""
    over_facts = [measure for name, measure in plan.over_facts.items() if name in plan.only]
    if over_facts:
        with scratch.database():
            book = make_book(plan.clients)
            for measure in over_facts:
                yield from measure(book)
    over_records = [measure for name, measure in OVER_RECORDS.items() if name in plan.only]
    if over_records:
        with scratch.database():
            book = make_book(plan.with_records)
            make_records(book)
            for measure in over_records:
                yield from measure(book)
    if "growth" in plan.only:
        yield from growth(scratch, plan.sizes)
