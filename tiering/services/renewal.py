"""Records → facts: derived for many clients at once, stored where they changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection

from tiering.core.edges import edges
from tiering.facts import CLOCK_STEPS, COLUMNS, STORED, derive
from tiering.models import CriteriaVersion, TierScheme
from tiering.selectors.criteria import document_of
from tiering.services import renewal_within as within
from tiering.services.locks import lock_clients
from tiering.services.planner import LOOKING_UP, planning
from tiering.services.prepared import execute


def renew_facts(
    *, clients: Sequence[int], as_of: datetime, versions: Iterable[CriteriaVersion]
) -> tuple[set[int], set[int]]:
    """Bring the facts of clients up to a moment, in the transaction of the caller: the ids of those whose facts were
    renewed, and of those who were left alone because somebody else changes them at this moment.

    Nobody is locked but those whose facts changed. Where time alone moved a value, it is stored anew by steps, or as
    soon as one of the versions of criteria tells it from the stored one. Facts that hold from later on stay. What is
    known of them within projects is renewed too, where there are schemes of projects.
    """
    statement, params = _renewed(clients, as_of, versions)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.retier_facts")
        execute(cursor, statement, params, keep="CREATE TEMPORARY TABLE retier_facts ON COMMIT DROP AS")
        cursor.execute("SELECT client_id FROM retier_facts")
        changed = {pk for (pk,) in cursor.fetchall()}
        in_projects = within.stage(cursor, clients, as_of) if _projects_count() else set()
        if not changed | in_projects:
            return set(), set()
        locked = lock_clients(sorted(changed | in_projects))
        with planning(cursor, LOOKING_UP):
            cursor.execute(STANDING, {"locked": locked, "as_of": as_of})
            cursor.execute(WRITE.format(before=""), {"as_of": as_of})
            left = changed - {pk for (pk,) in cursor.fetchall()}
            if in_projects:
                left |= in_projects - within.write(cursor, locked, as_of)
    return (changed | in_projects) - left, left


def renew_locked(*, clients: Sequence[int], as_of: datetime, versions: Iterable[CriteriaVersion]) -> None:
    """The same for clients whom the caller has locked, and of whom nothing is known from the moment on."""
    statement, params = _renewed(clients, as_of, versions)
    with connection.cursor() as cursor:
        execute(cursor, WRITE.format(before=f"retier_facts AS MATERIALIZED ({statement}), "), params)
        if _projects_count():
            within.renew(cursor, clients, as_of)


def _projects_count() -> bool:
    return TierScheme.objects.filter(subject=TierScheme.Subject.PROJECT).exists()


def _renewed(
    clients: Sequence[int], as_of: datetime, versions: Iterable[CriteriaVersion]
) -> tuple[str, dict[str, Any]]:
    statement, params = derive(clients, as_of)
    return RENEWED.format(derived=statement, moved=_moved()), {
        **params,
        **clock_edges(versions),
        "as_of": as_of,
    }


RENEWED = """
SELECT d.*, f.id AS former_id
FROM ({derived}) AS d
LEFT JOIN LATERAL (
    SELECT * FROM tiering_facts WHERE client_id = d.client_id AND valid_to IS NULL LIMIT 1
) f ON true
WHERE f.id IS NULL OR (f.valid_from < %(as_of)s AND {moved})
"""

# Whoever changed between then and the lock is left to them: their request asks for it.
STANDING = f"""
DELETE FROM retier_facts n
WHERE NOT n.client_id = ANY(%(locked)s::bigint[])
OR {within.SINCE}
OR n.former_id IS DISTINCT FROM (
    SELECT id FROM tiering_facts WHERE client_id = n.client_id AND valid_to IS NULL LIMIT 1)
"""  # noqa: S608 - a condition of ours

_STORED = ", ".join(STORED)

# The former rows are closed first: of each client one row is in force.
WRITE = f"""
WITH {{before}}closed AS (
    UPDATE tiering_facts SET valid_to = %(as_of)s WHERE id = ANY(ARRAY(SELECT former_id FROM retier_facts))
    RETURNING id
)
INSERT INTO tiering_facts (client_id, valid_from, {_STORED})
SELECT client_id, %(as_of)s, {_STORED} FROM retier_facts WHERE (SELECT count(*) FROM closed) >= 0
RETURNING client_id
"""  # noqa: S608 - columns of the catalogue


def clock_edges(versions: Iterable[CriteriaVersion]) -> dict[str, list[float]]:
    """By parameter name, where criteria tell the values of a metric apart that moves with time."""
    documents = [document_of(version) for version in versions]
    return {
        f"edges_of_{metric}": sorted(frozenset().union(*(edges(document, metric) for document in documents)))
        for metric in CLOCK_STEPS
    }


@cache
def _moved() -> str:
    """Whether a value differs from the stored one by more than the clock moves it between two of its steps."""
    return f"({_coarse('f')}, f.custom, f.dates) IS DISTINCT FROM ({_coarse('d')}, d.custom, d.dates)"


def _coarse(alias: str) -> str:
    return ", ".join(
        _steps(alias, column) if column in CLOCK_STEPS else f"{alias}.{column}" for column in COLUMNS
    )


def _steps(alias: str, metric: str) -> str:
    value = f"{alias}.{metric}"
    bucket = f"width_bucket({value}, %(edges_of_{metric})s::float8[])"
    return f"floor({value} / {CLOCK_STEPS[metric]}), {bucket}"
