"""The statement that carries changes out: one worksheet, then step by step.

Ledgers are looked up by their primary keys, and proposals by their client (`+ 0` hides an index that finds too many), so
that nothing is left to guesses about tables without statistics.
"""

from tiering.core.conditions import metrics_of
from tiering.core.sql import compile_condition
from tiering.facts.reading import values_of
from tiering.services.prepared import with_constants
from tiering.services.staging import OVERRIDDEN, named
from tiering.services.subjects import Method

WORKSHEET = """
SELECT s.*, coalesce(v.exposure, 0) AS exposure, v.verdict, v.waiting_since,
       s.pending_id IS NOT NULL AND (s.new_result OR v.verdict <> 'review' OR v.waiting_since IS NULL) AS superseded,
       CASE WHEN s.new_result THEN nextval('tiering_assessment_id_seq') ELSE s.assessment_id END AS pinned_id
FROM (
    SELECT c.*, array_position(%(tiers)s::bigint[], c.held_id) - 1 AS old_rank,
           array_position(%(tiers)s::bigint[], c.tier_id) - 1 AS new_rank
    FROM ({changes}) AS c
) AS s
CROSS JOIN LATERAL (
    SELECT f.exposure, CASE WHEN s.tier_id IS NULL THEN 'end' WHEN s.held_id IS NULL THEN 'first'
                            WHEN s.held_id = s.tier_id OR EXISTS ({overridden}) THEN 'keep'
                            WHEN {review} THEN 'review'
                            ELSE 'change' END AS verdict,
           (SELECT CASE WHEN (from_tier_id, to_tier_id) = (s.held_id, s.tier_id) THEN waiting_since END
            FROM tiering_proposal WHERE id = s.pending_id) AS waiting_since
    FROM tiering_facts f LEFT JOIN tiering_projectfacts p ON p.id = s.project_facts_id
    WHERE f.id = s.facts_id OFFSET 0
) AS v
WHERE NOT s.passed_over
"""
"""`superseded`: the pending proposal stands for the assessment that it pins; a new one, or a tier that came back by
itself, replaces it. `waiting_since`: a pending proposal is of the same move."""

# What was staged of locked clients all of which stands as it did then: the tier as a whole follows from every project.
STAGED = """
SELECT * FROM (
    SELECT c.*, bool_and(
        c.facts_id = (SELECT id FROM tiering_facts WHERE client_id = c.client_id AND valid_to IS NULL LIMIT 1)
        AND c.project_facts_id IS NOT DISTINCT FROM (
            SELECT id FROM tiering_projectfacts WHERE client_id = c.client_id
            AND project_id = c.project_id AND valid_to IS NULL LIMIT 1)
        AND c.assessment_id IS NOT DISTINCT FROM (
            SELECT id FROM tiering_assessment WHERE client_id = c.client_id AND scheme_id = %(scheme)s
            AND project_id IS NOT DISTINCT FROM c.project_id AND valid_to IS NULL LIMIT 1)
        AND c.assignment_id IS NOT DISTINCT FROM (
            SELECT id FROM tiering_assignment WHERE client_id = c.client_id AND scheme_id = %(scheme)s
            AND project_id IS NOT DISTINCT FROM c.project_id AND valid_to IS NULL LIMIT 1)
        AND c.pending_id IS NOT DISTINCT FROM (
            SELECT id FROM tiering_proposal WHERE client_id = c.client_id AND scheme_id = %(scheme)s
            AND project_id IS NOT DISTINCT FROM c.project_id AND status = 'pending' LIMIT 1)
    ) OVER (PARTITION BY c.client_id) AS stands
    FROM unnest(%(locked)s::bigint[]) AS l (client_id) JOIN retier_changes c ON c.client_id = l.client_id
) AS c WHERE stands
"""

