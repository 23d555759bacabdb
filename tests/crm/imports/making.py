"""Files and imports for the tests."""

import csv
import io
from typing import Any

import xlsxwriter
from django.db.models import Model

from crm.history import events_of
from crm.imports.messages import Explanation, explain
from crm.models import ImportIssue, ImportJob, ImportRow, User
from crm.services import imports

Rows = list[list[str]]


def as_csv(rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: list[list[Any]], empty_first_sheet: bool = False) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"})
    if empty_first_sheet:
        book.add_worksheet("Empty")
    sheet = book.add_worksheet("Clients")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


def staged(kind: str, rows: Rows, *, by: User | None = None) -> ImportJob:
    return imports.stage_file(by=by, kind=kind, name="rows.csv", data=as_csv(rows))


def imported(
    kind: str,
    rows: Rows,
    *,
    by: User | None = None,
    mapping: dict[str, str] | None = None,
    constants: dict[str, str] | None = None,
    add: bool = False,
    keep: bool = True,
    dry_run: bool = False,
) -> ImportJob:
    """The job after its work: checked where `dry_run`, else applied or refused."""
    job = staged(kind, rows, by=by)
    setup = imports.Setup(
        mapping=job.mapping if mapping is None else mapping,
        constants=constants or {},
        add_reference_data=add,
    )
    if dry_run:
        imports.start_check(by=by, job=job, setup=setup, ring=False)
    else:
        imports.start_import(by=by, job=job, setup=setup, keep_good_rows=keep, ring=False)
    imports.run_import(job.pk)
    job.refresh_from_db()
    assert sum(job.counts.values()) == job.rows == ImportRow.objects.filter(job=job).count()
    return job


def issues(job: ImportJob) -> set[tuple[int, str, str]]:
    return set(ImportIssue.objects.filter(job=job).values_list("line", "field", "code"))


def explained(job: ImportJob) -> list[Explanation]:
    return [explain(issue, job) for issue in job.issues.order_by("line", "id")]


def events(model: type[Model]) -> int:
    """How many changes the history of a model's table holds."""
    return events_of(model).count()
