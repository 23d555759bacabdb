"""By which names records call their sources."""

from __future__ import annotations

from django.db import connection

from crm.core.sources import RECORD, STATEMENT

# Of the sources that differed anywhere, and of the bureaus: each name once, by a look at few rows.
NAMES = """
SELECT DISTINCT name FROM (
    SELECT one ->> 'source' AS name FROM tiering_sourceconflict, jsonb_array_elements(told) one
    UNION ALL (SELECT source FROM crm_observation ORDER BY id DESC LIMIT 5000)
    UNION ALL (SELECT bureau FROM crm_creditreport ORDER BY id DESC LIMIT 5000)
) named WHERE name NOT IN ('override', 'decision', '') ORDER BY name LIMIT 200
"""


def known_sources() -> list[str]:
    """What may be offered when sources are put in order: those of differences, and of the latest records."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES)
        return sorted({STATEMENT, RECORD, *(name for (name,) in cursor.fetchall())})
