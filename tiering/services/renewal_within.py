"""Records → facts of clients within projects: the part of `renewal` that is about projects."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tiering.facts.projects import derive_projects
from tiering.services.prepared import execute


def stage(cursor: Any, clients: Sequence[int], as_of: datetime) -> set[int]:
    """Keep what changed of the clients within projects in a table of this session; the ids of those clients.

    Where a client takes no part any more, its facts there end without others.
    """
    statement, params = _renewed(clients, as_of)
    cursor.execute("DROP TABLE IF EXISTS pg_temp.retier_within")
    execute(cursor, statement, params, keep="CREATE TEMPORARY TABLE retier_within ON COMMIT DROP AS")
    cursor.execute("SELECT DISTINCT client_id FROM retier_within")
    return {pk for (pk,) in cursor.fetchall()}


def write(cursor: Any, locked: Sequence[int], as_of: datetime) -> set[int]:
    """Store what was kept of locked clients; the ids of those all of whose facts stood as they did then."""
    cursor.execute(STANDING, {"locked": list(locked), "as_of": as_of})
    cursor.execute(WRITE.format(before=""), {"as_of": as_of})
    cursor.execute("SELECT DISTINCT client_id FROM retier_within")
    return {pk for (pk,) in cursor.fetchall()}


def renew(cursor: Any, clients: Sequence[int], as_of: datetime) -> None:
    """Both at once, for clients who are locked already and of whom nothing is known from the moment on."""
    statement, params = _renewed(clients, as_of)
    execute(cursor, WRITE.format(before=f"retier_within AS MATERIALIZED ({statement}), "), params)


def _renewed(clients: Sequence[int], as_of: datetime) -> tuple[str, dict[str, Any]]:
    statement, params = derive_projects(clients, as_of)
    return RENEWED.format(derived=statement), {**params, "as_of": as_of}


RENEWED = """
WITH derived AS MATERIALIZED ({derived}), former AS MATERIALIZED (
    SELECT id, client_id, project_id, valid_from, content_hash, dates FROM tiering_projectfacts
    WHERE client_id = ANY(%(within_clients)s::bigint[]) AND valid_to IS NULL
)
SELECT d.client_id, d.project_id, d."values", d.sources, d.dates, d.content_hash, f.id AS former_id
FROM derived d LEFT JOIN former f USING (client_id, project_id)
WHERE f.id IS NULL OR (f.valid_from < %(as_of)s
    AND (f.content_hash, f.dates) IS DISTINCT FROM (d.content_hash, d.dates))
UNION ALL
SELECT f.client_id, f.project_id, NULL, NULL, NULL, NULL, f.id
FROM former f LEFT JOIN derived d USING (client_id, project_id)
WHERE d.client_id IS NULL AND f.valid_from < %(as_of)s
"""

SINCE = """(EXISTS (
    SELECT FROM tiering_assessment WHERE client_id = n.client_id AND valid_to IS NULL AND valid_from >= %(as_of)s)
OR EXISTS (
    SELECT FROM tiering_assignment WHERE client_id = n.client_id AND valid_to IS NULL AND valid_from >= %(as_of)s))"""
"""Whether a later assessment or decision rests on the facts in force of client `n`: then they must not end before it."""

# Whoever changed between then and the lock is left to them, with all projects: their request asks for it. So is whose
# part ended later than the moment, though it may have begun again: nothing is known of it twice at a time.
STANDING = f"""
DELETE FROM retier_within n WHERE NOT n.client_id = ANY(%(locked)s::bigint[])
OR {SINCE}
OR n.client_id IN (
    SELECT m.client_id FROM retier_within m WHERE m.former_id IS DISTINCT FROM (
        SELECT id FROM tiering_projectfacts
        WHERE client_id = m.client_id AND project_id = m.project_id AND valid_to IS NULL LIMIT 1)
    OR EXISTS (
        SELECT FROM tiering_projectfacts
        WHERE client_id = m.client_id AND project_id = m.project_id AND valid_to > %(as_of)s))
"""  # noqa: S608 - a condition of ours

# The former rows are closed first: of each client and project one row is in force.
WRITE = """
WITH {before}closed AS (
    UPDATE tiering_projectfacts SET valid_to = %(as_of)s WHERE id = ANY(ARRAY(SELECT former_id FROM retier_within))
    RETURNING id
)
INSERT INTO tiering_projectfacts (client_id, project_id, valid_from, "values", sources, dates, content_hash)
SELECT client_id, project_id, %(as_of)s, "values", sources, dates, content_hash
FROM retier_within WHERE content_hash IS NOT NULL AND (SELECT count(*) FROM closed) >= 0
"""
