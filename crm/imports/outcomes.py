"""What an import changes, and what stayed when it was taken back, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.formats import MISSING, day, exact, listed
from crm.imports.fields import Field
from crm.imports.kinds import KINDS
from crm.imports.messages import field_label
from crm.models import ImportJob, ImportRow, KeptRecord
from crm.undoing.words import Kept, explained

SHOWN = 50
KEPT_SHOWN = 200


@dataclass(frozen=True)
class Changed:
    """What a row changes in a record that is known: (field, before, after)."""

    line: int
    cells: str
    changes: list[tuple[str, str, str]]


def changes_of(job: ImportJob) -> list[Changed]:
    """The first rows that change a record that is known, old → new."""
    kind = KINDS[job.kind]
    rows = ImportRow.objects.filter(job=job, outcome=ImportRow.Outcome.UPDATE, changes__isnull=False)
    return [
        Changed(
            row.line,
            " · ".join(cell for cell in row.cells[:3] if cell.strip()),
            [
                (field_label(job, name), _said(kind.field(name), before), _said(kind.field(name), after))
                for name, (before, after) in (row.changes or {}).items()
            ],
        )
        for row in rows.order_by("line")[:SHOWN]
    ]


def kept_of(job: ImportJob) -> list[Kept]:
    """The first records that stayed as they were when the import was taken back."""
    if job.status != ImportJob.Status.UNDONE or job.written_in is None:
        return []
    return explained(KeptRecord.objects.filter(written_in=job.written_in)[:KEPT_SHOWN])


def _said(field: Field | None, value: Any) -> str:
    """A value as it is shown: choices by their labels, amounts and days as elsewhere, nothing as a dash."""
    if value is None or value in ("", []):
        return MISSING
    if field and field.type == "amount":
        return exact(value)
    if field and field.type == "date":
        return day(date.fromisoformat(value))
    if isinstance(value, list):
        return listed(_said(field, each) for each in value)
    labels = {str(key): label for key, label in field.choices} if field else {}
    if isinstance(value, bool):
        return str(labels.get("yes" if value else "no", value))
    return str(labels.get(str(value), value))
