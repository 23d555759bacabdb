"""A list as CSV or XLSX: piece by piece, safe from formulas, and marked with who took it, when and what it is."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from crm.exporting.sources import Cell, Exportable, Row
from crm.imports.error_file import disarmed

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MARK = "# "
"""What the first line of a text file begins with; an import passes over it."""
SHEET = 1_000_000
CHUNK = 2**16


@dataclass
class Sending:
    """A list on its way out: at most `limit` rows of it, in a language, under a mark; `sent` counts them."""

    listed: Exportable
    language: str
    mark: str
    limit: int
    sent: int = 0

    def rows(self) -> Iterator[list[Row]]:
        """The language is set for as long as a part is made, not while the reader has it."""
        parts = self.listed.parts()
        while self.sent < self.limit:
            with translation.override(self.language):
                part = next(parts, None)
            if part is None:
                return
            part = part[: self.limit - self.sent]
            self.sent += len(part)
            yield part

    def header(self) -> list[str]:
        with translation.override(self.language):
            return [str(column.label) for column in self.listed.columns]


def as_csv(sending: Sending) -> Iterator[bytes]:
    """A byte-order mark tells spreadsheets that it is UTF-8."""
    yield ("\ufeff" + _line([MARK + sending.mark]) + _line(sending.header())).encode()
    for part in sending.rows():
        yield "".join(map(_line, part)).encode()


def as_xlsx(sending: Sending) -> Iterator[bytes]:
    """Made in a file of its own, a row at a time, and sent from there."""
    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "remove_timezone": True})
        book.set_properties({"title": _("Export"), "comments": sending.mark})
        sheet = book.add_worksheet()
        sheet.set_footer("&L&8" + sending.mark.replace("&", "&&")[:240])
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 0)
        for place, label in enumerate(sending.header()):
            sheet.write_string(0, place, label, bold)
        number = 0
        for part in sending.rows():
            for row in part:
                number += 1
                for place, cell in enumerate(row):
                    _write(sheet, number, place, cell, day)
        book.close()
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def _write(sheet: Any, row: int, place: int, cell: Cell, day: Any) -> None:
    """Texts are written as texts, so that none becomes a formula."""
    match cell:
        case None | "":
            return
        case bool() | str():
            sheet.write_string(row, place, str(cell))
        case int() | float() | Decimal():
            sheet.write_number(row, place, float(cell))
        case datetime() | date():
            sheet.write_datetime(row, place, cell, day)


def _line(cells: list[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([_text(cell) for cell in cells])
    return buffer.getvalue()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell.isoformat(" ", "minutes") if isinstance(cell, datetime) else disarmed(str(cell))
