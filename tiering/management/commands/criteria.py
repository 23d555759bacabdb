"""manage.py criteria: documents checked, compared, tried on a file, stored and written out."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext, ngettext

from crm.errors import DomainError
from crm.formats import reads_chinese
from crm.models import User
from tiering.core.cases import run_cases
from tiering.core.check import check_data, load
from tiering.core.check_shape import shape_refusals
from tiering.core.coverage import coverage
from tiering.core.diff import differences
from tiering.core.metric import Catalogue
from tiering.core.refusals import CriteriaError, Refusal
from tiering.core.schema import schema_text
from tiering.criteria_files import WRITERS, YAML_SUFFIXES, document_named, json_in, template, template_keys
from tiering.errors import CriteriaRefused
from tiering.evaluation.facts_file import FactsFile
from tiering.evaluation.own_metrics import with_own_metrics
from tiering.evaluation.results import Tally
from tiering.evaluation.run import Evaluation
from tiering.management.case_lines import cases_named, covered_line, failure_lines, passed_line
from tiering.management.criteria_parser import add_acts
from tiering.management.validation_lines import validated
from tiering.selectors.catalogue import catalogue, open_catalogue, policy_catalogue
from tiering.services.criteria import load_criteria
from tiering.services.lifecycle import put_in_effect


class Command(BaseCommand):
    help = (
        "Criteria documents: check them, compare them, try them on a CSV, import and export them. DOC is a file, "
        "or stored criteria such as aa_a_b or aa_a_b@2."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_acts(parser)

    def handle(self, *args: Any, act: str, language: str | None, **options: Any) -> None:
        with translation.override(language or translation.get_language()):
            try:
                getattr(self, f"act_{act}")(options)
            except (CriteriaRefused, CriteriaError) as error:
                raise CommandError("\n".join(_lines(error.refusals))) from error
            except DomainError as error:
                raise CommandError(str(error)) from error
            except OSError as error:
                raise CommandError(str(error)) from error

    def act_check(self, options: dict[str, Any]) -> None:
        known = _catalogue(open_catalogue(), options["metrics"])
        refused: list[str] = []
        for name in options["documents"]:
            try:
                refusals = check_data(document_named(name), known)
            except CriteriaRefused as error:
                refusals = error.refusals
            refused += [line if line.startswith(name) else f"{name}: {line}" for line in _lines(refusals)]
            if not refusals:
                self._done(gettext("%(name)s: nothing stands against publishing it.") % {"name": name})
        if refused:
            raise CommandError("\n".join(refused))

    def act_diff(self, options: dict[str, Any]) -> None:
        language, known = "zh" if reads_chinese() else "en", policy_catalogue()
        before, after = (_shaped(options[side]) for side in ("before", "after"))
        found = differences(before, after)
        for difference in found:
            self.stdout.write(f"{difference.path}: {difference.text(gettext, language, known)}")
        if not found:
            self._done(gettext("They do the same."))

    def act_evaluate(self, options: dict[str, Any]) -> None:
        known = _catalogue(catalogue(), options["metrics"])
        document = load(document_named(options["criteria"]), known)
        facts = FactsFile(
            options["facts"], document, known, id_column=options["id"], outcome_column=options["outcome"]
        )
        if facts.absent:
            self.stderr.write(
                gettext("No columns for %(names)s: they count as not known.")
                % {"names": ", ".join(facts.absent)}
            )
        overlays = frozenset(filter(None, options["overlays"].split(",")))
        tally = Evaluation(document, known, facts, options["engine"], overlays).run(options["out"])
        self._done(_counts(tally, [tier.key for tier in document.tiers]))
        if options["outcome"]:
            self.stdout.write(_told_apart(tally))

    def act_calibrate(self, options: dict[str, Any]) -> None:
        # Only here: scikit-learn takes a second to import.
        from tiering.calibration.on_file import calibrated
        from tiering.management.calibration_lines import trial_lines

        known = _catalogue(catalogue(), options["metrics"])
        data = document_named(options["criteria"])
        facts = FactsFile(options["facts"], load(data, known), known, outcome_column=options["outcome"])
        trial = calibrated(data, known, facts, options["seed"])
        for line in trial_lines(trial):
            self.stdout.write(line)
        if options["out"]:
            self._write(WRITERS["json"](trial.proposal.document), options["out"])

    def act_validate(self, options: dict[str, Any]) -> None:
        for line in validated(options):
            self.stdout.write(line)

    def act_test(self, options: dict[str, Any]) -> None:
        known = _catalogue(catalogue(), options["metrics"])
        document = load(document_named(options["document"]), known)
        cases = cases_named(options["document"], options["cases"], document, known)
        verdicts = run_cases(document, cases)
        for covered in coverage(document, verdicts):
            self.stdout.write(covered_line(covered))
        if failing := [line for verdict in verdicts for line in failure_lines(verdict, document)]:
            raise CommandError("\n".join(failing))
        self._done(passed_line(len(cases)))

    def act_import(self, options: dict[str, Any]) -> None:
        document = template(options["template"]) if options["template"] else json_in(options["file"])
        version = load_criteria(document=document, author=_user(options["author"]))
        if options["approver"]:
            version = put_in_effect(
                version=version,
                approver=_user(options["approver"]),
                effective_from=_moment(options["effective_from"]),
                purpose=options["purpose"] or gettext("Imported."),
            )
        self._done(
            gettext("%(scheme)s: version %(number)s, %(status)s.")
            % {
                "scheme": version.criteria.scheme.key,
                "number": version.number,
                "status": version.get_status_display(),
            }
        )

    def act_export(self, options: dict[str, Any]) -> None:
        out: Path | None = options["out"]
        by_name = "yaml" if out and out.suffix in YAML_SUFFIXES else "json"
        write = WRITERS[options["format"] or by_name]
        self._write(write(document_named(options["document"])), out)

    def act_schema(self, options: dict[str, Any]) -> None:
        self._write(schema_text(), options["out"])

    def act_templates(self, options: dict[str, Any]) -> None:
        language = "zh" if reads_chinese() else "en"
        for key in template_keys():
            document = template(key)
            self.stdout.write(self.style.MIGRATE_HEADING(f"{key}: {document['label'][language]}"))
            self.stdout.write(f"  {document['note'][language]}")

    def _write(self, text: str, out: Path | None) -> None:
        if out is None:
            self.stdout.write(text, ending="")
            return
        out.write_text(text, "utf-8")
        self._done(gettext("Written to %(file)s.") % {"file": out})

    def _done(self, text: str) -> None:
        self.stdout.write(self.style.SUCCESS(text))


def _catalogue(known: Catalogue, own: Path | None) -> Catalogue:
    """The metrics that are known, with those that a file declares."""
    return known if own is None else with_own_metrics(known, json_in(own))


def _shaped(name: str) -> Any:
    """A document that has the shape of one; whether it makes sense is not asked."""
    document = document_named(name)
    if refusals := shape_refusals(document):
        raise CriteriaRefused(refusals)
    return document


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(gettext("There is no user named “%(name)s”.") % {"name": username})
    return user


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = parse_datetime(text)
    if moment is None:
        raise CommandError(
            gettext("“%(text)s” is not a date and time such as 2026-01-31T00:00.") % {"text": text}
        )
    return make_aware(moment) if is_naive(moment) else moment


def _lines(refusals: Sequence[Refusal]) -> list[str]:
    return [f"{r.path}: {r.text(gettext)} {r.remedy(gettext)}" for r in refusals]


def _counts(tally: Tally, tiers: Sequence[str]) -> str:
    """How many subjects there are, and how many in each tier."""
    subjects = ngettext("%(count)s subject", "%(count)s subjects", tally.count) % {"count": tally.count}
    return f"{subjects}: " + ", ".join(f"{key} {tally.tiers[rank]}" for rank, key in enumerate(tiers))


def _told_apart(tally: Tally) -> str:
    """How well the score told the outcome apart."""
    found = tally.discrimination
    if found is None:
        return gettext("AUC and Gini need subjects with the outcome and subjects without it.")
    return gettext("AUC %(auc)s, Gini %(gini)s: %(bad)s with the outcome, %(good)s without it.") % {
        "auc": f"{float(found.auc):.4f}",
        "gini": f"{float(found.gini):.4f}",
        "bad": found.bad,
        "good": found.good,
    }
