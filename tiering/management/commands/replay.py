"""Recompute stored assessments and report where they are not what criteria and facts give."""

from argparse import ArgumentParser
from collections.abc import Iterable
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tiering.management.options import beginning_of
from tiering.selectors.replay import Batch, Choice, altered_versions, replay
from tiering.selectors.replay_sql import replay_by_sql

ENGINES = {"python": replay, "sql": replay_by_sql}


class Command(BaseCommand):
    help = (
        "Recompute past assessments from stored facts, criteria, the terms of their runs and the tiers in force, and"
        " print each difference: client, project, scheme, date, field, stored, recomputed. Exit code 1 if there is any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scheme", help="key of a scheme (default: all)")
        parser.add_argument("--client", help="code of a client (default: all)")
        parser.add_argument("--since", help="ISO date: only assessments that began on or after it")
        parser.add_argument("--limit", type=int, help="only so many, the newest")
        parser.add_argument(
            "--engine",
            choices=ENGINES,
            default="python",
            help="python: by the definition of the criteria, row by row; sql: by the statements that runs use",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        choice = Choice(
            scheme=options["scheme"],
            client=options["client"],
            since=beginning_of(options["since"]),
            limit=options["limit"],
        )
        altered = altered_versions(choice)
        if altered:
            names = ", ".join(f"{version.criteria.scheme.key} {version.number}" for version in altered)
            raise CommandError(
                _("The documents of these criteria versions are not what was published: %(names)s.")
                % {"names": names}
            )
        started = monotonic()
        count, differences = self.report(ENGINES[options["engine"]](choice))
        self.stdout.write(told(count, differences, monotonic() - started))
        if differences:
            raise CommandError(_("Stored assessments are not what they rest on."))

    def report(self, batches: Iterable[Batch]) -> tuple[int, int]:
        """Print each difference as it is found; gives how many assessments and differences there were."""
        count = differences = 0
        for batch in batches:
            count += batch.assessments
            differences += len(batch.differences)
            for found in batch.differences:
                place = [found.client, found.project, found.scheme, found.at.isoformat(), found.field]
                values = [str(found.stored), str(found.recomputed)]
                self.stdout.write("\t".join(place + values))
        return count, differences


def told(count: int, differences: int, seconds: float) -> str:
    """The last line of the report."""
    recomputed = ngettext(
        "%(count)d assessment recomputed in %(seconds).1f s",
        "%(count)d assessments recomputed in %(seconds).1f s",
        count,
    ) % {"count": count, "seconds": seconds}
    found = ngettext("%(count)d difference", "%(count)d differences", differences) % {"count": differences}
    return f"{recomputed}: {found}"
