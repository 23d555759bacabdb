"""Staged cells to typed columns: one pass that parses every cell and writes down all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from crm import progress
from crm.imports.batch import CLEAN, Batch, as_json
from crm.imports.copying import CopyInto
from crm.imports.fields import SQL_TYPES, Field
from crm.imports.mapping import DATE_ORDER, metric_columns
from crm.imports.readings import Readings
from crm.imports.values import BadCell, amount, is_missing, tidy
from crm.models import ImportIssue, ImportRow

DAY_FIRST = r"^\s*(1[3-9]|2[0-9]|3[01])[-/.]\d{1,2}[-/.]\d{4}"
MONTH_FIRST = r"^\s*\d{1,2}[-/.](1[3-9]|2[0-9]|3[01])[-/.]\d{4}"

TOLD_EVERY = 5_000
REPEATED = 2_000
"""How many cells of a column are remembered with what they were read as: kinds, sectors and days repeat."""
OUTCOME = {"outcome": "text", "changes": "jsonb"}
"""What becomes of a row, and where it changes a record, {field: [before, after]}."""


@dataclass(frozen=True)
class Source:
    """Where a field's cells come from: a column, the same text for every row, or the text where the column is empty."""

    field: Field
    index: int | None
    constant: str
    translations: dict[str, str]
    parse: Callable[[str], Any]

    def raw(self, cells: list[str], number: int) -> str:
        constant = self.constant.replace("{row}", str(number)).strip()
        raw = constant if self.index is None else cells[self.index].strip()
        if self.translations:
            raw = self.translations.get(tidy(raw), raw)
        if not self.field.skips_missing or not is_missing(raw):
            return raw or constant
        return "" if self.index is None else constant


