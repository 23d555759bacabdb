"""A file as a header and rows of text cells, whatever it is: CSV, TSV, XLSX, XLS, ARFF, and gzip of the text ones."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings

from crm.imports import arff, workbook
from crm.imports.errors import (
    CellTooLong,
    DamagedTable,
    DuplicateHeader,
    EmptyFile,
    FileTooLarge,
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
EXPORTED = "# Strata"
"""What the first line of an export of ours begins with: who took it. It is not the header."""

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
    if workbook.is_workbook(data):
        sheet, rows = workbook.read(data)
        return _table(rows, encoding="xlsx", sheet=sheet)
    text, found = decode(data, encoding)
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
    if first and first[1] and first[1][0].startswith(EXPORTED):
        first = next(iterator, None)
    if first is None:
        raise EmptyFile
    return Table(header=_header(first[1]), rows=_counted(iterator), **how)


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