STEPS = {
    "closed": """
UPDATE tiering_assessment SET valid_to = %(as_of)s
WHERE id = ANY(ARRAY(SELECT assessment_id FROM retier_worksheet WHERE new_result OR verdict = 'end'))
""",
    "assessed": """
INSERT INTO tiering_assessment
    (id, client_id, project_id, scheme_id, version_id, run_id, facts_id, project_facts_id, valid_from, scorecard, score,
     model_tier_id, base_tier_id, overlay_tier_id, tier_id, provisional, gates, overlays)
SELECT pinned_id, client_id, project_id, %(scheme)s, %(version)s, %(run)s, facts_id, project_facts_id, %(as_of)s,
       scorecard, score, model_tier_id, base_tier_id, overlay_tier_id, tier_id, provisional, gates, overlays
FROM retier_worksheet WHERE new_result
""",
    "superseded": """
UPDATE tiering_proposal SET status = 'superseded'
WHERE id = ANY(ARRAY(SELECT pending_id FROM retier_worksheet WHERE superseded))
""",
    "ended": """
UPDATE tiering_assignment SET valid_to = %(as_of)s
WHERE id = ANY(ARRAY(SELECT assignment_id FROM retier_worksheet WHERE verdict IN ('change', 'end')))
""",
    "assigned": """
INSERT INTO tiering_assignment (client_id, project_id, scheme_id, tier_id, valid_from, assessment_id)
SELECT client_id, project_id, %(scheme)s, tier_id, %(as_of)s, pinned_id
FROM retier_worksheet WHERE verdict IN ('first', 'change')
""",
    # What was rejected last is not proposed again while version, score and gates are what they were then. New evidence
    # for a move that waits already does not send it to the end of the queue.
    "proposed": """
INSERT INTO tiering_proposal
    (client_id, project_id, scheme_id, from_tier_id, to_tier_id, assessment_id, run_id, exposure, status,
     requested_by_id, created_at, waiting_since, comment)
SELECT w.client_id, w.project_id, %(scheme)s, w.held_id, w.tier_id, w.pinned_id, %(run)s, w.exposure, 'pending',
       %(requested_by)s::bigint, %(as_of)s, coalesce(w.waiting_since, %(as_of)s), ''
FROM retier_worksheet w
LEFT JOIN LATERAL (
    SELECT p.status, p.from_tier_id, p.to_tier_id, b.version_id, b.score, b.gates, b.overlays
    FROM tiering_proposal p JOIN LATERAL (SELECT * FROM tiering_assessment WHERE id = p.assessment_id LIMIT 1) b ON true
    WHERE p.client_id = w.client_id AND p.scheme_id + 0 = %(scheme)s AND p.project_id IS NOT DISTINCT FROM w.project_id
    AND p.status NOT IN ('superseded', 'pending')
    ORDER BY p.id + 0 DESC LIMIT 1
) last ON true
WHERE w.verdict = 'review' AND (w.pending_id IS NULL OR w.superseded)
AND NOT coalesce(
    last.status = 'rejected' AND (last.from_tier_id, last.to_tier_id) = (w.held_id, w.tier_id)
    AND (last.version_id, last.score, last.gates::text[], last.overlays::text[])
        = (%(version)s, w.score, w.gates, w.overlays), false)
""",
}
"""What follows from a worksheet of locked clients. All see the ledgers as they were before, and each waits for the one
before it, so that of each subject one row is in force."""

STEP = "{step} AS ({sql} AND (SELECT count(*) FROM {before}) >= 0 RETURNING 1)"

COUNTED = """
SELECT (SELECT count(*) FROM assessed), (SELECT count(*) FROM assigned), (SELECT count(*) FROM proposed),
       ARRAY(SELECT DISTINCT client_id FROM retier_worksheet)
"""

MOVES = {
    "notches": "(s.old_rank - s.new_rank)::float8",
    "old_rank": "s.old_rank::float8",
    "new_rank": "s.new_rank::float8",
}
"""The change that a review policy judges; see `core.catalogue.CHANGE_METRICS`."""


def carrying_out(method: Method, changes: str) -> str:
    """The statement that carries out what a SELECT of changes says of locked clients.

    It gives the numbers of rows assessed, assigned and proposed, and last, whose changes it found.
    """
    sheet = WORKSHEET.format(changes=changes, review=_review(method), overridden=OVERRIDDEN)
    steps, before = [f"retier_worksheet AS MATERIALIZED ({sheet})"], "retier_worksheet"
    for step, sql in STEPS.items():
        steps.append(STEP.format(step=step, sql=sql, before=before))
        before = step
    return f"WITH {', '.join(steps)} {COUNTED}"


def _review(method: Method) -> str:
    """Whether a person must decide on the move; see `core.evaluate.needs_review`."""
    condition = method.document.policy.review_when
    if condition is None:
        return "FALSE"
    read = metrics_of(condition) - set(MOVES)
    columns = {**values_of(read, "f", method.catalogue, "p"), **MOVES}
    return with_constants(*named(compile_condition(condition, columns, method.catalogue), "p"))
