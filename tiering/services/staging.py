"""The statement that assesses clients by criteria and keeps what changes: nothing is locked, nothing else written.

The planner is told to hash: ledgers that grew a thousandfold within one import have no statistics yet, and a guess
about them that goes wrong by as much would look rows up one by one, or scan a table for each.
"""

import json
from typing import Any

from tiering.core.catalogue import POLICY_METRICS
from tiering.core.compile import compile_assessment
from tiering.core.document import Document
from tiering.core.metric import Catalogue
from tiering.core.sql import Compiled
from tiering.core.terms import Terms
from tiering.services.subjects import KEYS, Method, Scope, known


def results(method: Method, subjects: str) -> tuple[str, dict[str, Any]]:
    """The WITH list of a statement that reads `result`: a row for each subject with `KEYS` and its assessment."""
    result, params = _compiled(method)
    return f"known AS ({subjects}), result AS ({result})", params


def _compiled(method: Method) -> tuple[str, dict[str, Any]]:
    """Compiled once for each document and terms, unless it names metrics that the institution may change."""
    if method.catalogue is not POLICY_METRICS:
        return _compile(method.document, method.terms, method.catalogue)
    key = (method.document.hash, json.dumps(method.terms.as_json()))
    if key not in _COMPILED:
        if len(_COMPILED) >= MOST_COMPILED:
            _COMPILED.clear()
        _COMPILED[key] = _compile(method.document, method.terms, method.catalogue)
    return _COMPILED[key]


def _compile(document: Document, terms: Terms, catalogue: Catalogue) -> tuple[str, dict[str, Any]]:
    return named(compile_assessment(document, "known", KEYS, terms, catalogue), "r")


MOST_COMPILED = 32
_COMPILED: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}


def changes(method: Method, scope: Scope) -> tuple[str, dict[str, Any]]:
    """A SELECT of the subjects whose result, tier in force or proposal asks for something, and its parameters.

    `new_result`: the result differs from the assessment in force, or rests on other facts or another version.
    `passed_over`: something is known of the subject from a later moment on; history is never rewritten. `unseen`: and
    that has not been assessed.
    """
    listed, params = results(method, known(method, scope))
    statement = CHANGES.format(results=listed, a=scope.of("a"), q=scope.of("q"))
    return statement, {**params, **scope.params, **method.params}


CHANGES = """
WITH {results}
SELECT * FROM (
    SELECT x.client_id, x.project_id, x.facts_id, x.project_facts_id, x.assignment_id, x.held_id,
           a.id AS assessment_id, q.id AS pending_id, x.scorecard, x.score, x.provisional, x.gates, x.overlays,
           (%(tiers)s::bigint[])[x.model_tier + 1] AS model_tier_id,
           (%(tiers)s::bigint[])[x.base_tier + 1] AS base_tier_id,
           (%(tiers)s::bigint[])[x.overlay_tier + 1] AS overlay_tier_id,
           (%(tiers)s::bigint[])[x.tier + 1] AS tier_id,
           (a.id IS NULL OR a.version_id <> %(version)s OR a.facts_id <> x.facts_id
            OR a.project_facts_id IS DISTINCT FROM x.project_facts_id OR a.score <> x.score
            OR a.tier_id <> (%(tiers)s::bigint[])[x.tier + 1]
            OR a.overlay_tier_id <> (%(tiers)s::bigint[])[x.overlay_tier + 1]
            OR a.base_tier_id <> (%(tiers)s::bigint[])[x.base_tier + 1]
            OR a.model_tier_id <> (%(tiers)s::bigint[])[x.model_tier + 1]
            OR a.provisional <> x.provisional OR a.scorecard <> x.scorecard
            OR a.gates::text[] <> x.gates OR a.overlays::text[] <> x.overlays) AS new_result,
           (x.facts_from > %(as_of)s OR coalesce(greatest(a.valid_from, x.held_from) >= %(as_of)s, false))
               AS passed_over,
           x.facts_from > %(as_of)s AND a.facts_id IS DISTINCT FROM x.facts_id AS unseen
    FROM result x
    LEFT JOIN tiering_assessment a ON a.client_id = x.client_id AND a.scheme_id = %(scheme)s
        AND a.project_id IS NULL AND a.valid_to IS NULL AND {a}
    LEFT JOIN tiering_proposal q ON q.client_id = x.client_id AND q.scheme_id = %(scheme)s
        AND q.project_id IS NULL AND q.status = 'pending' AND {q}
) AS s
WHERE new_result OR pending_id IS NOT NULL OR held_id IS DISTINCT FROM tier_id OR passed_over
"""


def named(compiled: Compiled, prefix: str) -> tuple[str, dict[str, Any]]:
    """The same statement with named parameters, so that it can stand among others."""
    text, values = compiled
    names = [f"{prefix}{number}" for number in range(len(values))]
    return text % tuple(f"%({name})s" for name in names), dict(zip(names, values, strict=True))
