"""Runs compiled SQL over facts on the Postgres that the tests are given; nothing is stored."""

import os
from collections.abc import Sequence
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from tests.tiering.core.generators import CATEGORIES, NUMBERS
from tiering.core.metric import Facts


def connect() -> Connection:
    """A connection to the maintenance database, which exists on every server."""
    opened = psycopg2.connect(os.environ["DATABASE_URL"], dbname="postgres")
    opened.autocommit = True
    return opened


def rows_over(
    connection: Connection, subjects: Sequence[Facts], statement: str, params: Sequence[Any]
) -> list[dict[str, Any]]:
    """The rows of a statement that reads the relation ``facts``, by ``client_id`` (the position of the subject).

    Numbers travel as text, because a literal -0.0 would lose its sign on the way.
    """
    names = ", ".join(f'"{metric}"' for metric in NUMBERS + CATEGORIES)
    one = ", ".join(["%s::float8"] * len(NUMBERS) + ["%s::text"] * len(CATEGORIES))
    values = ", ".join([f"(%s::int, {one})"] * len(subjects))
    loaded = [item for number, facts in enumerate(subjects) for item in (number, *_as_text(facts))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH facts (client_id, {names}) AS (VALUES {values}) {statement}", [*loaded, *params]
        )
        keys = [column.name for column in cursor.description]
        rows = [dict(zip(keys, row, strict=True)) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: row["client_id"])


def _as_text(facts: Facts) -> list[str | None]:
    values = [facts.get(metric) for metric in NUMBERS + CATEGORIES]
    return [repr(value) if isinstance(value, float) else value for value in values]
