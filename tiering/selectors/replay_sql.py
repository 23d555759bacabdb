"""`replay` set-wise: one statement for all assessments of a version under the same terms.

What it reads is what the statements of a run read: the compiled criteria over stored facts. So it recomputes millions,
and `replay` in Python proves it on any part of them. A tier that was rolled up is compared with the deciding
project's in Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from tiering.core.compile import compile_assessment
from tiering.core.document import Document
from tiering.core.sql import quoted
from tiering.core.terms import Terms
from tiering.facts.reading import age_columns, columns_of
from tiering.models import Assessment, CriteriaVersion
from tiering.selectors.catalogue import catalogue_of
from tiering.selectors.criteria import document_of
from tiering.selectors.replay import FIELDS, Batch, Choice, batches, differences, named_assessments

BLOCK = 1_000
"""Differing assessments that are in memory at once."""


@dataclass(frozen=True)
class Group:
    """Assessments of one version under the same terms; `runs`: the ids of their runs."""

    version: int
    document: Document
    terms: Terms
    runs: Sequence[int]


def replay_by_sql(choice: Choice) -> Iterator[Batch]:
    """Recompute the chosen assessments in Postgres: a batch for each version and terms, and those of roll-ups."""
    chosen = choice.of(Assessment.objects.all()).order_by()
    groups = _groups(chosen)
    for group in groups:
        yield from _compared(group, chosen)
    of_projects = {group.version for group in groups if group.document.subject == "project"}
    if of_projects:
        yield from batches(choice.of(named_assessments()).filter(version__in=of_projects, project=None))


def _groups(chosen: QuerySet[Assessment]) -> list[Group]:
    terms = chosen.values_list("version", "run__terms").annotate(runs=ArrayAgg("run", distinct=True))
    rows = list(terms)
    versions = CriteriaVersion.objects.defer("document").in_bulk({version for version, *_ in rows})
    return [
        Group(version, document_of(versions[version]), Terms.read(terms), runs)
        for version, terms, runs in rows
    ]


def _compared(group: Group, chosen: QuerySet[Assessment]) -> Iterator[Batch]:
    """The differences in blocks, and at last how many assessments there were."""
    statement, params = _statement(group, chosen)
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        with connection.cursor() as settings:
            # The work of one command over years, and of nobody who waits for a page.
            settings.execute("SET LOCAL statement_timeout = 0")
            # A ledger that grew at once has no statistics yet, and a guess would read it again for each of its rows.
            settings.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(statement, params)
        while rows := cursor.fetchmany(BLOCK):
            yield _batch(group, rows)


def _batch(group: Group, rows: Sequence[tuple[Any, ...]]) -> Batch:
    """The rows of the statement: how many assessments each stands for, and of one that differs what it should be."""
    recomputed = {pk: values for _, pk, *values in rows if pk is not None}
    stored = named_assessments().in_bulk(recomputed)
    found = [item for pk, values in recomputed.items() for item in differences(stored[pk], tuple(values))]
    return Batch(sum(count for count, *_ in rows), found)


def _statement(group: Group, chosen: QuerySet[Assessment]) -> tuple[str, tuple[Any, ...]]:
    """A SELECT with a row for each assessment that differs, and one with the number of those that do not."""
    catalogue = catalogue_of(group.document)
    read = columns_of(group.document, "f", catalogue, "p")
    read |= age_columns(group.document, "f", "at.day", catalogue, "p")
    compiled, values = compile_assessment(group.document, "basis", ("id",), group.terms, catalogue)
    picked, picks = chosen.values("pk").query.sql_with_params()
    statement = STATEMENT.format(
        read="".join(f", {expression} AS {quoted(name)}" for name, expression in read.items()),
        picked=picked,
        within="AND a.project_id IS NOT NULL" if group.document.subject == "project" else "",
        recomputed=compiled,
        fields=", ".join(f"x.{field}" for field in FIELDS),
        nothing=", ".join("NULL" for _ in FIELDS),
    )
    return statement, (timezone.get_default_timezone_name(),) * 2 + (
        group.version,
        list(group.runs),
        *picks,
        *values,
    )


STATEMENT = """
WITH basis AS MATERIALIZED (
    SELECT a.id, held.rank AS held_rank, held.days AS held_days{read}
    FROM tiering_assessment a
    CROSS JOIN LATERAL (SELECT (a.valid_from AT TIME ZONE %s)::date AS day) AS at
    JOIN tiering_facts f ON f.id = a.facts_id
    LEFT JOIN tiering_projectfacts p ON p.id = a.project_facts_id
    LEFT JOIN LATERAL (
        SELECT t.rank, at.day - (g.valid_from AT TIME ZONE %s)::date AS days
        FROM tiering_assignment g JOIN tiering_tier t ON t.id = g.tier_id
        WHERE g.client_id = a.client_id AND g.scheme_id = a.scheme_id
        AND g.project_id IS NOT DISTINCT FROM a.project_id AND g.valid_from < a.valid_from
        AND (g.valid_to IS NULL OR g.valid_to >= a.valid_from)
        ORDER BY g.valid_from DESC LIMIT 1
    ) AS held ON true
    WHERE a.version_id = %s AND a.run_id = ANY(%s) AND a.id IN ({picked}) {within}
), recomputed AS ({recomputed}), compared AS (
    SELECT x.*, (a.scorecard, a.score, m.rank, b.rank, o.rank, t.rank, a.provisional, a.gates::text[],
                 a.overlays::text[])
        IS DISTINCT FROM (x.scorecard, x.score, x.model_tier, x.base_tier, x.overlay_tier, x.tier, x.provisional,
                          x.gates, x.overlays) AS differs
    FROM recomputed x
    JOIN tiering_assessment a ON a.id = x.id
    JOIN tiering_tier m ON m.id = a.model_tier_id
    JOIN tiering_tier b ON b.id = a.base_tier_id
    JOIN tiering_tier o ON o.id = a.overlay_tier_id
    JOIN tiering_tier t ON t.id = a.tier_id
)
SELECT 1 AS assessments, x.id, {fields} FROM compared x WHERE differs
UNION ALL
SELECT count(*), NULL, {nothing} FROM compared WHERE NOT differs
"""
