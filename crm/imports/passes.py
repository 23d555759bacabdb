"""A pass over a job as a whole: parse, compare, write, and keep what became of each row."""

from typing import Protocol

from crm.imports import clients, consents, dated, dealings, observations, projects, tags, who
from crm.imports.batch import Batch
from crm.imports.cleaning import Cleaner
from crm.models import ImportIssue, ImportJob
from crm.sealing import masked
from crm.undoing import records
from crm.undoing.records import Undone


class Way(Protocol):
    """How the rows of a kind become records: a module, or a declaration of `records`."""

    @property
    def EXTRA(self) -> dict[str, str]: ...

    def check(self, batch: Batch) -> None: ...

    def write(self, batch: Batch) -> None: ...


WAYS: dict[str, Way] = {
    ImportJob.Kind.CLIENTS: clients,
    ImportJob.Kind.PEOPLE: who.PEOPLE,
    ImportJob.Kind.NUMBERS: who.NUMBERS,
    ImportJob.Kind.ADDRESSES: who.ADDRESSES,
    ImportJob.Kind.RELATIONS: who.RELATIONS,
    ImportJob.Kind.CONSENTS: consents,
    ImportJob.Kind.TAGS: tags,
    ImportJob.Kind.STATEMENTS: dated.STATEMENTS,
    ImportJob.Kind.CREDIT_REPORTS: dated.CREDIT_REPORTS,
    ImportJob.Kind.OBSERVATIONS: observations,
    ImportJob.Kind.PROJECTS: projects,
    ImportJob.Kind.FACILITIES: dealings.FACILITIES,
    ImportJob.Kind.PAYMENTS: dealings.PAYMENTS,
    ImportJob.Kind.COLLATERAL: dealings.COLLATERAL,
    ImportJob.Kind.REVENUE: dated.REVENUE,
    ImportJob.Kind.INTERACTIONS: dealings.INTERACTIONS,
    ImportJob.Kind.NOTES: dealings.NOTES,
    ImportJob.Kind.TASKS: dealings.TASKS,
}


def check(batch: Batch) -> None:
    """Give every staged row its outcome and every refused one its issues; nothing else is written."""
    ImportIssue.objects.filter(job=batch.job).delete()
    way = WAYS[batch.job.kind]
    Cleaner(batch, way.EXTRA).fill()
    way.check(batch)
    _keep_outcomes(batch)


def write(batch: Batch) -> None:
    """Write what the check of this transaction found to be new or changed."""
    WAYS[batch.job.kind].write(batch)
    _mask(batch)


def _mask(batch: Batch) -> None:
    """What the records keep sealed stands in plain words in no row that is in them; those to be mended stay readable."""
    job = batch.job
    for field in batch.kind:
        if field.sealed and field.name in job.mapping:
            batch.run(
                """UPDATE crm_importrow SET cells[%(place)s] = %(mask)s
                   WHERE job_id = %(job)s AND outcome NOT IN ('refuse', 'alike') AND cells[%(place)s] <> ''""",
                place=job.header.index(job.mapping[field.name]) + 1,
                mask=masked(""),
            )


def take_back(job: ImportJob) -> Undone:
    """Undo what the import wrote, in the transaction of the caller."""
    own = getattr(WAYS[job.kind], "take_back", None)
    if own:
        undone: Undone = own(job)
        return undone
    if job.written_in is None:
        return Undone()
    return records.take_back(written_in=job.written_in, by=job.uploaded_by)


def _keep_outcomes(batch: Batch) -> None:
    """Rows that could not even be parsed are refused."""
    batch.run(
        """UPDATE crm_importrow r SET outcome = coalesce(n.outcome, 'refuse'), changes = n.changes
           FROM crm_importrow staged LEFT JOIN import_clean n ON n.line = staged.line
           WHERE staged.job_id = %(job)s AND r.id = staged.id
             AND (r.outcome, r.changes) IS DISTINCT FROM (coalesce(n.outcome, 'refuse'), n.changes)"""
    )
    counted = "SELECT outcome, count(*) FROM crm_importrow WHERE job_id = %(job)s GROUP BY outcome"
    batch.job.counts = dict(batch.rows(counted))
