"""The statement that proposes what a change of tier asks of facilities, for many clients at once.

Parameters: ``changes``, the ids of what changed; ``scheme``; ``policy``, the version in effect; ``tiers`` and
``add_ons`` as arrays; ``raise_at_most`` as a fraction; ``day``; ``revolving``, what can be drawn again and again.

A limit comes down for a worse tier and goes up for a better one. It comes down in proportion to all limits of the
client, to full thousands, and not below what is drawn; it goes up only where everything that bounds the ceiling is
known, and only where it can be drawn again. A rate moves by the difference of two add-ons: that of the tier in force,
and that of the tier whose add-on the rate has, which a proposal that is still open knows better than the change.
Facilities go by the tiers of one scheme at a time: what another one had proposed before makes way.
"""

PROPOSE = """
WITH changed AS (
    SELECT client_id, (array_agg(from_tier_id ORDER BY id))[1] AS from_id, max(id) AS change_id
    FROM tiering_tierchange WHERE id = ANY(%(changes)s::bigint[]) GROUP BY client_id
), standing AS MATERIALIZED (
    SELECT g.client_id, g.from_id, g.change_id, t.id AS to_id, b.rank - t.rank AS notches,
           {ceiling} AS ceiling, {complete} AS is_complete
    FROM changed g
    JOIN tiering_assignment a ON a.client_id = g.client_id AND a.scheme_id = %(scheme)s AND a.project_id IS NULL
        AND a.valid_to IS NULL
    JOIN tiering_tier t ON t.id = a.tier_id
    JOIN tiering_tier b ON b.id = g.from_id
    LEFT JOIN tiering_facts f ON f.client_id = g.client_id AND f.valid_to IS NULL
), lent AS MATERIALIZED (
    SELECT s.*, f.id AS facility_id, f."limit"::float8 AS granted, f.drawn::float8 AS drawn, f.rate,
           f.product = ANY(%(revolving)s::text[]) AS revolves,
           sum(f."limit"::float8) OVER whole AS total,
           sum(f."limit"::float8) FILTER (WHERE f.product = ANY(%(revolving)s::text[])) OVER whole AS total_revolving
    FROM standing s JOIN crm_facility f ON f.client_id = s.client_id
    WHERE f.opened_on <= %(day)s AND (f.closed_on IS NULL OR f.closed_on > %(day)s)
    WINDOW whole AS (PARTITION BY s.client_id)
), limits AS (
    SELECT *, CASE
        WHEN notches < 0 AND total > ceiling THEN floor(granted * ceiling / total / 1000) * 1000
        WHEN notches > 0 AND is_complete AND revolves AND total < ceiling AND granted > 0
            THEN floor(least(granted * (1 + %(raise_at_most)s::float8),
                             granted + (ceiling - total) * granted / total_revolving) / 1000) * 1000
        END AS wanted
    FROM lent
), open AS (
    SELECT c.id, c.facility_id, c.term, c.from_tier_id, g.scheme_id
    FROM tiering_facilitychange c JOIN standing s ON s.client_id = c.client_id
    JOIN tiering_tierchange g ON g.id = c.change_id
    WHERE c.status = 'proposed'
), superseded AS (
    UPDATE tiering_facilitychange SET status = 'superseded' WHERE id IN (SELECT id FROM open) RETURNING 1
), priced AS (
    SELECT l.*, base.from_id AS rate_of, now_.add_on - before.add_on AS points
    FROM lent l
    CROSS JOIN LATERAL (
        SELECT coalesce((SELECT from_tier_id FROM open WHERE facility_id = l.facility_id AND term = 'rate'
                         AND scheme_id = %(scheme)s), l.from_id) AS from_id
    ) base
    JOIN unnest(%(tiers)s::bigint[], %(add_ons)s::int[]) AS before (tier_id, add_on) ON before.tier_id = base.from_id
    JOIN unnest(%(tiers)s::bigint[], %(add_ons)s::int[]) AS now_ (tier_id, add_on) ON now_.tier_id = l.to_id
), proposed AS (
    SELECT client_id, facility_id, change_id, from_id, to_id, 'limit' AS term, granted AS before,
           greatest(wanted, drawn) AS after, wanted < drawn AS stops, ceiling
    FROM limits WHERE wanted IS NOT NULL
    AND CASE WHEN notches < 0 THEN greatest(wanted, drawn) < granted ELSE wanted > granted END
    UNION ALL
    SELECT client_id, facility_id, change_id, rate_of, to_id, 'rate', rate, greatest(rate + points / 10000.0, 0), false,
           ceiling
    FROM priced WHERE rate IS NOT NULL AND points <> 0
)
INSERT INTO tiering_facilitychange
    (client_id, facility_id, change_id, policy_id, from_tier_id, to_tier_id, term, before, after, stops_drawing, ceiling,
     status, reason)
SELECT client_id, facility_id, change_id, %(policy)s, from_id, to_id, term, before, after, stops, ceiling, 'proposed', ''
FROM proposed
WHERE (SELECT count(*) FROM superseded) >= 0 AND round(before::numeric, 6) <> round(after::numeric, 6)
ON CONFLICT (facility_id, term) WHERE status = 'proposed' DO NOTHING
RETURNING client_id
"""
