"""manage.py funnel import FILE: the past of cases from a file; undo: takes it back; figures: what it tells; bench: how
fast."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from itertools import chain
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from crm.errors import DomainError
from crm.management.commands.import_records import pairs
from crm.models import ImportJob, User
from crm.services import imports
from funnel.bench.board import measured_board
from funnel.bench.figures import measured
from funnel.bench.prospects import measured_prospects
from funnel.forms_figures import FiguresForm
from funnel.pages.figures import FIGURES, as_csv
from funnel.pages.figures_ends import screening
from tiering.bench.scratch import Scratch

MULTIPLE = ("map", "set", "means")


class Command(BaseCommand):
    help = "Import the past of cases, take such an import back, print the figures of a pipeline, or measure them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        incoming = acts.add_parser(
            "import", help="import stage events; a pipeline may be made of the stages found"
        )
        incoming.add_argument("file")
        incoming.add_argument(
            "--pipeline", required=True, help="key or name; an unknown one needs --add-reference"
        )
        incoming.add_argument("--stages", default="", help="stages of a new pipeline in order: A|B|C")
        incoming.add_argument(
            "--user", required=True, help="who imports, and moved cases where the file names nobody"
        )
        incoming.add_argument(
            "--map", action="append", default=[], metavar="FIELD=COLUMN",
            help="column of a field, and no column that is not named;"
            " stage:NAME=COLUMN for a column of the days on which cases entered the stage",
        )  # fmt: skip
        incoming.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE")
        incoming.add_argument("--means", action="append", default=[], metavar="FIELD:CELL=VALUE")
        for flag in ("--dry-run", "--all-or-nothing", "--add-reference"):
            incoming.add_argument(flag, action="store_true")
        incoming.add_argument("--encoding", default="")
        incoming.add_argument("--errors", metavar="OUT.csv")
        back = acts.add_parser("undo", help="remove what an import added, where nobody went on with it")
        back.add_argument("job", type=int, help="number of the import")
        figures = acts.add_parser("figures", help="print figures as CSV")
        figures.add_argument("--pipeline", required=True, help="key of the pipeline")
        figures.add_argument("--user", required=True, help="of the cases that this user may see")
        figures.add_argument("--only", nargs="+", choices=[*FIGURES, "criteria"], default=list(FIGURES))
        figures.add_argument(
            "--with", action="append", default=[], metavar="NAME=VALUE", dest="chosen",
            help="since, until, as_of, unit, rm, tier, product, sector, source, currency",
        )  # fmt: skip
        bench = acts.add_parser(
            "bench", help="measure board, figures and prospects in databases of their own"
        )
        bench.add_argument("--moves", type=int, default=1_000_000, help="that figures are of; 0: no figures")
        bench.add_argument("--cases", type=int, default=100_000, help="open ones on the board; 0: no board")
        bench.add_argument("--prospects", type=int, default=100_000, help="open ones; 0: no prospects")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        acts: dict[str, Callable[[dict[str, Any]], None]] = {
            "import": self._import,
            "undo": self._undo,
            "figures": self._figures,
            "bench": self._bench,
        }
        acts[act](options)

    def _import(self, options: dict[str, Any]) -> None:
        said = [f"pipeline={options['pipeline']}"]
        said += [f"stages={options['stages']}"] if options["stages"] else []
        arguments = ["--only-mapped"] if options["map"] else []
        for name in MULTIPLE:
            for given in [*options[name], *(said if name == "set" else [])]:
                arguments += [f"--{name}", given]
        for name in ("dry_run", "all_or_nothing", "add_reference"):
            arguments += [f"--{name.replace('_', '-')}"] if options[name] else []
        for name in ("user", "encoding", "errors"):
            arguments += [f"--{name}", options[name]] if options[name] else []
        call_command(
            "import_records", ImportJob.Kind.STAGE_EVENTS, options["file"], *arguments, stdout=self.stdout
        )

    def _undo(self, options: dict[str, Any]) -> None:
        pk: int = options["job"]
        job = ImportJob.objects.filter(pk=pk).select_related("uploaded_by").first()
        if job is None:
            raise CommandError(f"There is no import {pk}.")
        try:
            imports.start_undo(by=job.uploaded_by, job=job, ring=False)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        imports.run_import(pk)
        job.refresh_from_db()
        self.stdout.write(
            f"Import {pk} of {job.file_name} is taken back; {job.records['kept']} records stay."
        )

    def _figures(self, options: dict[str, Any]) -> None:
        asked = {"pipeline": options["pipeline"], **pairs(options["chosen"])}
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {options['user']}.")
        form = FiguresForm(asked, user=user)
        selection = form.selection()
        if selection is None or form.errors:
            raise CommandError(
                "; ".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())
            )
        for key in options["only"]:
            figure = (
                screening(selection, form.criteria_version, form.stretch)
                if key == "criteria"
                else FIGURES[key](selection)
            )
            self.stdout.write(f"# {figure.title} ({key})")
            self.stdout.write(as_csv(figure).removeprefix("\ufeff"))

    def _bench(self, options: dict[str, Any]) -> None:
        scratch = Scratch()
        try:
            for line in chain(
                measured_board(scratch, options["cases"]) if options["cases"] else (),
                measured(scratch, options["moves"]) if options["moves"] else (),
                measured_prospects(scratch, options["prospects"]) if options["prospects"] else (),
            ):
                self.stdout.write(str(line))
                self.stdout.flush()
        finally:
            scratch.clear()
