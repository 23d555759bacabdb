"""Workbooks (XLSX, XLS), read by a child process that may use only so much memory and time.

A workbook can be a bomb: a few hundred kilobytes that unpack to gigabytes. Its declared sizes are looked at first; as
they can lie, the child's limits are what holds.
"""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from crm.imports.errors import (
    DamagedWorkbook,
    EmptyFile,
    HasControlCharacters,
    NotAWorkbook,
    OversizedWorkbook,
)

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_ENTRIES = 1_000
MAX_UNPACKED = 150 * 2**20
SECONDS = 25
NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
CHILD = Path(__file__).with_name("workbook_child.py")
# The child's exit codes; anything else but 0 is a crash, which memory limits cause.
UNREADABLE, OVERSIZED, EMPTY = 3, 4, 5


def is_workbook(data: bytes) -> bool:
    return data.startswith((ZIP, OLE))


def read(data: bytes) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """The name of the first sheet that holds anything, and its rows as text with their row numbers."""
    if data.startswith(ZIP):
        _inspect(data)
    try:
        done = subprocess.run(  # noqa: S603 - our own script; the file comes in by standard input
            [sys.executable, "-I", str(CHILD)],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise OversizedWorkbook from error
    if done.returncode == UNREADABLE:
        raise DamagedWorkbook
    if done.returncode == EMPTY:
        raise EmptyFile
    if done.returncode:
        raise OversizedWorkbook
    sheet, *rows = done.stdout.splitlines()
    return json.loads(sheet), map(_clean_row, rows)


def _clean_row(encoded: bytes) -> tuple[int, list[str]]:
    number, cells = json.loads(encoded)
    if any(NOT_TEXT.search(cell) for cell in cells):
        raise HasControlCharacters(line=number)
    return number, cells


def _inspect(data: bytes) -> None:
    try:
        entries = zipfile.ZipFile(BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise DamagedWorkbook from error
    if not any(entry.filename.lower().startswith("xl/") for entry in entries):
        raise NotAWorkbook
    if any(entry.flag_bits & 0x1 for entry in entries):  # encrypted
        raise DamagedWorkbook
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise OversizedWorkbook
