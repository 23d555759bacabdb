"""A run over the whole book from the command line, worked through in this process."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _

from crm.errors import DomainError
from tiering.models import CriteriaVersion, TieringRun, TierScheme
from tiering.selectors.runs import progress
from tiering.services.runs import start_run, work_through


class Command(BaseCommand):
    help = "Tier every client as of now, or of a moment in the past, or only try out what that would lead to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", help="ISO date and time in the past (default: now)")
        parser.add_argument("--scheme", help="key of the scheme (default: the primary one)")
        parser.add_argument("--kind", choices=TieringRun.Kind.values, default=TieringRun.Kind.OFFICIAL)
        parser.add_argument(
            "--criteria-version", type=int, help="number of the version to try out (default: that in effect)"
        )
        parser.add_argument(
            "--basis",
            choices=TieringRun.Basis.values,
            default=TieringRun.Basis.RECORDS,
            help="derive facts from the records, or read the facts in force",
        )

    def handle(self, *args: Any, as_of: str | None, kind: str, basis: str, **options: Any) -> None:
        scheme = _scheme(options["scheme"])
        version = _version(scheme, options["criteria_version"])
        try:
            run = start_run(
                requested_by=None,
                as_of=_moment(as_of),
                kind=kind,
                basis=basis,
                scheme=scheme,
                version=version,
            )
            run = work_through(run)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self._say(run)

    def _say(self, run: TieringRun) -> None:
        done = progress(run)
        self.stdout.write(
            _(
                "%(clients)d clients in %(seconds).1f s: %(assessed)d assessed, %(assigned)d assigned,"
                " %(proposed)d proposed"
            )
            % {
                "clients": done.clients,
                "seconds": done.elapsed.total_seconds(),
                "assessed": done.assessed,
                "assigned": done.assigned,
                "proposed": done.proposed,
            }
        )
        if run.status == TieringRun.Status.QUARANTINED:
            counts = {"quarantined": done.chunks_quarantined, "chunks": done.chunks}
            raise CommandError(
                _("%(quarantined)d of %(chunks)d chunks are quarantined; see the log.") % counts
            )


def _moment(text: str | None) -> datetime | None:
    moment = parse_datetime(text) if text else None
    if text and moment is None:
        raise CommandError(_("“%(text)s” is not a date and time such as 2026-01-31T00:00.") % {"text": text})
    return make_aware(moment) if moment and is_naive(moment) else moment


def _scheme(key: str | None) -> TierScheme | None:
    if key is None:
        return None
    scheme = TierScheme.objects.filter(key=key).first()
    if scheme is None:
        raise CommandError(_("There is no scheme “%(key)s”.") % {"key": key})
    return scheme


def _version(scheme: TierScheme | None, number: int | None) -> CriteriaVersion | None:
    if number is None:
        return None
    of = {"criteria__scheme": scheme} if scheme else {"criteria__scheme__is_primary": True}
    version = CriteriaVersion.objects.select_related("criteria__scheme").filter(number=number, **of).first()
    if version is None:
        raise CommandError(_("The scheme has no version %(number)d of its criteria.") % {"number": number})
    return version
