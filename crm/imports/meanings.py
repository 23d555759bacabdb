"""What a file calls things, where somebody has to say what they are called here."""

from collections.abc import Iterator

from crm.imports.fields import Field
from crm.imports.kinds import KINDS
from crm.imports.values import tidy, word
from crm.models import ImportJob, ImportRow

SAID = 40


def said_in(job: ImportJob) -> Iterator[tuple[Field, str]]:
    """What the cells of columns say whose fields have meanings to choose from, what columns of the kind's own are
    called, and what no choice is called: the first `SAID` of a column."""
    kind = KINDS[job.kind]
    for field in kind:
        if field.meanings is not None:
            yield from ((field, said) for said in kind.own_columns(job))
            yield from ((field, said) for said in cells_of(job, field))
        elif field.type == "choice":
            yield from (
                (field, said) for said in cells_of(job, field) if said and word(said) not in field.words
            )


def cells_of(job: ImportJob, field: Field) -> Iterator[str]:
    """What the column of a field says, each once; nothing where it has none."""
    if field.name not in job.mapping:
        return
    place = job.header.index(job.mapping[field.name])
    cells = ImportRow.objects.filter(job=job).values_list(f"cells__{place}", flat=True)
    for said in cells.distinct().order_by(f"cells__{place}")[:SAID]:
        yield tidy(said or "")
