"""Facts → assessment → assignment or proposal for a set of clients: what runs and changed records have in common.

Three acts: `stage` finds what changes and locks nobody; `staged` says whom it is about, in parts; `settle` locks those
of one and carries their changes out. `retier` does all of it at once for few clients who are locked already.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tiering.models import TieringRun
from tiering.services import ledger_sql
from tiering.services.lasting import lasts, narrowed
from tiering.services.locks import lock_clients
from tiering.services.planner import HASHING, RANGE, planning
from tiering.services.prepared import execute
from tiering.services.staging import changes
from tiering.services.subjects import Method, Scope, method_of


@dataclass(frozen=True)
class Outcome:
    """How many clients were looked at, and how often what came of it.

    `left` are the ids of those who have to be looked at again: somebody else changes them at this moment, or did since.
    """

    clients: int = 0
    assessed: int = 0
    assigned: int = 0
    proposed: int = 0
    left: frozenset[int] = field(default=frozenset())

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.clients + other.clients,
            self.assessed + other.assessed,
            self.assigned + other.assigned,
            self.proposed + other.proposed,
            self.left | other.left,
        )


def latest_moment(clients: Sequence[int]) -> datetime | None:
    """The latest moment from which any fact or tier of the clients holds."""
    with connection.cursor() as cursor:
        execute(cursor, LATEST, {"clients": list(clients)})
        return cursor.fetchone()[0]


LATEST = """
SELECT max(at) FROM (
    SELECT max(valid_from) AS at FROM tiering_facts
    WHERE client_id = ANY(%(clients)s::bigint[]) AND valid_to IS NULL
    UNION ALL SELECT max(valid_from) FROM tiering_projectfacts
    WHERE client_id = ANY(%(clients)s::bigint[]) AND valid_to IS NULL
    UNION ALL SELECT max(valid_from) FROM tiering_assessment
    WHERE client_id = ANY(%(clients)s::bigint[]) AND valid_to IS NULL
    UNION ALL SELECT max(valid_from) FROM tiering_assignment
    WHERE client_id = ANY(%(clients)s::bigint[]) AND valid_to IS NULL
) AS moments
"""


def retier(*, run: TieringRun, as_of: datetime, clients: Sequence[int]) -> Outcome:
    """Bring assessments and tiers of locked clients up to their facts in force, in the transaction of the caller.

    A row is written only where something changed. The first tier is assigned; a changed one is assigned too unless
    the criteria ask for a review, and then it is proposed. `as_of` is later than anything known of the clients.
    """
    method = method_of(run, as_of)
    outcome, _stand = _carry_out(method, *changes(method, Scope(listed=clients)))
    return replace(outcome, clients=len(clients))


@transaction.atomic
def stage(method: Method, scope: Scope, *, everybody: bool = True) -> None:
    """Keep what changes for the clients of a scope in a table of this session, in place of what was kept before.

    Unless `everybody` is to be assessed, those are passed by who cannot come out differently (see `lasting`).
    """
    with connection.cursor() as cursor:
        _clear(cursor)
        with planning(cursor, RANGE):
            if not everybody and lasts(method):
                scope = narrowed(cursor, method, scope)
            if scope.listed is not None and not scope.listed:
                return
            statement, params = changes(method, scope)
            execute(cursor, f"INSERT INTO retier_changes {statement}", params)


def _clear(cursor: Any) -> None:
    """The table lasts as long as the session does, because what is planned with it would not outlive it. What is deleted
    goes on taking room until the table has become so large that planning anew costs less than reading past it."""
    cursor.execute(ROOM)
    cursor.execute("SELECT pg_relation_size('pg_temp.retier_changes')")
    is_large = cursor.fetchone()[0] > MOST_ROOM
    cursor.execute("TRUNCATE retier_changes" if is_large else "DELETE FROM retier_changes")


MOST_ROOM = 2**20  # bytes

# The columns of `staging.CHANGES`, in their order.
ROOM = """
SET LOCAL client_min_messages = warning;
CREATE TEMPORARY TABLE IF NOT EXISTS retier_changes (
    client_id bigint, project_id bigint, facts_id bigint, project_facts_id bigint, assignment_id bigint,
    held_id bigint, assessment_id bigint, pending_id bigint, scorecard text, score bigint, provisional boolean,
    gates text[], overlays text[], model_tier_id bigint, base_tier_id bigint, overlay_tier_id bigint, tier_id bigint,
    new_result boolean, unsettled boolean, passed_over boolean, unseen boolean, decided_since boolean
)
"""


@dataclass(frozen=True)
class Part:
    """Some clients of what was staged, in the order of their ids up to `last`: those to change and those passed over.

    `unseen` are those of the latter who have to be assessed anew: what is known of them since was not, or no more than
    their tier was decided since and the run finds another result.
    """

    last: int
    changed: Sequence[int]
    passed_over: frozenset[int]
    unseen: frozenset[int]


def staged(size: int) -> list[Part]:
    """Who was staged, so many clients at a time; one part with nobody in it where nothing changes."""
    with connection.cursor() as cursor:
        cursor.execute(WHO)
        rows = cursor.fetchall()
    return [_part(rows[first : first + size]) for first in range(0, len(rows), size)] or [_part([])]


def _part(rows: Sequence[tuple[int, bool, bool]]) -> Part:
    return Part(
        last=rows[-1][0] if rows else 0,
        changed=[client for client, passed, _ in rows if not passed],
        passed_over=frozenset(client for client, passed, _ in rows if passed),
        unseen=frozenset(client for client, _, unseen in rows if unseen),
    )


WHO = """
SELECT client_id, bool_or(passed_over), bool_or(unseen OR decided_since AND (new_result OR tier_id IS NULL))
FROM retier_changes GROUP BY client_id ORDER BY client_id
"""


def settle(method: Method, clients: Sequence[int]) -> Outcome:
    """Lock staged clients and carry out what was staged for them, in the transaction of the caller.

    Those whom somebody else holds, and those about whom something changed since they were staged, are `left`.
    """
    if not clients:
        return Outcome()
    locked = lock_clients(clients)
    outcome, stand = _carry_out(method, ledger_sql.STAGED, {**method.params, "locked": locked})
    return replace(outcome, left=frozenset(clients) - stand)


def _carry_out(method: Method, changes: str, params: dict[str, Any]) -> tuple[Outcome, frozenset[int]]:
    """What came of the changes of locked clients, and whose changes these were."""
    statement = ledger_sql.carrying_out(method, changes)
    with connection.cursor() as cursor:
        execute(cursor, statement, params, plan=HASHING)
        assessed, assigned, proposed, changed = cursor.fetchone()
    return Outcome(len(changed), assessed, assigned, proposed), frozenset(changed)