class Cleaner:
    """Fills `import_clean` (and `import_reading` for observations) from the job's staged rows."""

    def __init__(self, batch: Batch, extra: dict[str, str]):
        self.batch = batch
        self.sources = [self._source(field) for field in batch.kind if field.name in batch.given]
        self.width = len(batch.job.header)
        self.columns = [field.name for field in batch.kind.stored]
        self.extra = extra
        self.readings = Readings(batch)
        wide = metric_columns(batch.job)
        self.wide = {key: batch.job.header.index(column) for key, column in wide.items()}
        batch.new_metrics |= {key: wide[key] for key in wide.keys() - self.readings.known.keys()}
        self.missing = 0

    def _source(self, field: Field) -> Source:
        job = self.batch.job
        index = job.header.index(job.mapping[field.name]) if field.name in job.mapping else None
        order = date_order(self.batch, index) if field.is_dated else ""
        return Source(
            field,
            index,
            str(job.constants.get(field.name, "")),
            job.translations.get(field.name, {}),
            lru_cache(maxsize=REPEATED)(field.parser(order)),
        )

    def fill(self) -> None:
        self._make_tables()
        issues = CopyInto(ImportIssue._meta.db_table, ("job_id", "line", "field", "code", "params"))
        columns = (*self.columns, *self.batch.kind.derived)
        rows = CopyInto(CLEAN, ("line", *columns))
        readings = CopyInto("import_reading", ("line", "metric", "value", "text"))
        with issues, rows, readings:
            for number, (line, cells) in enumerate(self._staged(), 1):
                if number % TOLD_EVERY == 0:
                    progress.tell(f"import-{self.batch.job.pk}", number, self.batch.job.rows)
                found: list[tuple[str, BadCell]] = []
                if self._fits(cells, found):
                    values, read = self._parse(number, cells, found)
                    values["digest"] = repr(read)
                    rows.add((line, *(values.get(name) for name in columns)))
                    for reading in read:
                        readings.add((line, *reading))
                for field, bad in found:
                    issues.add((self.batch.job.pk, line, field, bad.code, as_json(bad.params)))
        if self.wide:
            self.batch.records["missing"] = self.missing
        self.batch.run(f"ANALYZE {CLEAN}")

    def _staged(self):
        staged = ImportRow.objects.filter(job=self.batch.job).order_by("line")
        return staged.values_list("line", "cells").iterator(chunk_size=2_000)

    def _make_tables(self) -> None:
        types = {field.name: SQL_TYPES[field.type] for field in self.batch.kind.stored} | self.extra | OUTCOME
        columns = ", ".join(f'"{name}" {type_}' for name, type_ in types.items())
        self.batch.run(f"DROP TABLE IF EXISTS {CLEAN}, import_reading")
        self.batch.run(f"CREATE TEMP TABLE {CLEAN} (line int PRIMARY KEY, {columns}) ON COMMIT DROP")
        self.batch.run(
            """CREATE TEMP TABLE import_reading (line int, metric text, value double precision, text text)
               ON COMMIT DROP"""
        )

    def _fits(self, cells: list[str], found: list[tuple[str, BadCell]]) -> bool:
        """Whether the row has a cell for each column; further empty ones do not count."""
        count = len(cells)
        while count > self.width and not cells[count - 1].strip():
            count -= 1
        if count != self.width:
            code = "too_many_cells" if count > self.width else "too_few_cells"
            found.append(("", BadCell(code, cells=count, columns=self.width)))
        return count == self.width

    def _parse(self, number: int, cells: list[str], found: list[tuple[str, BadCell]]):
        values: dict[str, Any] = {}
        unreadable: set[str] = set()
        for source in self.sources:
            raw = source.raw(cells, number)
            try:
                if raw:
                    values[source.field.name] = source.parse(raw)
                elif source.field.required:
                    raise BadCell("required")
            except BadCell as bad:
                found.append((source.field.name, bad))
                unreadable.add(source.field.name)
        self._scale(number, values, cells)
        self.batch.kind.derive(values)
        return values, self._read(values, cells, unreadable, found)

    def _scale(self, number: int, values: dict[str, Any], cells: list[str]) -> None:
        scale = Decimal(values.pop("money_unit", "1"))
        if scale == 1:
            return
        for source in self.sources:
            if source.field.type == "amount" and source.field.name in values:
                values[source.field.name] = amount(source.raw(cells, number), scale)

    def _read(self, values, cells, unreadable, found) -> list[tuple[str, float | None, str]]:
        if self.batch.job.kind != "observations":
            return []
        if not self.wide:
            return self._read_pair(values, unreadable, found)
        readings = []
        for key, index in self.wide.items():
            raw = cells[index].strip()
            if not raw or is_missing(raw):
                self.missing += 1
                continue
            try:
                readings.append(self.readings.read(key, raw))
            except BadCell as bad:
                found.append((key, bad))
        if not readings and not found:
            found.append(("", BadCell("no_values")))
        return readings

    def _read_pair(self, values, unreadable, found) -> list[tuple[str, float | None, str]]:
        for name in {"metric", "value"} - values.keys() - unreadable:
            found.append((name, BadCell("required")))
        if not {"metric", "value"} <= values.keys():
            return []
        field = "metric"
        try:
            values["metric"] = self.readings.key_of(values["metric"])
            field = "value"
            return [self.readings.read(values["metric"], values["value"])]
        except BadCell as bad:
            found.append((field, bad))
            return []


def date_order(batch: Batch, index: int | None) -> str:
    """How the column writes dates with slashes: as the user says, else as its unambiguous dates show."""
    said = batch.job.constants.get(DATE_ORDER, "auto")
    if said != "auto" or index is None:
        return "" if said == "auto" else said
    [(day_first, month_first)] = batch.rows(
        """SELECT bool_or(cells[%(place)s] ~ %(day)s), bool_or(cells[%(place)s] ~ %(month)s)
           FROM crm_importrow WHERE job_id = %(job)s""",
        place=index + 1,
        day=DAY_FIRST,
        month=MONTH_FIRST,
    )
    found = "" if bool(day_first) == bool(month_first) else "dmy" if day_first else "mdy"
    if found:
        batch.records[DATE_ORDER] = found
    return found
