"""Why a client is in its tier, on any day, as the client page tells it."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm import formats
from crm.models import Client, Project
from tiering import display
from tiering.management.options import end_of
from tiering.models import Assignment, Override, TierScheme
from tiering.pages.account import account_of
from tiering.pages.changes import changes_text
from tiering.pages.overrides import holds_text
from tiering.pages.plain import plain
from tiering.pages.report import report
from tiering.selectors.criteria import primary_scheme, tiers_by_rank
from tiering.selectors.evidence import Evidence, evidence_at, row_at, since_last, told_by
from tiering.selectors.overrides import holding_at


class Command(BaseCommand):
    help = (
        "Tell why a client is in its tier: indicators, gates, placement, overlays, the migration policy, what changed,"
        " and the cheapest ways up. Of today, or of any day in the past; as known today, or as known on a day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("client", help="code of the client")
        parser.add_argument("--as-of", help="ISO date: the tier at the end of that day (default: now)")
        parser.add_argument("--known-on", help="ISO date: without what was recorded after that day")
        parser.add_argument("--scheme", help="key of a scheme (default: the primary one)")
        parser.add_argument("--project", help="code of a project: the client within it")
        parser.add_argument("--json", action="store_true", help="print JSON; scores are units of 1e-8 points")
        parser.add_argument("--language", choices=[code for code, name in settings.LANGUAGES])

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"] or translation.get_language()):
            for line in self.told(**options):
                self.stdout.write(line)

    def told(self, **options: Any) -> Iterator[str]:
        client = found(Client, code=options["client"])
        project = found(Project, code=options["project"]) if options["project"] else None
        scheme = found(TierScheme, key=options["scheme"]) if options["scheme"] else primary_scheme()
        if scheme is None:
            raise CommandError(_("No criteria have been loaded."))
        at = end_of(options["as_of"]) or timezone.now()
        known_at = end_of(options["known_on"])
        evidence = evidence_at(client, scheme, at, project=project, known_at=known_at)
        if evidence is None:
            raise CommandError(_("%(client)s had not been assessed by then.") % {"client": client.code})
        rows = Assignment.objects.filter(client=client, scheme=scheme, project=project).select_related("tier")
        held = row_at(told_by(rows, known_at), at, known_at)
        override = holding_at(client, scheme, at, project, known_at)
        if options["json"]:
            return iter([written(evidence, held, override, at)])
        return self.text(evidence, held, override, at)

    def text(
        self, evidence: Evidence, held: Assignment | None, override: Override | None, at: datetime
    ) -> Iterator[str]:
        assessment, tiers = evidence.assessment, tiers_by_rank(evidence.assessment.scheme)
        since = since_last(evidence)
        yield f"{assessment.client.code} {assessment.client.name} · {display.label(evidence.document.label)}"
        yield _("As of {date}: {tier} in force").format(
            date=formats.day(at), tier=held.tier.key if held else formats.MISSING
        )
        if override:
            yield holds_text(override, assessment.overlay_tier)
        yield _("Assessed on {date} by criteria version {number}, scorecard {scorecard}").format(
            date=formats.day(assessment.valid_from),
            number=assessment.version.number,
            scorecard=assessment.scorecard,
        )
        yield from report(
            account_of(evidence, tiers), changes_text(since, evidence, tiers) if since else None
        )


def found(model: type[Client | Project | TierScheme], **wanted: str) -> Any:
    """The one record. Raises CommandError."""
    record = model._default_manager.filter(**wanted).first()
    if record is None:
        (value,) = wanted.values()
        raise CommandError(
            _("There is no %(kind)s “%(value)s”.") % {"kind": model._meta.verbose_name, "value": value}
        )
    return record


def written(evidence: Evidence, held: Assignment | None, override: Override | None, at: datetime) -> str:
    """The account as JSON."""
    assessment, since = evidence.assessment, since_last(evidence)
    data = {
        "client": assessment.client.code,
        "project": assessment.project.code if assessment.project else None,
        "scheme": evidence.document.scheme,
        "as_of": at.isoformat(),
        "in_force": held.tier.key if held else None,
        "override": told_override(override, assessment.overlay_tier.key) if override else None,
        "tiers": [tier.key for tier in evidence.document.tiers],
        "assessed": assessment.valid_from.isoformat(),
        "criteria_version": assessment.version.number,
        "criteria_hash": assessment.version.content_hash,
        "explanation": plain(evidence.explanation),
        "sources": plain(evidence.sources),
        "changes": plain(since.changes) if since else None,
        "lifts": plain(evidence.lifts),
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def told_override(override: Override, says: str) -> dict[str, Any]:
    """What holds the tier, by whom and until when, and what the criteria alone say."""
    return {
        "id": override.pk,
        "approved_by": override.decided_by.username if override.decided_by else None,
        "reason": override.reason,
        "last_day": override.last_day.isoformat(),
        "criteria_say": says,
    }
