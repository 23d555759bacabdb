"""How fast tiering is on this machine, each measure beside its goal: `bench tiering --clients 1000000`, and how soon
the impact of an edit shows: `bench preview --clients 100000 1000000`, and how fast a queue of tier reviews is worked
through: `bench reviews --proposals 1000`; how soon whoever has to act knows of a broken covenant: `bench warnings`;
how fast the pages are on which clients are found: `bench pages --clients 100000 1000000`; and how long a worker takes
over a large file: `bench imports --rows 100000`.

It works in databases of its own, which are gone afterwards.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from tiering.bench.assess import Disagreement
from tiering.bench.clocks import BUSY, load_of_others
from tiering.bench.imports import measured_imports
from tiering.bench.pages import measured_pages
from tiering.bench.report import Line
from tiering.bench.reviews import worked
from tiering.bench.scratch import Scratch
from tiering.bench.tiering import MEASURES, Plan, measured
from tiering.bench.warned import measured_warnings


class Command(BaseCommand):
    help = "Measure how fast tiering is here, in databases of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        plan = Plan()
        parser.add_argument("what", choices=["tiering", "preview", "reviews", "warnings", "pages", "imports"])
        parser.add_argument(
            "--clients", type=int, nargs="+", default=[plan.clients],
            help=_("clients in the book; for previews in each of several"),
        )  # fmt: skip
        parser.add_argument(
            "--only", nargs="+", choices=MEASURES, default=MEASURES, help=_("what to measure")
        )
        parser.add_argument(
            "--with-records", type=int, default=plan.with_records,
            help=_("clients with source records, where facts are derived"),
        )  # fmt: skip
        parser.add_argument(
            "--sizes", type=int, nargs="+", default=plan.sizes, help=_("the books that growth is measured on")
        )

        parser.add_argument(
            "--proposals", type=int, default=1_000, help=_("tier changes that wait for a decision")
        )
        parser.add_argument("--rows", type=int, default=100_000, help=_("rows of each file that is imported"))
        parser.add_argument(
            "--seconds", type=float, default=plan.seconds, help=_("how long somebody saves clients meanwhile")
        )

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        load = load_of_others()
        if load > BUSY:
            busy = _("The machine is busy: %(load)d %% of its cores are in use. Take times with care.")
            self.stderr.write(busy % {"load": 100 * load})
        scratch = Scratch()
        try:
            for line in self._lines(scratch, what, options):
                self.stdout.write(str(line))
                self.stdout.flush()
        except Disagreement as error:
            raise CommandError(str(error)) from error
        finally:
            scratch.clear()

    def _lines(self, scratch: Scratch, what: str, options: dict[str, Any]) -> Iterator[Line]:
        sizes = options["clients"]
        if what == "preview":
            from tiering.bench.preview import previewed  # with NumPy

            return previewed(scratch, sizes)
        if what == "pages":
            return measured_pages(scratch, sizes)
        if what == "reviews":
            return worked(scratch, options["proposals"])
        if what == "imports":
            return measured_imports(scratch, options["rows"])
        if what == "warnings":
            return measured_warnings(scratch)
        rest = {name: options[name] for name in ("only", "with_records", "sizes", "seconds")}
        return measured(scratch, Plan(clients=sizes[-1], **rest))
