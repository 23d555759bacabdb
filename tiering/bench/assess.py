"""Assessing alone: the compiled criteria beside the statement by hand, another rule engine, and plain Python."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tiering.bench.book import Book
from tiering.bench.clocks import Backend, Spent, interleaved
from tiering.bench.metrics import TABLE, sample
from tiering.bench.peers import by_python, by_zen, facts_of
from tiering.bench.reference import by_hand
from tiering.bench.report import Line, at_least, at_most
from tiering.core.compile import compile_assessment
from tiering.core.sql import Compiled

ROUNDS = 7
SAMPLE = 2_000
OF_BY_HAND = 0.6
TIMES_ZEN = 100


class Disagreement(Exception):
    """Two ways that must agree on every tier do not."""


def assessing(book: Book) -> Iterator[Line]:
    """Seconds per million clients, and how they compare. Raises Disagreement."""
    hand: Compiled = (by_hand(book.document, TABLE), ())
    ours = compile_assessment(book.document, TABLE)
    _check_equal(hand, ours)
    backend = Backend()
    ways = {"A": hand, "ours": ours}
    spent = interleaved({name: partial(_assess, backend, way) for name, way in ways.items()}, ROUNDS)
    million = 1_000_000 / book.clients
    kind = _("CPU of the server's process") if backend.is_here else _("wall time; the server runs elsewhere")
    yield Line(_("A, by hand: a million clients"), f"{spent['A'].effort * million:.2f} s ({kind})")
    yield Line(_("compiled criteria: a million clients"), f"{spent['ours'].effort * million:.2f} s")
    yield at_most(_("assessing ÷ A"), spent["ours"].effort / spent["A"].effort, OF_BY_HAND)
    yield from _peers(book, ours, spent["ours"].effort / book.clients)


def by_hand_once(book: Book) -> Spent:
    """What “A” takes over the whole book, for measures that are compared with it."""
    act = partial(_assess, Backend(), (by_hand(book.document, TABLE), ()))
    return interleaved({"A": act}, 3)["A"]


def _assess(backend: Backend, way: Compiled) -> Spent:
    """Compute every column for every client and send none: an OFFSET beyond the last row drops them."""
    statement, params = f"SELECT * FROM ({way[0]}) AS assessed OFFSET 1e9::bigint", way[1] or None  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        # The CPU time of helpers could not be seen from here.
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        return backend.time(partial(cursor.execute, statement, params))


def _check_equal(hand: Compiled, ours: Compiled) -> None:
    columns = "client_id, score, model_tier, tier, provisional, gates"
    differing = f"""
SELECT count(*) FROM (
    (SELECT {columns} FROM ({hand[0]}) AS a EXCEPT ALL SELECT {columns} FROM ({ours[0]}) AS b)
) AS differing
"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(differing, ours[1])
        count = cursor.fetchone()[0]
    if count:
        raise Disagreement(f"{count} clients come out differently by hand and compiled.")


def _peers(book: Book, ours: Compiled, per_client: float) -> Iterator[Line]:
    rows = sample(min(book.clients, SAMPLE))
    facts = [facts_of(row) for row in rows]
    expected = _ranks(ours, len(rows))
    for name, goal, timed in (
        (_("zen's batch call, a client ÷ ours"), TIMES_ZEN, by_zen(book.document, facts)),
        (_("plain Python, a client ÷ ours"), None, by_python(book.document, facts)),
    ):
        if timed is None:
            yield Line(name, _("zen-engine is not installed"))
            continue
        ranks, seconds = timed
        if ranks != expected:
            raise Disagreement(name)
        ratio = seconds / len(rows) / per_client
        yield Line(name, f"{ratio:,.0f}") if goal is None else at_least(name, ratio, goal)


def _ranks(ours: Compiled, clients: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT tier FROM ({ours[0]}) AS assessed WHERE client_id <= %s ORDER BY client_id",  # noqa: S608
            [*ours[1], clients],
        )
        return [rank for (rank,) in cursor.fetchall()]
