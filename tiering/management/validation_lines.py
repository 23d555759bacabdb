"""What ``manage.py criteria validate`` says: the report of a validation as plain text, and nothing is kept of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from tiering.criteria_files import version_named
from tiering.management.options import day_of
from tiering.models import Validation
from tiering.pages.text_tables import GAP, text_table
from tiering.pages.validation import Report
from tiering.pages.validation_sections import paper
from tiering.paper import Block, Table
from tiering.selectors.validations import first_day, longest_horizon, month_ends
from tiering.services.questions import MOST_DAYS, check_terms
from tiering.services.validations import figures


def validated(options: dict[str, Any]) -> Iterator[str]:
    """The report on stored criteria, line by line. Raises CommandError or DomainError."""
    version, today = version_named(options["scheme"]), timezone.localdate()
    months = options["months"] or longest_horizon(first_day(), today)
    days = _days(options["days"]) or month_ends(first_day(), today, months, MOST_DAYS)
    chosen = check_terms(version, days, options["outcome"], months)
    found = figures(version, chosen, options["outcome"], months, options["basis"])
    asked = Validation(
        version=version,
        days=chosen,
        outcome=options["outcome"],
        months=months,
        basis=options["basis"],
        findings=found,
    )
    return report_lines(Report(asked))


def report_lines(report: Report) -> Iterator[str]:
    """Everything but the plots and the formulas."""
    told = paper(report)
    yield told.title
    yield told.subtitle
    yield from text_table([[name, value] for name, value in told.details])
    for section in told.sections:
        lines = [line for block in section.blocks for line in _lines(block)]
        if lines:
            yield from ("", section.title, *(f"{GAP}{line}" for line in lines))


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, str):
        yield block
    elif isinstance(block, Table):
        yield from text_table([block.head, *block.rows])


def _days(text: str) -> Sequence[date]:
    return [day_of(part.strip()) for part in text.split(",") if part.strip()]
