"""Subjects from a CSV of metrics.

The header names the columns: metrics by their keys, ``<metric>@days`` for how old a value is, ``held`` and
``held_days`` for the tier in force, ``project_id`` for a subject that is a client within a project. Columns that the
document does not read are passed over. Rows are counted by their first lines, so the header is row 1.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from tiering.core.document import Document
from tiering.core.metric import Catalogue, Facts
from tiering.core.refusals import Refusal
from tiering.core.terms import Ages
from tiering.core.texts import N_
from tiering.evaluation import cells
from tiering.evaluation.facts_header import AGE, HELD, HELD_DAYS, ID_COLUMNS, PROJECT, header_refusals
from tiering.evaluation.refusals import FactsRefused

MOST_REFUSALS: Final = 20
Record = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Subject:
    """One row. ``held`` is the rank of the tier in force, ``outcome`` None where the file does not say."""

    row: int
    id: str
    project: str
    outcome: bool | None
    facts: Facts
    ages: Ages
    held: int | None
    held_days: int


class FactsFile:
    """A CSV of metrics, read for one document as often as ``subjects`` is called.

    Raises FactsRefused when the file cannot be read or its header cannot be used.
    """

    def __init__(
        self,
        path: Path,
        document: Document,
        catalogue: Catalogue,
        *,
        id_column: str | None = None,
        outcome_column: str | None = None,
    ):
        self.path = path
        _, header = next(self._records(), (1, []))
        named = [name for name in (id_column, outcome_column) if name]
        if refusals := tuple(header_refusals(f"{path.name}:1", header, document, named)):
            raise FactsRefused(refusals)
        self.header: Sequence[str] = header
        self._places: Mapping[str, int] = {name: place for place, name in enumerate(header)}
        self._id = id_column or next((name for name in header if name in ID_COLUMNS), None)
        self._outcome = outcome_column
        self._ranks = document.ranks
        self._metrics = {key: cells.parser_of(catalogue[key]) for key in sorted(document.metrics)}
        self._aged = sorted(document.aged_metrics)

    @property
    def has_projects(self) -> bool:
        """Whether the subjects are clients within projects."""
        return PROJECT in self._places

    @property
    def absent(self) -> tuple[str, ...]:
        """Columns that the document reads and the file does not have: not known of anybody."""
        wanted = [*self._metrics, *(key + AGE for key in self._aged)]
        return tuple(name for name in wanted if name not in self._places)

    def subjects(self) -> Iterator[Subject]:
        """Every row. Once something cannot be used no more rows come, and FactsRefused says at the end of the file all
        that is wrong in it, or the first ``MOST_REFUSALS`` of it."""
        refusals: list[Refusal] = []
        records = self._records()
        next(records)
        for count, (row, record) in enumerate(records, 1):
            subject = self._subject(count, row, self._whole(row, record, refusals), refusals)
            if not refusals:
                yield subject
            elif len(refusals) >= MOST_REFUSALS:
                break
        if refusals:
            raise FactsRefused(refusals)

    def _subject(self, count: int, row: int, record: Sequence[str], refusals: list[Refusal]) -> Subject:
        read = partial(self._cell, row, record, refusals)
        ages = {key: read(key + AGE, cells.days) for key in self._aged}
        return Subject(
            row=row,
            id=str(count) if self._id is None else record[self._places[self._id]].strip(),
            project=record[self._places[PROJECT]].strip() if self.has_projects else "",
            outcome=read(self._outcome, cells.outcome),
            facts={key: read(key, parse) for key, parse in self._metrics.items()},
            ages={key: age for key, age in ages.items() if age is not None},
            held=read(HELD, partial(cells.rank, ranks=self._ranks)),
            held_days=read(HELD_DAYS, cells.days) or 0,
        )

    def _cell(
        self,
        row: int,
        record: Sequence[str],
        refusals: list[Refusal],
        column: str | None,
        parse: Callable[[str], Any],
    ) -> Any:
        """The value in a column; None where the cell is empty, or the file does not have the column."""
        place = self._places.get(column or "")
        text = "" if place is None else record[place].strip()
        if not text:
            return None
        try:
            return parse(text)
        except cells.BadCell as bad:
            path = f"{self.path.name}:{row}:{column}"
            refusals.append(Refusal(bad.code, path, bad.message, bad.fix, bad.params))
            return None

    def _whole(self, row: int, record: list[str], refusals: list[Refusal]) -> list[str]:
        """The record with a cell for each column, whatever it has."""
        if len(record) == len(self.header):
            return record
        refusals.append(
            Refusal(
                "row_ragged", f"{self.path.name}:{row}",
                N_("The row has %(found)s cells and the header %(expected)s."),
                N_("Give the row one cell for each column."),
                {"found": len(record), "expected": len(self.header)},
            )
        )  # fmt: skip
        return [""] * len(self.header)

    def _records(self) -> Iterator[Record]:
        """The header and the rows, each with the line it begins at; empty lines are passed over."""
        try:
            with self.path.open(newline="", encoding="utf-8-sig") as file:
                reader = csv.reader(file, strict=True)
                line = 1
                for record in reader:
                    if any("\0" in cell for cell in record):  # which Postgres keeps in no text
                        raise csv.Error(f"NUL after line {line - 1}")
                    if record:
                        yield line, record
                    line = reader.line_num + 1
        except OSError as error:
            raise self._unreadable(error.strerror or str(error)) from error
        except (UnicodeDecodeError, csv.Error) as error:
            raise self._unreadable(str(error)) from error

    def _unreadable(self, reason: str) -> FactsRefused:
        return FactsRefused(
            [
                Refusal(
                    "facts_unreadable",
                    self.path.name,
                    N_("The file cannot be read: %(reason)s."),
                    N_("Name a CSV file in UTF-8, with commas between its columns."),
                    {"reason": reason},
                )
            ]
        )
