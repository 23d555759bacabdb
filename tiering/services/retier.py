"""Facts → assessment → assignment or proposal for a set of clients: what runs and changed records have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tiering.errors import NotYetPossible
from tiering.models import TieringRun
from tiering.selectors.criteria import document_of
from tiering.services import retier_sql


@dataclass(frozen=True)
class Outcome:
    """The ids of the clients that were looked at, and how often what came of it."""

    looked_at: frozenset[int] = frozenset()
    assessed: int = 0
    assigned: int = 0
    proposed: int = 0

    @property
    def clients(self) -> int:
        return len(self.looked_at)


def lock_clients(clients: Sequence[int]) -> list[int]:
    """Lock those of the clients that nobody else holds until the end of the transaction, in the order of their ids.

    Never waits: an import may hold thousands of clients in an order of its own, and two that wait for each other
    would end in a deadlock. For whom it did not get, the caller leaves or writes a request.
    """
    with connection.cursor() as cursor:
        cursor.execute(retier_sql.LOCK, {"clients": list(clients)})
        return [pk for (pk,) in cursor.fetchall()]


def latest_moment(clients: Sequence[int]) -> datetime | None:
    """The latest moment from which any fact or tier of the clients holds."""
    with connection.cursor() as cursor:
        cursor.execute(retier_sql.LATEST, {"clients": list(clients)})
        return cursor.fetchone()[0]


def retier(*, run: TieringRun, as_of: datetime, clients: Sequence[int]) -> Outcome:
    """Bring facts, assessments and tiers of locked clients up to a moment, in the transaction of the caller.

    A row is written only where something changed. The first tier is assigned; a changed one is assigned too unless
    the criteria ask for a review, and then it is proposed. Clients about whom something is known from that moment on
    are passed over: history is never rewritten, and they are not counted. Raises NotYetPossible for a run that is not
    official: what only tries something out must never touch a tier.
    """
    if run.kind != TieringRun.Kind.OFFICIAL:
        raise NotYetPossible
    document = document_of(run.version)
    with connection.cursor() as cursor:
        params: dict[str, Any] = {
            "as_of": as_of,
            "run": run.pk,
            "version": run.version_id,
            "scheme": run.version.criteria.scheme_id,
            "requested_by": run.requested_by_id,
        }
        cursor.execute(retier_sql.NOT_NEWER, {**params, "clients": list(clients)})
        known = [pk for (pk,) in cursor.fetchall()]
        if not known:
            return Outcome()
        statement, values = retier_sql.worksheet(document, known, as_of)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.retier_worksheet")
        cursor.execute(statement, {**values, **params})
        written = {step: _execute(cursor, sql, params) for step, sql in retier_sql.STEPS.items()}
    return Outcome(
        looked_at=frozenset(known),
        assessed=written["assess"],
        assigned=written["assign"],
        proposed=written["propose"],
    )


def _execute(cursor: Any, sql: str, params: dict[str, Any]) -> int:
    cursor.execute(sql, params)
    return cursor.rowcount
