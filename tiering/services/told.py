"""Finding where sources differ, set by set, and ending decisions that a source spoke after."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import connection

from crm.core.sources import UNRANKED
from crm.selectors.sources import declared_ranks
from crm.signals import records_changed
from tiering.facts.precedence import place
from tiering.selectors.told import BY_METRIC, told_at

FOUND: Final = "CREATE TEMPORARY TABLE told_found ON COMMIT DROP AS WITH told AS ({told}) {by_metric}"
# A decision stands as long as nobody says anything but what was said when it was made.
SPOKEN: Final = """
WITH ended AS (
    UPDATE tiering_sourcedecision d SET ended_at = now(), ending = 'newer', observation = NULL
    FROM told_found f, tiering_sourcedecision was
    WHERE d.id = was.id AND d.ended_at IS NULL AND f.client_id = d.client_id AND f.metric = d.metric
    AND NOT d.told @> f.told
    RETURNING was.observation
)
DELETE FROM crm_observation WHERE id IN (SELECT observation FROM ended) RETURNING id
"""
GONE: Final = """
DELETE FROM tiering_sourceconflict c WHERE c.client_id {of}
AND NOT EXISTS (SELECT FROM told_found f WHERE f.client_id = c.client_id AND f.metric = c.metric AND f.differs)
"""
DIFFER: Final = """
INSERT INTO tiering_sourceconflict (client_id, metric, told, settled)
SELECT f.client_id, f.metric, f.told,
       CASE WHEN d.id IS NOT NULL THEN 'decision' WHEN f.governed THEN 'override'
            WHEN f.first < %(unranked)s THEN 'order' ELSE '' END
FROM told_found f
LEFT JOIN tiering_sourcedecision d ON d.client_id = f.client_id AND d.metric = f.metric AND d.ended_at IS NULL
WHERE f.differs
ON CONFLICT (client_id, metric) DO UPDATE SET told = EXCLUDED.told, settled = EXCLUDED.settled
WHERE (tiering_sourceconflict.told, tiering_sourceconflict.settled) IS DISTINCT FROM (EXCLUDED.told, EXCLUDED.settled)
"""


def renew_told(*, at: datetime, of: str, params: Mapping[str, Any]) -> None:
    """Look anew at what sources say of clients, within the caller's transaction; `of` and `params` choose them."""
    ranks = declared_ranks()
    statement, given = told_at(at, of)
    ranked = place("told.metric", "source") if ranks else str(UNRANKED)
    found = FOUND.format(told=statement, by_metric=BY_METRIC.format(place=ranked))
    given |= {**params, "ranks": json.dumps(ranks), "unranked": UNRANKED}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.told_found")
        cursor.execute(found, given)
        cursor.execute(SPOKEN)
        if cursor.fetchone():
            records_changed()
        cursor.execute(GONE.format(of=of), given)
        cursor.execute(DIFFER, given)
