"""A pass over a job as a whole: parse, compare, write, and keep what became of each row."""

from types import ModuleType

from crm.imports import clients, observations, projects, revenue, statements
from crm.imports.batch import Batch
from crm.imports.cleaning import Cleaner
from crm.models import ImportIssue, ImportJob

MODULES: dict[str, ModuleType] = {
    ImportJob.Kind.CLIENTS: clients,
    ImportJob.Kind.STATEMENTS: statements,
    ImportJob.Kind.OBSERVATIONS: observations,
    ImportJob.Kind.PROJECTS: projects,
    ImportJob.Kind.REVENUE: revenue,
}


def check(batch: Batch) -> None:
    """Give every staged row its outcome and every refused one its issues; nothing else is written."""
    ImportIssue.objects.filter(job=batch.job).delete()
    module = MODULES[batch.job.kind]
    Cleaner(batch, module.EXTRA).fill()
    module.check(batch)
    _keep_outcomes(batch)


def write(batch: Batch) -> None:
    """Write what the check of this transaction found to be new or changed."""
    MODULES[batch.job.kind].write(batch)


def _keep_outcomes(batch: Batch) -> None:
    """Rows that could not even be parsed are refused."""
    batch.run(
        """UPDATE crm_importrow r SET outcome = coalesce(n.outcome, 'refuse')
           FROM crm_importrow staged LEFT JOIN import_clean n ON n.line = staged.line
           WHERE staged.job_id = %(job)s AND r.id = staged.id
             AND r.outcome IS DISTINCT FROM coalesce(n.outcome, 'refuse')"""
    )
    counted = "SELECT outcome, count(*) FROM crm_importrow WHERE job_id = %(job)s GROUP BY outcome"
    batch.job.counts = dict(batch.rows(counted))
