"""What the planner of Postgres may choose from, for a statement whose tables have no statistics worth a guess."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

HASHING = {"enable_nestloop": "off"}
"""Join by hashing: for statements over many clients."""

RANGE = {
    "enable_nestloop": "off",
    "enable_hashjoin": "off",
    "enable_bitmapscan": "off",
    "max_parallel_workers_per_gather": "0",
}
"""Read what is in force of a range of clients by indexes, all in the order of clients, and merge it: nothing is hashed
or sorted. In one process: other workers have the other cores."""

LOOKING_UP = {"enable_hashjoin": "off", "enable_mergejoin": "off"}
"""Join row by row through an index: for statements over what changed."""

_SET = "SELECT set_config(name, value, true) FROM unnest(%(names)s::text[], %(values)s::text[]) AS s (name, value)"

TIME_FOR_THE_BOOK = "4min"  # a million clients take about twenty seconds


def over_the_book(cursor: Any) -> None:
    """Let statements take their time until the transaction ends: they look at every client at once."""
    cursor.execute("SET LOCAL statement_timeout = %s", [TIME_FOR_THE_BOOK])


@contextmanager
def planning(cursor: Any, settings: dict[str, str]) -> Iterator[None]:
    """Plan like that within the block, which is part of a transaction. An error undoes it with the transaction."""
    cursor.execute(_SET, {"names": list(settings), "values": list(settings.values())})
    yield
    cursor.execute(_SET, {"names": list(settings), "values": [None] * len(settings)})
