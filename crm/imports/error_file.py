"""The refused rows as a file to mend and upload again: the cells as they came, then why and how to mend it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from django.utils.translation import gettext as _

from crm.imports.messages import Explanation, explain
from crm.models import ImportIssue, ImportJob, ImportRow

PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?%?")
DANGEROUS = "=+-@|%"


def disarmed(text: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    Spreadsheets skip blanks, control characters and byte-order marks before a formula, and read full-width signs as
    their narrow ones; all of that is looked through. Plain numbers stay as they are.
    """
    if PLAIN_NUMBER.fullmatch(text):
        return text
    seen = unicodedata.normalize("NFKC", text)
    first = next(
        (char for char in seen if not char.isspace() and unicodedata.category(char)[0] not in "CZ"), ""
    )
    dangerous = first in DANGEROUS if first else False
    return f"'{text}" if dangerous or text.startswith(("\t", "\r", "\n")) else text


def write(job: ImportJob) -> Iterator[str]:
    """The file, piece by piece, in the reader's language; a byte-order mark tells spreadsheets that it is UTF-8."""
    yield "\ufeff" + _line([*job.header, _("Line"), _("Field"), _("Reason"), _("How to mend it")])
    cells = ImportRow.objects.filter(job=job, outcome=ImportRow.Outcome.REFUSE).order_by("line")
    issues = ImportIssue.objects.filter(job=job).order_by("line", "id").iterator(chunk_size=2_000)
    by_line = {line: list(found) for line, found in groupby(issues, attrgetter("line"))}
    for row in cells.iterator(chunk_size=2_000):
        found = [explain(issue, job) for issue in by_line.get(row.line, ())]
        yield _line([*_padded(row.cells, len(job.header)), str(row.line), *_reasons(found)])


def _reasons(found: list[Explanation]) -> list[str]:
    return ["\n".join(getattr(each, part) for each in found) for part in ("field", "reason", "fix")]


def _padded(cells: list[str], width: int) -> list[str]:
    """As many cells as the header has; what is beyond stays readable in the last."""
    if len(cells) > width:
        return [*cells[: width - 1], " ".join(cells[width - 1 :])]
    return cells + [""] * (width - len(cells))


def _line(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([disarmed(cell) for cell in cells])
    return buffer.getvalue()
