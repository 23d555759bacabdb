"""The nights of challengers: what is kept of them for good, and which results for each subject go."""

from django.db import connection, transaction

KEPT_NIGHTS = 7
"""So many of the latest nights keep their results, the first one does, and the last one of each month."""


def note_nights() -> int:
    """Keep how challengers agreed in the nights that are through; the number of nights that were noted.

    May be called at any time: a night is noted once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NOTE)
        return cursor.rowcount


@transaction.atomic
def let_results_go() -> int:
    """Delete the results of the oldest night that need not be kept; the number of results. One night at a time: a large
    book has a million of them."""
    with connection.cursor() as cursor:
        cursor.execute(_LET_GO, {"kept": KEPT_NIGHTS})
        return cursor.rowcount


_NOTE = """
INSERT INTO tiering_challengenight (challenger_id, run_id, day, subjects, same, higher, lower)
SELECT c.id, r.id, r.slot::date, count(t.id), count(t.id) FILTER (WHERE t.rank = t.held_rank),
       count(t.id) FILTER (WHERE t.rank < t.held_rank), count(t.id) FILTER (WHERE t.rank > t.held_rank)
FROM tiering_challenger c JOIN tiering_tierscheme s ON s.id = c.scheme_id
JOIN tiering_tieringrun r ON r.version_id = c.version_id AND r.kind = 'shadow' AND r.trigger = 'schedule'
    AND r.status = 'done' AND r.created_at >= c.started_at AND (c.ended_at IS NULL OR r.created_at <= c.ended_at)
LEFT JOIN tiering_trialresult t ON t.run_id = r.id AND t.held_rank IS NOT NULL
    AND (t.project_id IS NOT NULL) = (s.subject = 'project')
WHERE NOT EXISTS (SELECT FROM tiering_challengenight n WHERE n.run_id = r.id)
GROUP BY c.id, r.id ON CONFLICT DO NOTHING
"""

_LET_GO = """
WITH placed AS (
    SELECT run_id, day, is_kept, row_number() OVER (PARTITION BY challenger_id ORDER BY day DESC) AS latest,
           min(day) OVER (PARTITION BY challenger_id) AS first,
           lead(day) OVER (PARTITION BY challenger_id ORDER BY day) AS following
    FROM tiering_challengenight
), spent AS (
    SELECT run_id FROM placed
    WHERE is_kept AND latest > %(kept)s AND day > first AND date_trunc('month', following) = date_trunc('month', day)
    ORDER BY day LIMIT 1
), noted AS (UPDATE tiering_challengenight n SET is_kept = FALSE FROM spent WHERE n.run_id = spent.run_id)
DELETE FROM tiering_trialresult t USING spent WHERE t.run_id = spent.run_id
"""
