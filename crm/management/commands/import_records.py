"""manage.py import_records KIND FILE: the import of the page, from the command line."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.errors import DomainError
from crm.imports import error_file
from crm.imports.kinds import KINDS
from crm.imports.profile import Profile, load
from crm.imports.text import CHOICES
from crm.models import ImportJob, ImportRow, User
from crm.services import imports


class Command(BaseCommand):
    help = (
        "Import clients, statements, observations, projects, revenue or stage events of cases from CSV, TSV, XLSX, XLS "
        "or ARFF (also .gz). "
        "Columns are recognised by their headers; --map and --set add to that, --profile replaces it. Every row is "
        "accounted for."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=list(KINDS))
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map", action="append", default=[], metavar="FIELD=COLUMN", help="column of a field or metric"
        )
        parser.add_argument(
            "--only-mapped", action="store_true", help="use no column but those that --map names"
        )
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="FIELD=VALUE",
            help="the same value for every row ({row} is its number); date_order=mdy or dmy says how dates are written",
        )
        parser.add_argument(
            "--means",
            action="append",
            default=[],
            metavar="FIELD:CELL=VALUE",
            help="what a cell of a field stands for; an empty CELL is an empty one",
        )
        parser.add_argument("--profile", type=Path, help="a JSON file with kind, map, set and values")
        parser.add_argument("--encoding", choices=CHOICES, default="", help="instead of finding it")
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument(
            "--all-or-nothing", action="store_true", help="write nothing where a row is refused"
        )
        parser.add_argument(
            "--add-reference", action="store_true", help="add unknown industries, regions and metrics"
        )
        parser.add_argument(
            "--user", help="import as this user, into what they hold; without it as the system"
        )
        parser.add_argument(
            "--errors", type=Path, metavar="OUT.csv", help="write refused rows, reasons and fixes here"
        )

    def handle(self, **options: Any) -> None:
        started = time.monotonic()
        try:
            job = self._import(options)
        except DomainError as error:
            raise CommandError(str(error)) from error
        if options["errors"] and job.refused:
            options["errors"].write_text("".join(error_file.write(job)), encoding="utf-8")
        self._report(job, time.monotonic() - started)
        if job.status in (ImportJob.Status.FAILED, ImportJob.Status.REFUSED):
            raise CommandError(f"Import {job.pk} is {job.status}; nothing was written.")

    def _import(self, options: dict[str, Any]) -> ImportJob:
        by = self._user(options["user"])
        path: Path = options["file"]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        job = imports.stage_file(
            by=by, kind=options["kind"], name=path.name, data=data, encoding=options["encoding"]
        )
        profile = (
            load(options["profile"], options["kind"])
            if options["profile"]
            else Profile(map={} if options["only_mapped"] else job.mapping)
        )
        setup = imports.Setup(
            mapping={**profile.map, **pairs(options["map"])},
            constants={**profile.set, **pairs(options["set"])},
            translations=meanings(profile.values, options["means"]),
            add_reference_data=options["add_reference"],
        )
        if options["dry_run"]:
            job = imports.start_check(by=by, job=job, setup=setup, ring=False)
        else:
            keep = not options["all_or_nothing"]
            job = imports.start_import(by=by, job=job, setup=setup, keep_good_rows=keep, ring=False)
        return self._finished(job)

    def _user(self, username: str | None) -> User | None:
        if username is None:
            return None
        try:
            return User.objects.get(username=username, is_active=True)
        except User.DoesNotExist as error:
            raise CommandError(f"There is no active user {username}.") from error

    def _finished(self, job: ImportJob) -> ImportJob:
        """The job when its work is done, by this process or, where a sweep was quicker, by a worker."""
        imports.run_import(job.pk)
        job.refresh_from_db()
        while job.is_running:
            time.sleep(1)
            imports.run_import(job.pk)
            job.refresh_from_db()
        return job

    def _report(self, job: ImportJob, seconds: float) -> None:
        read = " ".join(part for part in (job.encoding, job.sheet) if part)
        self.stdout.write(f"Import {job.pk} of {job.file_name} ({read}): {job.status} in {seconds:.1f} s")
        counts = ", ".join(f"{job.counts.get(outcome, 0)} {outcome}" for outcome in ImportRow.Outcome.values)
        self.stdout.write(f"{job.rows} rows = {counts}")
        if job.records:
            self.stdout.write(", ".join(f"{name}: {number}" for name, number in job.records.items()))


def pairs(given: list[str]) -> dict[str, str]:
    """FIELD=VALUE arguments as a mapping. Raises CommandError for one without an equals sign."""
    split = [argument.partition("=") for argument in given]
    for name, sign, _value in split:
        if not sign:
            raise CommandError(f"“{name}” is not FIELD=VALUE.")
    return {name.strip(): value.strip() for name, _sign, value in split}


def meanings(known: dict[str, dict[str, str]], given: list[str]) -> dict[str, dict[str, str]]:
    """FIELD:CELL=VALUE arguments added to what a profile says. Raises CommandError for one of another form."""
    told = {field: dict(words) for field, words in known.items()}
    for argument in given:
        said, sign, value = argument.partition("=")
        field, colon, cell = said.partition(":")
        if not sign or not colon:
            raise CommandError(f"“{argument}” is not FIELD:CELL=VALUE.")
        told.setdefault(field.strip(), {})[cell.strip()] = value.strip()
    return told
