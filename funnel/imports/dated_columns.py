"""The events that rows tell: from the columns `stage` and `entered_at`, and from columns of dates named after stages."""

from __future__ import annotations

from dataclasses import dataclass

from crm.imports.batch import Batch, as_json
from crm.imports.cleaning import date_order
from crm.imports.copying import CopyInto
from crm.imports.values import BadCell, is_missing, moment, tidy
from crm.models import ImportIssue, ImportRow

EVENT = "import_event"


@dataclass(frozen=True)
class DatedColumn:
    """A column of days on which cases entered a stage: by its name in the mapping, and what that stands for."""

    key: str
    stage: str
    index: int
    order: str

    def read(self, cells: list[str]) -> str | None:
        """The moment as COPY takes it, None for an empty cell. Raises BadCell."""
        raw = cells[self.index].strip() if self.index < len(cells) else ""
        return None if not raw or is_missing(raw) else moment(raw, self.order).isoformat()


def gather(batch: Batch) -> None:
    """Fill `import_event` with a row per event: its line, the stage by name, when, and whether its column says so."""
    batch.run(f"DROP TABLE IF EXISTS {EVENT}")
    batch.run(
        f"""CREATE TEMP TABLE {EVENT} (line int, said text, at timestamptz, dated boolean, code text, stage text,
            position int, place int, dropped boolean NOT NULL DEFAULT false) ON COMMIT DROP"""
    )
    columns = _columns(batch)
    if columns:
        _read(batch, columns)
    # A stage that has a column of dates is told by that, whatever stands beside its name.
    batch.run(
        f"""INSERT INTO {EVENT} (line, said, at, dated) SELECT n.line, n.stage, n.entered_at, false FROM import_clean n
            WHERE n.stage IS NOT NULL AND n.entered_at IS NOT NULL AND NOT EXISTS (
                SELECT FROM {EVENT} e WHERE e.line = n.line AND lower(e.said) = lower(n.stage))"""
    )
    _refuse_dateless(batch)
    batch.run(f"UPDATE {EVENT} e SET code = n.code FROM import_clean n WHERE n.line = e.line")
    batch.run(f"ANALYZE {EVENT}")


def _columns(batch: Batch) -> list[DatedColumn]:
    job = batch.job
    means = job.translations.get("stage", {})
    return [
        DatedColumn(
            batch.kind.column_prefix + said,
            means.get(said, said),
            job.header.index(column),
            date_order(batch, job.header.index(column)),
        )
        for said, column in batch.kind.own_columns(job).items()
    ]


def _read(batch: Batch, columns: list[DatedColumn]) -> None:
    staged = ImportRow.objects.filter(job=batch.job).order_by("line").values_list("line", "cells")
    events = CopyInto(EVENT, ("line", "said", "at", "dated"))
    issues = CopyInto(ImportIssue._meta.db_table, ("job_id", "line", "field", "code", "params"))
    with events, issues:
        for line, cells in staged.iterator(chunk_size=2_000):
            for column in columns:
                try:
                    at = column.read(cells)
                except BadCell as bad:
                    issues.add((batch.job.pk, line, column.key, bad.code, as_json(bad.params)))
                    continue
                if at:
                    events.add((line, tidy(column.stage), at, "t"))


def _refuse_dateless(batch: Batch) -> None:
    """A stage without a date counts where a dated column tells of the same stage; a row without any event never does."""
    batch.settle_refusals()
    batch.refuse(
        "stage_without_date",
        "entered_at",
        f"""n.stage IS NOT NULL AND n.entered_at IS NULL AND NOT EXISTS (SELECT FROM {EVENT} e
            WHERE e.line = n.line AND lower(e.said) = lower(n.stage))""",
        params="jsonb_build_object('value', n.stage)",
    )
    batch.refuse(
        "no_event", "", f"n.stage IS NULL AND NOT EXISTS (SELECT FROM {EVENT} e WHERE e.line = n.line)"
    )
