"""Tables as an Excel workbook to be printed and filtered: heads that stay, widths, formats of numbers, A4 landscape.

Texts are written as texts whatever they begin with, so that none becomes a formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final, Literal

from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL: Final = 32_000
LONGEST_TITLE: Final = 31
A4: Final = 9

Cell = str | float | bool | date | datetime | None
Kind = Literal["text", "number", "percent", "points", "count", "share", "days", "money", "score"]

_NUMBERS: Final[Mapping[Kind, str]] = {
    "text": "@",
    "number": "#,##0.########",
    "percent": "0.##%",
    "points": "0.########",
    "count": "#,##0",
    "share": "0.00%",
    "days": "0.0",
    "money": "#,##0.00",
    "score": "0.000",
}
_DATES: Final = "yyyy-mm-dd hh:mm"
_DAYS: Final = "yyyy-mm-dd"
_FORMULA: Final = ("=", "+", "-", "@")
_TOP: Final = {"valign": "top", "text_wrap": True, "font_size": 10}
_HEAD: Final = {
    "bold": True,
    "bg_color": "#E8ECF1",
    "bottom": 1,
    "valign": "top",
    "text_wrap": True,
    "font_size": 10,
}


@dataclass(frozen=True)
class Column:
    """A column of a table; `width` in characters. `kind` says how its numbers are shown: percentages and shares are
    fractions."""

    title: str
    width: int
    kind: Kind = "text"


@dataclass(frozen=True)
class Sheet:
    """A table. A cell that is None stays empty."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]] = field(default_factory=list)


def workbook(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """The content of an Excel file; `title` stands at the head of each printed page."""
    out = BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title})
    styles = _Styles(book)
    for sheet in sheets:
        _write(book.add_worksheet(_tab(sheet.title)), sheet, styles, title)
    book.close()
    return out.getvalue()


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, bool], Any] = {}
        self.head = book.add_format(_HEAD)

    def of(self, numbers: str, quoted: bool = False) -> Any:
        """`quoted`: text that stays text even when somebody edits its cell."""
        key = numbers, quoted
        if key not in self._made:
            self._made[key] = self._book.add_format({**_TOP, "num_format": numbers, "quote_prefix": quoted})
        return self._made[key]


def _write(page: Worksheet, sheet: Sheet, styles: _Styles, title: str) -> None:
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        page.write_string(0, place, column.title, styles.head)
    for line, row in enumerate(sheet.rows, 1):
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _put(page, line, place, value, column.kind, styles)
    page.freeze_panes(1, 0)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    page.repeat_rows(0)
    page.set_header("&L " + title.replace("&", "&&")[:200] + "&R&A")
    page.set_footer("&R&P / &N")


def _put(page: Worksheet, line: int, place: int, value: Cell, kind: Kind, styles: _Styles) -> None:
    match value:
        case None | "":
            page.write_blank(line, place, None, styles.of("@"))
        case bool():
            page.write_boolean(line, place, value, styles.of("@"))
        case datetime():
            local = timezone.localtime(value).replace(tzinfo=None)
            page.write_datetime(line, place, local, styles.of(_DATES))
        case date():
            page.write_datetime(line, place, datetime(value.year, value.month, value.day), styles.of(_DAYS))
        case str():
            quoted = value.startswith(_FORMULA)
            page.write_string(line, place, value[:LONGEST_CELL], styles.of("@", quoted))
        case _:
            page.write_number(
                line, place, value, styles.of(_NUMBERS[kind] if kind != "text" else _NUMBERS["number"])
            )


def _tab(title: str) -> str:
    """A title without the characters that the name of a sheet may not have."""
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in title).strip("'")[:LONGEST_TITLE]
