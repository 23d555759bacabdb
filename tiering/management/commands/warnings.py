"""Early warnings on the command line: `warnings try` asks the past what they would have raised."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from tiering import display
from tiering.core.policy_kinds import check_policy
from tiering.core.refusals import CriteriaError
from tiering.core.warnings import Warnings, read
from tiering.management.warning_lines import lines_of
from tiering.models import Policy
from tiering.selectors.policies import known_to, policy_in_effect
from tiering.services.raising import catalogue_of
from tiering.warnings.library import LIBRARY
from tiering.warnings.trial import DAYS, HORIZON, MOST_CLIENTS, try_on_history


class Command(BaseCommand):
    help = "Try early warnings on the past: alerts, precision, recall and lead time, beside alerts at random."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["try"])
        parser.add_argument(
            "--document", type=Path, help=_("a file; the version in effect, or the library, where left out")
        )
        parser.add_argument("--outcome", choices=["default", "downgrade"], default="default")
        parser.add_argument("--months", type=int, default=HORIZON, help=_("within which the outcome counts"))
        parser.add_argument("--days", type=int, default=DAYS, help=_("how many days, a month apart"))
        parser.add_argument("--clients", type=int, default=MOST_CLIENTS, help=_("at most so many clients"))

    def handle(self, *args: Any, **options: Any) -> None:
        warnings = self._warnings(options["document"])
        tried = try_on_history(
            warnings,
            catalogue_of(warnings),
            outcome=options["outcome"],
            today=timezone.localdate(),
            months=options["months"],
            count=options["days"],
            most=options["clients"],
        )
        labels = {one.key: display.label(one.label) for one in warnings.indicators}
        for line in lines_of(tried, labels):
            self.stdout.write(line)

    def _warnings(self, document: Path | None) -> Warnings:
        version = policy_in_effect(Policy.Kind.WARNINGS)
        data = json.loads((document or LIBRARY).read_text()) if document or not version else version.document
        refusals = check_policy("warnings", data, known_to(Policy(kind=Policy.Kind.WARNINGS)))
        if refusals:
            raise CommandError("\n".join(f"{one.path}: {one.text(_)} {one.remedy(_)}" for one in refusals))
        try:
            return read(data)
        except CriteriaError as error:
            raise CommandError(str(error)) from error
