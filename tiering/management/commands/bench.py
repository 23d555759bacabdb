"""How fast criteria tier a book of a given size here: `bench tier --clients 1000000`. Leaves nothing behind."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

import tiering
from tiering.core.catalogue import METRICS
from tiering.core.check import load
from tiering.core.compile import compile_assessment
from tiering.core.document import Document
from tiering.core.sql import Fragment, join, quoted, sql, value

EXAMPLE = Path(tiering.__file__).parent / "criteria" / "aa_a_b.json"
KNOWN = 0.9
"""The share of values that are known in the made-up book."""


class Command(BaseCommand):
    help = "Time the assessment of a made-up book by criteria compiled to SQL, without writing results back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["tier"])
        parser.add_argument("--clients", type=int, default=100_000)
        parser.add_argument("--criteria", type=Path, default=EXAMPLE, help="a criteria document")

    def handle(self, *args: Any, clients: int, criteria: Path, **options: Any) -> None:
        document = load(json.loads(criteria.read_text("utf-8")))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            book = made_up_book(document, clients)
            cursor.execute(book.text, book.params)
            cursor.execute("ANALYZE bench_facts")
            statement, params = compile_assessment(document, "bench_facts")
            counted = f"SELECT tier, count(*) FROM ({statement}) AS assessed GROUP BY tier ORDER BY tier"  # noqa: S608
            begun = time.perf_counter()
            cursor.execute(counted, params)
            shares = cursor.fetchall()
            elapsed = time.perf_counter() - begun
            cursor.execute("DROP TABLE bench_facts")
        tiers = ", ".join(f"{document.tiers[rank].key} {count:,}" for rank, count in shares)
        self.stdout.write(
            f"{clients:,} clients in {elapsed:.2f} s ({clients / elapsed:,.0f} a second): {tiers}"
        )


def made_up_book(document: Document, clients: int) -> Fragment:
    """CREATE a temporary table of facts whose values fall evenly into every band and category of the document."""
    columns = join(", ", (_column(document, metric) for metric in sorted(document.metrics)))
    return sql(
        "CREATE TEMPORARY TABLE bench_facts AS SELECT client_id, ", columns,
        " FROM generate_series(1, ", value(clients, "bigint"), ") AS client_id",
    )  # fmt: skip


def _column(document: Document, metric: str) -> Fragment:
    kind = "float8" if METRICS[metric].is_number else "text"
    choices = _edges(document, metric) if METRICS[metric].is_number else list(METRICS[metric].categories)
    pick = f"[1 + floor(random() * {len(choices)})::int]"
    known = value(KNOWN, "float8")
    return sql(
        "CASE WHEN random() < ",
        known,
        " THEN (",
        value(choices, f"{kind}[]"),
        f"){pick} END AS {quoted(metric)}",
    )


def _edges(document: Document, metric: str) -> list[float]:
    """A value in each band of the metric; some number where only a condition reads it."""
    bands = (
        band
        for card in document.scorecards
        for dimension in card.dimensions
        for indicator in dimension.indicators
        if indicator.metric == metric
        for band in indicator.bands
    )
    return sorted({band.lo if band.lo > float("-inf") else band.hi - 1 for band in bands}) or [
        0.0,
        1.0,
        100.0,
    ]
