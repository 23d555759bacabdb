"""The statements of `retier`, in the order in which they run.

A temporary worksheet holds, for each client, the facts and the result as they are now, what is in force, and what
follows; the steps after it carry that out.

A ledger that grows a thousandfold within one import has no statistics yet, and guesses about it go wrong by as much.
So nothing here leaves the planner a choice: what is in force is looked up client by client (LATERAL with LIMIT, EXISTS
with OFFSET 0, an order that no other index gives), and the steps join by primary keys alone.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tiering.core.catalogue import POLICY_METRICS
from tiering.core.compile import compile_assessment
from tiering.core.document import Document
from tiering.core.sql import Compiled, compile_condition
from tiering.facts import CLOCK_STEPS, COLUMNS, STORED, derive

LOCK = """
SELECT id FROM crm_client WHERE id = ANY(%(clients)s::bigint[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""

LATEST = """
SELECT max(at) FROM (
    SELECT max(valid_from) AS at FROM tiering_facts WHERE client_id = ANY(%(clients)s::bigint[])
    UNION ALL SELECT max(valid_from) FROM tiering_assessment WHERE client_id = ANY(%(clients)s::bigint[])
    UNION ALL SELECT max(valid_from) FROM tiering_assignment WHERE client_id = ANY(%(clients)s::bigint[])
) AS moments
"""

NOT_NEWER = """
SELECT known.client FROM unnest(%(clients)s::bigint[]) AS known (client)
WHERE NOT EXISTS (
    SELECT FROM tiering_facts
    WHERE client_id = known.client AND valid_to IS NULL AND valid_from >= %(as_of)s OFFSET 0)
AND NOT EXISTS (
    SELECT FROM tiering_assessment
    WHERE client_id = known.client AND scheme_id = %(scheme)s AND valid_to IS NULL
    AND valid_from >= %(as_of)s OFFSET 0)
AND NOT EXISTS (
    SELECT FROM tiering_assignment
    WHERE client_id = known.client AND scheme_id = %(scheme)s AND valid_to IS NULL
    AND valid_from >= %(as_of)s OFFSET 0)
"""


def worksheet(document: Document, clients: Sequence[int], as_of: datetime) -> tuple[str, dict[str, Any]]:
    """CREATE the worksheet, and its parameters without `version` and `scheme`."""
    facts, facts_params = derive(clients, as_of)
    result, result_params = _named(compile_assessment(document, "derived"), "r")
    review, review_params = _review(document)
    statement = WORKSHEET.format(
        facts=facts, result=result, review=review, moved=_moved(), columns=_prefixed("d")
    )
    return statement, {**facts_params, **result_params, **review_params}


# `new_facts`: a value changed by more than the clock, or the stored values would no longer explain the result, or a
# new version is to rest on what is known now. `new_result`: an assessment names its facts and its version, so it is
# new when either is; the facts may have been renewed by a run of another scheme.
WORKSHEET = """
CREATE TEMPORARY TABLE retier_worksheet ON COMMIT DROP AS
WITH derived AS MATERIALIZED ({facts}), result AS MATERIALIZED ({result}), standing AS (
    SELECT d.client_id, {columns},
           x.scorecard, x.score, x.provisional, x.gates, x.tier AS new_rank, m.id AS model_tier_id, t.id AS tier_id,
           f.id AS facts_id, a.id AS assessment_id, g.id AS assignment_id, q.id AS pending_id,
           g.tier_id AS held_id, h.rank AS old_rank,
           (f.id IS NULL OR {moved} OR (f.content_hash <> d.content_hash AND (
               a.id IS NULL OR a.version_id <> %(version)s
               OR (a.scorecard, a.score, a.model_tier_id, a.tier_id, a.provisional, a.gates::text[])
                  IS DISTINCT FROM (x.scorecard, x.score, m.id, t.id, x.provisional, x.gates)))) AS new_facts,
           (a.id IS NULL OR a.version_id <> %(version)s OR a.facts_id <> f.id) AS new_basis
    FROM derived d
    JOIN result x USING (client_id)
    JOIN tiering_tier m ON m.scheme_id = %(scheme)s AND m.rank = x.model_tier
    JOIN tiering_tier t ON t.scheme_id = %(scheme)s AND t.rank = x.tier
    LEFT JOIN LATERAL (
        SELECT * FROM tiering_facts WHERE client_id = d.client_id AND valid_to IS NULL LIMIT 1
    ) f ON true
    LEFT JOIN LATERAL (
        SELECT * FROM tiering_assessment
        WHERE client_id = d.client_id AND scheme_id = %(scheme)s AND valid_to IS NULL LIMIT 1
    ) a ON true
    LEFT JOIN LATERAL (
        SELECT * FROM tiering_assignment
        WHERE client_id = d.client_id AND scheme_id = %(scheme)s AND valid_to IS NULL LIMIT 1
    ) g ON true
    LEFT JOIN LATERAL (
        SELECT id FROM tiering_proposal
        WHERE client_id = d.client_id AND scheme_id = %(scheme)s AND status = 'pending' LIMIT 1
    ) q ON true
    LEFT JOIN tiering_tier h ON h.id = g.tier_id
    OFFSET 0
)
SELECT s.*, new_facts OR new_basis AS new_result,
       CASE WHEN held_id IS NULL THEN 'first' WHEN held_id = tier_id THEN 'keep'
            WHEN {review} THEN 'review' ELSE 'change' END AS verdict
FROM standing s
"""

_COLUMNS = ", ".join(STORED)

STEPS = {
    "close_facts": """
UPDATE tiering_facts f SET valid_to = %(as_of)s FROM retier_worksheet w WHERE f.id = w.facts_id AND w.new_facts
""",
    "write_facts": f"""
WITH written AS (
    INSERT INTO tiering_facts (client_id, valid_from, {_COLUMNS})
    SELECT client_id, %(as_of)s, {_COLUMNS} FROM retier_worksheet WHERE new_facts
    RETURNING id, client_id)
UPDATE retier_worksheet w SET facts_id = written.id FROM written WHERE written.client_id = w.client_id
""",  # noqa: S608 - columns of the catalogue
    "close_assessments": """
UPDATE tiering_assessment a SET valid_to = %(as_of)s
FROM retier_worksheet w WHERE a.id = w.assessment_id AND w.new_result
""",
    "assess": """
WITH written AS (
    INSERT INTO tiering_assessment
        (client_id, scheme_id, version_id, run_id, facts_id, valid_from, scorecard, score, model_tier_id,
         base_tier_id, overlay_tier_id, tier_id, provisional, gates)
    SELECT client_id, %(scheme)s, %(version)s, %(run)s, facts_id, %(as_of)s, scorecard, score, model_tier_id,
           tier_id, tier_id, tier_id, provisional, gates
    FROM retier_worksheet WHERE new_result
    RETURNING id, client_id)
UPDATE retier_worksheet w SET assessment_id = written.id FROM written WHERE written.client_id = w.client_id
""",
    # A proposal stands for the assessment it pins: a new one, or a tier that came back by itself, replaces it.
    "supersede": """
UPDATE tiering_proposal p SET status = 'superseded'
FROM retier_worksheet w
WHERE p.id = w.pending_id
AND (w.new_result OR w.verdict <> 'review' OR p.to_tier_id <> w.tier_id OR p.from_tier_id <> w.held_id)
""",
    "close_assignments": """
UPDATE tiering_assignment g SET valid_to = %(as_of)s
FROM retier_worksheet w WHERE g.id = w.assignment_id AND w.verdict = 'change'
""",
    "assign": """
INSERT INTO tiering_assignment (client_id, scheme_id, tier_id, valid_from, assessment_id)
SELECT client_id, %(scheme)s, tier_id, %(as_of)s, assessment_id
FROM retier_worksheet WHERE verdict IN ('first', 'change')
""",
    # What was rejected last is not proposed again while version, score and gates are what they were then. New evidence
    # for a move that waits already does not send it to the end of the queue.
    "propose": """
INSERT INTO tiering_proposal
    (client_id, scheme_id, from_tier_id, to_tier_id, assessment_id, run_id, exposure, status, requested_by_id,
     created_at, waiting_since, comment)
SELECT w.client_id, %(scheme)s, w.held_id, w.tier_id, w.assessment_id, %(run)s, coalesce(w.exposure, 0), 'pending',
       %(requested_by)s, %(as_of)s, coalesce(former.waiting_since, %(as_of)s), ''
FROM retier_worksheet w
LEFT JOIN tiering_proposal former
    ON former.id = w.pending_id AND (former.from_tier_id, former.to_tier_id) = (w.held_id, w.tier_id)
LEFT JOIN LATERAL (
    SELECT p.status, p.from_tier_id, p.to_tier_id, b.version_id, b.score, b.gates
    FROM tiering_proposal p JOIN tiering_assessment b ON b.id = p.assessment_id
    WHERE p.client_id = w.client_id AND p.scheme_id = %(scheme)s AND p.status <> 'superseded'
    ORDER BY p.id + 0 DESC LIMIT 1
) last ON true
WHERE w.verdict = 'review' AND last.status IS DISTINCT FROM 'pending'
AND NOT coalesce(
    last.status = 'rejected' AND (last.from_tier_id, last.to_tier_id) = (w.held_id, w.tier_id)
    AND (last.version_id, last.score, last.gates::text[]) = (%(version)s, w.score, w.gates), false)
""",
}


def _review(document: Document) -> tuple[str, dict[str, Any]]:
    """Whether a person must decide on the move; see `core.evaluate.needs_review`."""
    if document.policy.review_when is None:
        return "FALSE", {}
    columns = {key: f"s.{key}" for key in COLUMNS}
    columns |= {
        "notches": "(s.old_rank - s.new_rank)::float8",
        "old_rank": "s.old_rank::float8",
        "new_rank": "s.new_rank::float8",
    }
    return _named(compile_condition(document.policy.review_when, columns, POLICY_METRICS), "p")


def _named(compiled: Compiled, prefix: str) -> tuple[str, dict[str, Any]]:
    """The same statement with named parameters, so that it can stand among others."""
    text, values = compiled
    names = [f"{prefix}{number}" for number in range(len(values))]
    return text % tuple(f"%({name})s" for name in names), dict(zip(names, values, strict=True))


def _prefixed(alias: str) -> str:
    return ", ".join(f"{alias}.{column}" for column in STORED)


def _moved() -> str:
    """Whether a value differs from the stored one by more than the clock moves it between two of its steps."""
    return f"({_coarse('f')}) IS DISTINCT FROM ({_coarse('d')})"


def _coarse(alias: str) -> str:
    return ", ".join(
        f"floor({alias}.{column} / {CLOCK_STEPS[column]})" if column in CLOCK_STEPS else f"{alias}.{column}"
        for column in (*COLUMNS, "custom", "dates")
    )
