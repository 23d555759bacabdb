"""Rows of a SELECT as columns, by COPY in binary: no row becomes a Python object.

Every expression is cast to a type of fixed width and is never NULL, so each row takes the same number of bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final, Literal

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from tiering.preview.snapshot import private_file
from tiering.services.planner import over_the_book, planning

Kind = Literal["f8", "i8", "i4", "i2", "u1"]
Progress = Callable[[int], None]
"""Told how many rows have come."""

_WIRE: Final[Mapping[Kind, tuple[str, str]]] = {
    "f8": ("float8", ">f8"),
    "i8": ("int8", ">i8"),
    "i4": ("int4", ">i4"),
    "i2": ("int2", ">i2"),
    "u1": ("int2", ">i2"),
}
"""By kind the type in Postgres and in the stream; a kind is what is stored."""
_HEADER: Final = 19
_TRAILER: Final = b"\xff\xff"
_CHUNK: Final = 2**23


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name, the SQL expression of its value, and what it is stored as."""

    name: str
    sql: str
    kind: Kind


def number(name: str, sql: str) -> Field:
    """A number, NaN where it is not known."""
    return Field(name, f"coalesce(({sql})::float8, 'NaN'::float8)", "f8")


def copy_columns(
    fields: Sequence[Field], source: str, params: Mapping[str, Any], folder: Path, progress: Progress
) -> int:
    """Write a column for each field into a folder, as ``<name>.npy``; ``source`` is what stands after SELECT …. The
    number of rows."""
    files = [private_file(folder / f"{one.name}.npy") for one in fields]
    try:
        for one, file in zip(fields, files, strict=True):
            _write_header(file, one.kind, 0)
        sink = _Sink(fields, files, progress)
        _copy(fields, source, params, sink)
        rows = sink.finish()
        for one, file in zip(fields, files, strict=True):
            file.seek(0)
            _write_header(file, one.kind, rows)
    finally:
        for file in files:
            file.close()
    return rows


def load_columns(
    fields: Sequence[Field],
    source: str,
    params: Mapping[str, Any],
    *,
    planned: Mapping[str, str] | None = None,
    beside: Path | None = None,
    prefix: str = "strata-columns-",
    progress: Progress = lambda rows: None,
) -> dict[str, NDArray[Any]]:
    """The columns by name, by way of a folder that is gone then: ``beside``, else where temporary files are, so that a
    killed process leaves what is swept by its ``prefix``. The statement reads the whole book, with the settings
    ``planned``."""
    with TemporaryDirectory(dir=beside, prefix=prefix) as folder:
        with transaction.atomic(), connection.cursor() as cursor, planning(cursor, dict(planned or {})):
            over_the_book(cursor)
            copy_columns(fields, source, params, Path(folder), progress)
        return {one.name: np.load(Path(folder) / f"{one.name}.npy") for one in fields}


def _copy(fields: Sequence[Field], source: str, params: Mapping[str, Any], sink: _Sink) -> None:
    columns = ", ".join(f"({one.sql})::{_WIRE[one.kind][0]}" for one in fields)
    with connection.cursor() as wrapped:
        cursor = wrapped.cursor
        select = cursor.mogrify(f"SELECT {columns} {source}", params).decode()
        cursor.copy_expert(f"COPY ({select}) TO STDOUT (FORMAT binary)", sink)


def _write_header(file: IO[bytes], kind: Kind, rows: int) -> None:
    """The header of an array of so many values; of the same length whatever their number, as NumPy leaves room."""
    about = {"descr": np.dtype(kind).str, "fortran_order": False, "shape": (rows,)}
    np.lib.format.write_array_header_1_0(file, about)


@dataclass
class _Sink:
    """Takes the stream as it comes and hands it on in large pieces."""

    fields: Sequence[Field]
    files: Sequence[IO[bytes]]
    progress: Progress
    rows: int = 0
    _waiting: list[bytes] = field(default_factory=list)
    _size: int = 0
    _begun: bool = False

    def write(self, data: bytes) -> None:
        self._waiting.append(data)
        self._size += len(data)
        if self._size > _CHUNK:
            self._hand_on()

    def finish(self) -> int:
        """Hand on the rest; the number of rows."""
        self._hand_on()
        if b"".join(self._waiting) != _TRAILER:
            raise ValueError("The stream ended in the middle of a row.")
        return self.rows

    def _hand_on(self) -> None:
        data = b"".join(self._waiting)
        if not self._begun:
            data, self._begun = data[_HEADER:], True
        row = self._row
        count = len(data) // row.itemsize
        rows = np.frombuffer(data, row, count)
        self._check(rows)
        for number, (one, file) in enumerate(zip(self.fields, self.files, strict=True)):
            file.write(rows[f"value{number}"].astype(one.kind).data)
        self.rows += count
        self._waiting = [data[count * row.itemsize :]]
        self._size = len(self._waiting[0])
        self.progress(self.rows)

    @property
    def _row(self) -> np.dtype[Any]:
        """How a row stands in the stream: the number of fields, then of each its length and its value."""
        parts: list[tuple[str, str]] = [("fields", ">i2")]
        for number, one in enumerate(self.fields):
            parts += [(f"length{number}", ">i4"), (f"value{number}", _WIRE[one.kind][1])]
        return np.dtype(parts)

    def _check(self, rows: NDArray[Any]) -> None:
        widths = [np.dtype(_WIRE[one.kind][1]).itemsize for one in self.fields]
        right = (rows["fields"] == len(self.fields)).all() and all(
            (rows[f"length{number}"] == width).all() for number, width in enumerate(widths)
        )
        if not right:
            raise ValueError("A value is not as wide as its type.")
