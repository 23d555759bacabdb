"""Which of its projects decides the tier of a client, as SQL. ``rollup.py`` says what it means."""

from tiering.core.document import RollUp
from tiering.core.sql import Compiled, known, relation_sql

_ORDERS = {
    "best": ["f.rank", "f.score DESC"],
    "worst": ["f.rank DESC", "f.score"],
    "largest": [
        f"CASE WHEN {known('f.value', True).text} THEN f.value END DESC NULLS LAST",
        "f.rank DESC",
        "f.score",
    ],
}


def compile_roll_up(roll_up: RollUp, relation: str) -> Compiled:
    """A SELECT of the row of ``relation`` that decides for each client, and its parameters.

    ``relation`` has a row per client and project: ``client_id``, ``project_id``, ``rank``, ``score`` and ``value``, the
    double precision that ``largest`` compares. The same columns come out.
    """
    columns = ["f.client_id", "f.project_id", "f.rank", "f.score", "f.value"]
    order = ["f.client_id", *_ORDERS[roll_up.rule], "f.project_id"]
    source = relation_sql(relation).text
    parts = [
        "SELECT DISTINCT ON (f.client_id)",
        ", ".join(columns),
        "FROM",
        source,
        "AS f ORDER BY",
        ", ".join(order),
    ]
    return " ".join(parts), ()
