"""A file as a header and rows of text cells, whatever it is: CSV, TSV, XLSX, XLS, ARFF, and gzip of the text ones."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.conf import settings

from crm.imports import arff, workbook
from crm.imports.errors import (
    CellTooLong,
    DamagedTable,
    DuplicateHeader,
    EmptyFile,
    FileTooLarge,
    HasTitle,
    IsWebPage,
    NoRows,
    NotText,
    TooManyColumns,
    TooManyRows,
)
from crm.imports.text import decode

MAX_COLUMNS = 500
MAX_ROWS = 200_000
MAX_CELL = 20_000
# A compressed file may hold this many times the bytes a plain one may have.
INFLATION = 4
DELIMITERS = ",;\t|"
SNIFFED_ROWS = 50
PASSED_OVER = ("# strata", "sep=")
"""How a first line begins that is not the header: who took an export of ours, and Excel's word on the separator."""
NO_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")
"""How papers, pictures and other archives begin: told apart from text before its encoding is looked for."""
WEB_PAGE = re.compile(r"\s*<(!doctype|html|head|meta|body|table|\?xml)\b", re.IGNORECASE)
"""Many systems call a web page, or its like in XML, .xls."""

Row = tuple[int, list[str]]
"""The line of the file a row starts at (of a workbook: its row) and its cells."""


@dataclass(frozen=True)
class Table:
    """`rows` can be gone through once; going through it may still raise UnreadableFile's kinds."""

    header: list[str]
    rows: Iterator[Row]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


def read_table(name: str, data: bytes, encoding: str = "") -> Table:
    """Read a file. The content decides what it is; the name only tells ARFF from other text.

    Raises UnreadableFile's kinds, each with what to do about it.
    """
    if len(data) > settings.IMPORT_MAX_BYTES:
        raise FileTooLarge(limit=settings.IMPORT_MAX_BYTES // 2**20)
    if data.startswith(b"\x1f\x8b"):
        data = _inflated(data)
    if not data.strip():
        raise EmptyFile
    if data.startswith(NO_TABLES):
        raise NotText
    if workbook.is_workbook(data):
        sheet, rows = workbook.read(data)
        return _table(rows, encoding="xlsx", sheet=sheet)
    text, found = decode(data, encoding)
    if WEB_PAGE.match(text):
        raise IsWebPage
    if name.lower().removesuffix(".gz").endswith(".arff"):
        return _table(arff.read(text), encoding=found, delimiter=",")
    delimiter = sniff(text)
    return _table(_records(text, delimiter), encoding=found, delimiter=delimiter)


def _inflated(data: bytes) -> bytes:
    limit = settings.IMPORT_MAX_BYTES * INFLATION
    try:
        with gzip.open(io.BytesIO(data)) as file:
            inflated = file.read(limit + 1)
    except (OSError, EOFError) as error:
        raise NotText from error
    if len(inflated) > limit:
        raise FileTooLarge(limit=limit // 2**20)
    return inflated


def sniff(text: str) -> str:
    """The separator that cuts the first rows into the most columns alike; a comma where nothing does."""

    def evidence(delimiter: str) -> tuple[float, int]:
        widths: list[int] = []
        try:
            for _, cells in _records(text, delimiter):
                widths.append(len(cells))
                if len(widths) == SNIFFED_ROWS:
                    break
        except (DamagedTable, CellTooLong):
            pass
        if not widths or widths[0] == 1:
            return 0.0, 0
        return widths.count(widths[0]) / len(widths), widths[0]

    best = max(DELIMITERS, key=evidence)
    return best if evidence(best)[1] else ","


def _records(text: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        if "field larger" in str(error):
            raise CellTooLong(line=line, limit=MAX_CELL) from error
        raise DamagedTable(line=line) from error


def _table(rows: Iterable[Row], **how: str) -> Table:
    iterator = iter(rows)
    first = next(iterator, None)
    while first and first[1] and first[1][0].lower().startswith(PASSED_OVER):
        first = next(iterator, None)
    if first is None:
        raise EmptyFile
    header, second = _header(first[1]), next(iterator, None)
    if second and len(named := _filled(first[1])) == 1 < len(_filled(second[1])):
        raise HasTitle(line=first[0], name=named[0])
    return Table(header=header, rows=_counted(chain([second] if second else [], iterator)), **how)


def _filled(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in cells if cell.strip()]


def _header(cells: list[str]) -> list[str]:
    """Column names, blanks tidied; a column without a name is called by its place, `#4`."""
    if len(cells) > MAX_COLUMNS:
        raise TooManyColumns(columns=len(cells), limit=MAX_COLUMNS)
    names = [" ".join(cell.split()) or f"#{place}" for place, cell in enumerate(cells, 1)]
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise DuplicateHeader(name=name)
        seen.add(name)
    return names


def _counted(rows: Iterator[Row]) -> Iterator[Row]:
    count = 0
    for count, (line, cells) in enumerate(rows, 1):
        if count > MAX_ROWS:
            raise TooManyRows(limit=MAX_ROWS)
        if any(len(cell) > MAX_CELL for cell in cells):
            raise CellTooLong(line=line, limit=MAX_CELL)
        yield line, cells
    if count == 0:
        raise NoRows
