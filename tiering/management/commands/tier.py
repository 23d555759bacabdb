"""A run over the whole book from the command line, worked through in this process."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware

from crm.errors import DomainError
from tiering.models import TieringRun
from tiering.selectors.runs import progress
from tiering.services.runs import start_run, work_through


class Command(BaseCommand):
    help = "Tier every client as of now, or of a moment in the past, by the criteria in effect at it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", help="ISO date and time in the past (default: now)")

    def handle(self, *args: Any, as_of: str | None, **options: Any) -> None:
        moment = parse_datetime(as_of) if as_of else None
        if as_of and moment is None:
            raise CommandError(f"“{as_of}” is not a date and time such as 2026-01-31T00:00.")
        if moment and is_naive(moment):
            moment = make_aware(moment)
        try:
            run = work_through(start_run(requested_by=None, as_of=moment))
        except DomainError as error:
            raise CommandError(str(error)) from error
        done = progress(run)
        self.stdout.write(
            f"{done.clients} clients in {done.elapsed.total_seconds():.1f} s:"
            f" {done.assessed} assessed, {done.assigned} assigned, {done.proposed} proposed"
        )
        if run.status == TieringRun.Status.QUARANTINED:
            raise CommandError(
                f"{done.chunks_quarantined} of {done.chunks} chunks are quarantined; see the log."
            )
