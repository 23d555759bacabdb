"""manage.py funnel import FILE: the past of cases from a file; funnel undo: takes an import back."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from crm.errors import DomainError
from crm.models import ImportJob
from funnel.services.imports import undo_import

MULTIPLE = ("map", "set", "means")


class Command(BaseCommand):
    help = "Import the past of cases: who entered which stage when; or take such an import back."

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
            help="column of a field; stage:NAME=COLUMN for a column of the days on which cases entered the stage",
        )  # fmt: skip
        incoming.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE")
        incoming.add_argument("--means", action="append", default=[], metavar="FIELD:CELL=VALUE")
        for flag in ("--dry-run", "--all-or-nothing", "--add-reference"):
            incoming.add_argument(flag, action="store_true")
        incoming.add_argument("--encoding", default="")
        incoming.add_argument("--errors", metavar="OUT.csv")
        back = acts.add_parser("undo", help="remove what an import added, where nobody went on with it")
        back.add_argument("job", type=int, help="number of the import")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "undo":
            self._undo(options["job"])
        else:
            self._import(options)

    def _import(self, options: dict[str, Any]) -> None:
        said = [f"pipeline={options['pipeline']}"]
        said += [f"stages={options['stages']}"] if options["stages"] else []
        arguments: list[str] = []
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

    def _undo(self, pk: int) -> None:
        job = ImportJob.objects.filter(pk=pk).select_related("uploaded_by").first()
        if job is None:
            raise CommandError(f"There is no import {pk}.")
        try:
            undo_import(by=job.uploaded_by, job=job)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Import {pk} of {job.file_name} is taken back.")
