"""Test cases for ``manage.py criteria test``: where they come from, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext, ngettext

from tiering.case_files import read_cases
from tiering.core.cases import Case, Verdict
from tiering.core.coverage import Covered
from tiering.core.document import Document
from tiering.core.metric import Catalogue
from tiering.criteria_files import SUFFIXES, version_named
from tiering.pages.cases import fault_text
from tiering.pages.covered import KINDS
from tiering.selectors.criteria_tests import case_of, kept_tests


def cases_named(name: str, file: Path | None, document: Document, known: Catalogue) -> list[Case]:
    """The cases of a file, else those of the stored criteria that are named; a document in a file has none.

    Raises CasesRefused, NoSuchCriteria or OSError.
    """
    if file is not None:
        return read_cases(file.read_bytes(), document, known, file.name)
    if Path(name).suffix in SUFFIXES or Path(name).exists():
        return []
    return [case_of(row) for row in kept_tests(version_named(name))]


def failure_lines(verdict: Verdict, document: Document) -> Iterator[str]:
    """What does not come out as expected, a line for each."""
    for fault in verdict.faults:
        yield f"{verdict.case.name}: {fault_text(fault, document)}"


def covered_line(covered: Covered) -> str:
    """How much of a kind is exercised."""
    told = {"kind": gettext(KINDS[covered.kind]), "count": covered.count, "total": covered.total}
    return gettext("%(kind)s: %(count)s of %(total)s") % told


def passed_line(count: int) -> str:
    """That every case passes."""
    text = ngettext("%(count)d test case passes.", "%(count)d test cases pass.", count)
    return text % {"count": count} if count else gettext("There are no test cases.")
