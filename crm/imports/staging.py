"""The raw rows of a file in the database."""

from crm.imports.copying import CopyInto
from crm.imports.readers import Table
from crm.models import ImportJob, ImportRow


def stage(job: ImportJob, table: Table) -> int:
    """COPY the table's rows beside the job; how many. Raises UnreadableFile's kinds from reading on."""
    with CopyInto(ImportRow._meta.db_table, ("job_id", "line", "cells", "outcome")) as rows:
        for line, cells in table.rows:
            rows.add((job.pk, line, cells, ""))
    return rows.count
