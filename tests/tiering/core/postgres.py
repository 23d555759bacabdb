"""Runs compiled SQL over made-up rows on the Postgres that the tests are given; nothing is stored."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from tests.tiering.core.generators import CATEGORIES, NUMBERS
from tests.tiering.core.methods import Subject

METRICS = NUMBERS + CATEGORIES
COLUMNS = {
    "client_id": "bigint",
    **dict.fromkeys(NUMBERS, "float8"),
    **dict.fromkeys(CATEGORIES, "text"),
    **{f"{metric}@days": "int" for metric in METRICS},
    "held_rank": "smallint",
    "held_days": "int",
}

COMPARED: Counter[str] = Counter()
"""How much of what was compared, for the last lines of a test run."""


def connect() -> Connection:
    """A connection to the maintenance database, which exists on every server."""
    opened = psycopg2.connect(os.environ["DATABASE_URL"], dbname="postgres")
    opened.autocommit = True
    return opened


def subject_rows(
    connection: Connection, subjects: Sequence[Subject], statement: str, params: Sequence[Any]
) -> list[dict[str, Any]]:
    """The rows of a statement over the relation ``given``, whose ``client_id`` is the position of a subject."""
    rows = [
        [
            number,
            *(subject.facts.get(metric) for metric in METRICS),
            *(subject.ages.get(metric) for metric in METRICS),
            subject.held,
            subject.held_days,
        ]
        for number, subject in enumerate(subjects)
    ]
    return rows_over(connection, COLUMNS, rows, statement, params)


def rows_over(
    connection: Connection,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[Any]],
    statement: str,
    params: Sequence[Any],
) -> list[dict[str, Any]]:
    """The rows of a statement over the relation ``given``, of which types by column and values by row are given.

    Numbers travel as text, because a literal -0.0 would lose its sign on the way.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    one = ", ".join(f"%s::{kind}" for kind in columns.values())
    values = ", ".join([f"({one})"] * len(rows))
    loaded = [repr(item) if isinstance(item, float) else item for row in rows for item in row]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH given ({names}) AS (VALUES {values}) {statement}", [*loaded, *params])
        keys = [column.name for column in cursor.description]
        return [dict(zip(keys, row, strict=True)) for row in cursor.fetchall()]
