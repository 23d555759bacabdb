"""What a file calls things, where somebody has to say what they are called here."""

from collections.abc import Iterator

from crm.imports.fields import Field
from crm.imports.kinds import KINDS
from crm.imports.values import tidy
from crm.models import ImportJob, ImportRow

SAID = 40


def said_in(job: ImportJob) -> Iterator[tuple[Field, str]]:
    """What the cells of columns say whose fields have meanings to choose from, and what columns of the kind's own are
    called: the first `SAID` of them."""
    kind = KINDS[job.kind]
    for field in kind:
        if field.meanings is None:
            continue
        yield from ((field, said) for said in kind.own_columns(job))
        if field.name in job.mapping:
            place = job.header.index(job.mapping[field.name])
            cells = ImportRow.objects.filter(job=job).values_list(f"cells__{place}", flat=True)
            for said in cells.distinct().order_by(f"cells__{place}")[:SAID]:
                yield field, tidy(said or "")
