"""A file assessed by the compiled statement: loaded into a temporary table by COPY, and read back row by row.

Neither the file nor the results are ever in memory as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import connection, transaction

from crm.imports.copying import CopyInto
from tiering.core.compile import compile_assessment
from tiering.core.compile_ranks import as_thresholds, compile_thresholds
from tiering.core.document import Document
from tiering.core.metric import Catalogue
from tiering.core.sql import quoted
from tiering.core.terms import Terms, Thresholds
from tiering.evaluation.facts_file import FactsFile, Subject
from tiering.evaluation.facts_header import AGE
from tiering.evaluation.results import Result

TABLE = "facts_file"
# A metric's key begins with a letter, so nothing else is called like these.
KEYS: Mapping[str, str] = {"@row": "bigint", "@id": "text", "@project": "text", "@outcome": "boolean"}
HELD: Mapping[str, str] = {"held_rank": "smallint", "held_days": "integer"}
BLOCK = 5_000


def assess(
    document: Document, catalogue: Catalogue, facts: FactsFile, overlays: frozenset[str]
) -> Iterator[Result]:
    """The result of every row, in the order of the file. Ranks are those among the rows of the file.

    Raises FactsRefused.
    """
    with transaction.atomic():
        _load(document, catalogue, facts)
        terms = Terms(overlays, _thresholds(document, catalogue))
        statement, params = compile_assessment(document, TABLE, tuple(KEYS), terms, catalogue)
        columns = "scorecard, score, model_tier, base_tier, overlay_tier, tier, provisional, gates, overlays"
        keys = ", ".join(quoted(key) for key in KEYS if key != "@row")
        with connection.chunked_cursor() as cursor:
            cursor.execute(  # every name in it is our own
                f'SELECT {keys}, {columns} FROM ({statement}) AS assessed ORDER BY "@row"',  # noqa: S608
                params,
            )
            while rows := cursor.fetchmany(BLOCK):
                yield from map(Result._make, rows)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {TABLE}")


def _load(document: Document, catalogue: Catalogue, facts: FactsFile) -> None:
    metrics, ages = sorted(document.metrics), sorted(document.aged_metrics)
    types = {key: "float8" if catalogue[key].is_number else "text" for key in metrics}
    columns = {**KEYS, **HELD, **types, **{key + AGE: "integer" for key in ages}}
    declared = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
    with connection.cursor() as cursor:
        # The work of one command on one file, however large, and of nobody who waits for a page.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(f"CREATE TEMPORARY TABLE {TABLE} ({declared})")
        with CopyInto(TABLE, list(columns)) as rows:
            for subject in facts.subjects():
                rows.add(_row(subject, metrics, ages))
        cursor.execute(f"ANALYZE {TABLE}")


def _row(subject: Subject, metrics: list[str], ages: list[str]) -> list[object]:
    return [
        subject.row,
        subject.id,
        subject.project,
        subject.outcome,
        subject.held,
        subject.held_days,
        *(subject.facts.get(key) for key in metrics),
        *(subject.ages.get(key) for key in ages),
    ]


def _thresholds(document: Document, catalogue: Catalogue) -> Thresholds:
    if not document.rank_placements:
        return {}
    statement, params = compile_thresholds(document, TABLE, catalogue)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return as_thresholds(document, cursor.fetchall())
