"""The arguments of ``manage.py criteria``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings

from tiering.criteria_files import WRITERS
from tiering.evaluation.run import ENGINES
from tiering.models import Validation
from tiering.validation.outcomes import OUTCOMES

METRICS_HELP = "a JSON list of metrics that the catalogue does not have"
DOCUMENT_HELP = "a file, or stored criteria such as aa_a_b or aa_a_b@2"


def add_acts(parser: ArgumentParser) -> None:
    """Every act with its arguments; the chosen one is in ``act``."""
    acts = parser.add_subparsers(dest="act", required=True)
    _check(acts.add_parser("check", help="say everything that stands against publishing documents"))
    _diff(acts.add_parser("diff", help="say what two documents do differently"))
    _evaluate(acts.add_parser("evaluate", help="assess the rows of a CSV of metrics"))
    _test(acts.add_parser("test", help="run the test cases of a document and say which fail"))
    _validate(acts.add_parser("validate", help="hold stored criteria against what became of clients"))
    _calibrate(
        acts.add_parser(
            "calibrate", help="propose bands and weights on half of a CSV, and try them on the other"
        )
    )
    _import(
        acts.add_parser("import", help="store a document as a draft, and have a second person publish it")
    )
    _export(acts.add_parser("export", help="write stored criteria as a document"))
    _out(acts.add_parser("schema", help="write the JSON Schema of documents"))
    acts.add_parser("templates", help="list the documents that ship, with their sources")
    for act in acts.choices.values():
        act.add_argument(
            "--language",
            choices=[code for code, _ in settings.LANGUAGES],
            help="the language of what is said",
        )


def _check(act: ArgumentParser) -> None:
    act.add_argument("documents", nargs="+", metavar="DOC", help=DOCUMENT_HELP)
    act.add_argument("--metrics", type=Path, metavar="FILE.json", help=METRICS_HELP)


def _diff(act: ArgumentParser) -> None:
    act.add_argument("before", metavar="A", help=DOCUMENT_HELP)
    act.add_argument("after", metavar="B", help=DOCUMENT_HELP)


def _evaluate(act: ArgumentParser) -> None:
    act.add_argument("--criteria", required=True, metavar="DOC", help=DOCUMENT_HELP)
    act.add_argument("--facts", required=True, type=Path, metavar="FILE.csv", help="a column for each metric")
    act.add_argument("--engine", choices=ENGINES, default="sql", help="both give the same (default: sql)")
    act.add_argument("--out", required=True, type=Path, metavar="FILE.csv", help="where results are written")
    act.add_argument(
        "--id", help="the column that names the subject (default: client_id or id, else counted)"
    )
    act.add_argument(
        "--outcome", metavar="COLUMN", help="a column of 0 and 1; says AUC and Gini of the score"
    )
    act.add_argument("--overlays", default="", metavar="KEY,KEY", help="overlays that are switched on")
    act.add_argument("--metrics", type=Path, metavar="FILE.json", help=METRICS_HELP)


def _test(act: ArgumentParser) -> None:
    act.add_argument("document", metavar="DOC", help=DOCUMENT_HELP)
    act.add_argument(
        "--cases", type=Path, metavar="CSV", help="a row for each case (default: those of stored criteria)"
    )
    act.add_argument("--metrics", type=Path, metavar="FILE.json", help=METRICS_HELP)


def _calibrate(act: ArgumentParser) -> None:
    act.add_argument("--criteria", required=True, metavar="DOC", help=DOCUMENT_HELP)
    act.add_argument("--facts", required=True, type=Path, metavar="FILE.csv", help="a column for each metric")
    act.add_argument("--outcome", required=True, metavar="COLUMN", help="a column of 0 and 1: 1 is bad")
    act.add_argument("--seed", type=int, default=0, help="draws the halves (default: 0)")
    act.add_argument("--metrics", type=Path, metavar="FILE.json", help=METRICS_HELP)
    _out(act)


def _validate(act: ArgumentParser) -> None:
    act.add_argument("scheme", metavar="SCHEME[@VERSION]", help="without a version the published one")
    act.add_argument(
        "--days",
        default="",
        metavar="DAY,DAY",
        help="ISO dates as of whose ends clients are looked at (default: every month end that can be asked)",
    )
    act.add_argument("--outcome", choices=list(OUTCOMES), default="default", help="default: default")
    act.add_argument(
        "--months",
        type=int,
        help="within which the outcome counts (default: 12, or what the past has room for)",
    )
    act.add_argument(
        "--basis",
        choices=Validation.Basis.values,
        default=Validation.Basis.HELD.value,
        help="tiers as they were in force, or as the version would have placed",
    )


def _import(act: ArgumentParser) -> None:
    source: Any = act.add_mutually_exclusive_group(required=True)
    source.add_argument("file", nargs="?", type=Path, metavar="FILE")
    source.add_argument("--template", metavar="NAME", help="a document that ships, see `criteria templates`")
    act.add_argument("--author", required=True, help="user name of the author")
    act.add_argument("--approver", help="user name of a second person, who publishes it at once")
    act.add_argument("--purpose", help="what changes and why (default: that it was imported)")
    act.add_argument("--effective-from", help="ISO date and time from which it is in effect (default: now)")


def _export(act: ArgumentParser) -> None:
    act.add_argument("document", metavar="SCHEME[@VERSION]", help="without a version the published one")
    act.add_argument("--format", choices=list(WRITERS), help="by the name of the file if left out, else json")
    _out(act)


def _out(act: ArgumentParser) -> None:
    act.add_argument("--out", type=Path, metavar="FILE", help="instead of showing it")
