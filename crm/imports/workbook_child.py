"""Run as a script: a workbook on standard input becomes JSON lines on standard output, under limits of its own."""

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta

MEMORY = 1 * 2**30
CPU_SECONDS = 20
MAX_OUTPUT = 60 * 2**20
UNREADABLE, OVERSIZED, EMPTY = 3, 4, 5


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def as_text(value: object) -> str:
    """A cell as somebody would type it: 3 and not 3.0, dates as 2025-03-31."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def main() -> int:
    limit()
    from python_calamine import CalamineError, CalamineWorkbook

    data = sys.stdin.buffer.read()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            written = write_sheet(name, book.get_sheet_by_name(name))
            if written:
                return 0 if written < MAX_OUTPUT else OVERSIZED
    except CalamineError:
        return UNREADABLE
    return EMPTY


def write_sheet(name: str, sheet) -> int:
    """Write the sheet's rows that hold anything; how many bytes, 0 for an empty sheet."""
    written = 0
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = [as_text(cell) for cell in cells]
        if not any(text.strip() for text in texts):
            continue
        lines = ([json.dumps(name)] if not written else []) + [json.dumps([number, texts])]
        written += sum(sys.stdout.write(line + "\n") for line in lines)
        if written >= MAX_OUTPUT:
            break
    return written


if __name__ == "__main__":
    sys.exit(main())
