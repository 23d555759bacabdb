"""What the import pages show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from crm.models import ImportIssue, ImportJob, ImportRow
from crm.paging import Order, Page, page_of

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

SAMPLE_ROWS = 3
PAGE = 50

RECORDS: dict[str, _StrOrPromise] = {
    "clients": _("Clients added"),
    "clients_changed": _("Clients changed"),
    "people": _("Contact persons added"),
    "people_changed": _("Contact persons changed"),
    "addresses": _("Addresses added"),
    "addresses_changed": _("Addresses changed"),
    "relations": _("Relations added"),
    "relations_changed": _("Relations changed"),
    "consents": _("Consents added"),
    "consents_changed": _("Consents changed"),
    "tags": _("Tags made"),
    "tagged": _("Clients marked"),
    "statements": _("Statements added"),
    "statements_changed": _("Statements changed"),
    "credit_reports": _("Credit reports added"),
    "credit_reports_changed": _("Credit reports changed"),
    "observations": _("Observations added"),
    "observations_changed": _("Observations changed"),
    "projects": _("Projects added"),
    "projects_changed": _("Projects changed"),
    "participations": _("Participations added"),
    "participations_changed": _("Participations changed"),
    "facilities": _("Facilities added"),
    "facilities_changed": _("Facilities changed"),
    "payments": _("Payments added"),
    "payments_changed": _("Payments changed"),
    "collateral": _("Collateral added"),
    "collateral_changed": _("Collateral changed"),
    "numbers": _("Identity numbers added"),
    "numbers_changed": _("Identity numbers changed"),
    "notes": _("Notes added"),
    "notes_changed": _("Notes changed"),
    "interactions": _("Interactions added"),
    "interactions_changed": _("Interactions changed"),
    "tasks": _("Tasks added"),
    "tasks_changed": _("Tasks changed"),
    "revenue": _("Revenue amounts added"),
    "revenue_changed": _("Revenue amounts changed"),
    "industry": _("Industries added"),
    "region": _("Regions added"),
    "metrics": _("Metrics added"),
    "removed": _("Records removed again"),
    "restored": _("Records brought back"),
    "kept": _("Records that stay"),
    "missing": _("Empty cells left out"),
}


@dataclass(frozen=True)
class Outcome:
    label: _StrOrPromise
    rows: int


def outcomes_of(job: ImportJob) -> list[Outcome]:
    """The rows by what becomes of them; the numbers add up to the job's rows."""
    return [Outcome(label, job.counts.get(value, 0)) for value, label in ImportRow.Outcome.choices]


def records_of(job: ImportJob) -> list[Outcome]:
    """What was written, and what was left out, where it is not nothing."""
    return [Outcome(label, job.records[name]) for name, label in RECORDS.items() if job.records.get(name)]


def samples_of(job: ImportJob) -> list[list[str]]:
    """For each column of the header the first values that are not empty."""
    rows = ImportRow.objects.filter(job=job).order_by("line")[:20]
    return [
        [row.cells[place] for row in rows if place < len(row.cells) and row.cells[place].strip()][
            :SAMPLE_ROWS
        ]
        for place in range(len(job.header))
    ]


def issues_page(job: ImportJob, *, after: str = "", before: str = "") -> Page[ImportIssue]:
    return page_of(ImportIssue.objects.filter(job=job), Order("line"), PAGE, after=after, before=before)
