"""Rows to a table by COPY."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any

from django.db import connection

BATCH = 5_000
ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
MEANT = re.compile(r"[\\\t\n\r]")
"""What COPY reads as its own."""


class CopyInto:
    """Gathers rows and sends them in batches; leaving the `with` block sends the rest.

    None is NULL and a list of texts an array.
    """

    def __init__(self, table: str, columns: Sequence[str]):
        names = ", ".join(f'"{column}"' for column in columns)
        self.statement = f'COPY "{table}" ({names}) FROM STDIN'
        self.lines: list[str] = []
        self.count = 0

    def add(self, row: Iterable[Any]) -> None:
        self.lines.append("\t".join(map(_encode, row)) + "\n")
        self.count += 1
        if len(self.lines) >= BATCH:
            self.send()

    def send(self) -> None:
        if self.lines:
            with connection.cursor() as cursor:
                cursor.copy_expert(self.statement, io.StringIO("".join(self.lines)))
            self.lines = []

    def __enter__(self) -> CopyInto:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.send()


def _encode(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, list):
        value = "{" + ",".join(map(_element, value)) + "}"
    text = str(value)
    return text.translate(ESCAPED) if MEANT.search(text) else text


def _element(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
