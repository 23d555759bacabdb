"""The statement that assesses clients by criteria and keeps what changes: nothing is locked, nothing else written.

The planner is told how to join: ledgers that grew a thousandfold within one import have no statistics yet, and a guess
about them that goes wrong by as much would look rows up one by one, or scan a table for each. A range of clients is read
and assessed in the order of clients, so that all ledgers are merged as they come.
"""

import json
from typing import Any

from tiering.core.catalogue import POLICY_METRICS
from tiering.core.compile import compile_assessment
from tiering.core.compile_rollup import compile_roll_up
from tiering.core.document import Document
from tiering.core.metric import Catalogue
from tiering.core.sql import Compiled
from tiering.core.terms import Terms
from tiering.services.prepared import with_constants
from tiering.services.subjects import COMPARED, KEYS, STORED, Method, Relations, Scope, known


def results(method: Method, scope: Scope, relations: Relations = STORED, *, in_order: bool = False) -> str:
    """The WITH list of a statement that reads `result`: a row for each subject with `KEYS` and its assessment.

    Where subjects are clients within projects, each client has a row as a whole too, as its deciding project has it;
    else they may be wanted `in_order` of clients.
    Its parameters are those of the method and of the scope.
    """
    result = _compiled(method, in_order)
    listed = f"known AS ({known(method, scope, relations)})"
    if method.document.subject == "client":
        return f"{listed}, result AS ({result})"
    return f"{listed}, placed AS ({result}), {_rolled_up(method, scope)}"


def _rolled_up(method: Method, scope: Scope) -> str:
    roll_up = method.document.roll_up
    deciding = compile_roll_up(roll_up, "rival")[0] if roll_up else NOBODY
    w = f"{method.holds('w')} AND {scope.of('w')}"
    return ROLLED_UP.format(deciding=deciding, assessed=ASSESSED, w=w)


NOBODY = "SELECT client_id, project_id FROM rival WHERE FALSE"

ASSESSED = "scorecard, score, model_tier, base_tier, overlay_tier, tier, provisional, gates, overlays"

# What is known of a client as a whole is as recent as the latest that is known of it in any project.
ROLLED_UP = """
rival AS (SELECT client_id, project_id, tier AS rank, score, compared AS value FROM placed),
rolled AS (
    SELECT r.*, w.id AS whole_id, w.tier_id AS whole_tier, w.valid_from AS whole_from, latest.known_from
    FROM ({deciding}) AS d
    JOIN placed r ON r.client_id = d.client_id AND r.project_id = d.project_id
    JOIN (SELECT client_id, max(facts_from) AS known_from FROM placed GROUP BY client_id) AS latest
        ON latest.client_id = d.client_id
    LEFT JOIN tiering_assignment w ON w.client_id = d.client_id AND w.scheme_id = %(scheme)s
        AND w.project_id IS NULL AND {w}
), result AS (
    SELECT client_id, project_id, facts_id, project_facts_id, facts_from, assignment_id, held_id, held_from, {assessed}
    FROM placed
    UNION ALL
    SELECT client_id, NULL, facts_id, NULL, known_from, whole_id, whole_tier, whole_from, {assessed} FROM rolled
)"""


def _compiled(method: Method, in_order: bool) -> str:
    """Compiled once for each document and terms, unless it names metrics that the institution may change."""
    if method.catalogue is not POLICY_METRICS:
        return _compile(method.document, method.terms, method.catalogue, in_order)
    key = (method.document.hash, json.dumps(method.terms.as_json()), in_order)
    if key not in _COMPILED:
        if len(_COMPILED) >= MOST_COMPILED:
            _COMPILED.clear()
        _COMPILED[key] = _compile(method.document, method.terms, method.catalogue, in_order)
    return _COMPILED[key]


def _compile(document: Document, terms: Terms, catalogue: Catalogue, in_order: bool) -> str:
    keys = (*KEYS, COMPARED) if document.subject == "project" else KEYS
    compiled = compile_assessment(document, "known", keys, terms, catalogue, in_order)
    return with_constants(*named(compiled, "r"))


MOST_COMPILED = 32
_COMPILED: dict[tuple[str, str, bool], str] = {}


def changes(method: Method, scope: Scope) -> tuple[str, dict[str, Any]]:
    """A SELECT of the subjects whose result, tier in force or proposal asks for something, and its parameters.

    `new_result`: the result differs from the assessment in force, or rests on other facts or another version.
    `unsettled`: it does not, but what it asks for is neither in force nor proposed; nothing is asked for where an
    override holds the tier. `passed_over`: something is known of the subject from a later moment on; history is never
    rewritten. `unseen`: and that has not been assessed. `decided_since`: its tier was decided from then on, and its
    assessment is older. Without a tier: the subject is no more, because the client takes no part any more.
    """
    of_projects = method.document.subject == "project"
    same = SAME if of_projects else WHOLE
    differs = [*(DIFFERS.format(step=step) for step in _compared(method.document)), *_listed(method.document)]
    statement = CHANGES.format(
        results=results(method, scope, in_order=scope.listed is None and not of_projects),
        differs=" OR ".join([WITHIN, *differs] if of_projects else differs),
        same_a=same.format("a"),
        waits=WAITS.format(same=SAME.format("q") if of_projects else WHOLE_PROPOSED, q=scope.of("q")),
        gone=GONE.format(a=scope.of("a"), f=scope.of("f")) if of_projects else "",
        unsettled=UNSETTLED.format(held="x.held_id"),
        overridden=OVERRIDDEN,
        a=scope.of("a"),
    )
    return statement, {**scope.params, **method.params}


def _compared(document: Document) -> list[str]:
    """The steps whose tiers are compared. That after gates follows from the first and from what fired; that after
    overlays is the last where no migration policy comes after it."""
    return ["model_tier", "tier", *(["overlay_tier"] if document.policy.migration else [])]


def _listed(document: Document) -> list[str]:
    """What compares the gates that fired and the overlays that applied, where the document has any: by the same version
    an assessment has none where it has none."""
    lists = {"gates": document.gates, "overlays": document.overlays}
    return [f"a.{name}::text[] <> x.{name}" for name, any_of_them in lists.items() if any_of_them]


DIFFERS = "a.{step}_id <> (%(tiers)s::bigint[])[x.{step} + 1]"
WITHIN = "a.project_facts_id IS DISTINCT FROM x.project_facts_id"
WHOLE = "{}.project_id IS NULL"
SAME = "coalesce({}.project_id, 0) = coalesce(x.project_id, 0)"
# Proposals are found by their clients alone: by anything else so many are found as wait in the whole book.
WAITS = "q.scheme_id + 0 = %(scheme)s AND {same} AND q.status || '' = 'pending' AND {q}"
WHOLE_PROPOSED = "coalesce(q.project_id, 0) = 0"
UNSETTLED = """CASE WHEN q.id IS NULL THEN {held} IS DISTINCT FROM a.tier_id
                ELSE (q.from_tier_id, q.to_tier_id) IS DISTINCT FROM ({held}, a.tier_id) END"""


CHANGES = """
WITH {results}
SELECT * FROM (
    SELECT x.client_id, x.project_id, x.facts_id, x.project_facts_id, x.assignment_id, x.held_id,
           a.id AS assessment_id, q.id AS pending_id, x.scorecard, x.score, x.provisional, x.gates, x.overlays,
           (%(tiers)s::bigint[])[x.model_tier + 1] AS model_tier_id,
           (%(tiers)s::bigint[])[x.base_tier + 1] AS base_tier_id,
           (%(tiers)s::bigint[])[x.overlay_tier + 1] AS overlay_tier_id,
           (%(tiers)s::bigint[])[x.tier + 1] AS tier_id,
           (a.id IS NULL OR a.version_id <> %(version)s OR a.facts_id <> x.facts_id OR a.score <> x.score OR {differs}
            OR a.provisional <> x.provisional OR a.scorecard <> x.scorecard) AS new_result,
           {unsettled} AS unsettled,
           (x.facts_from > %(as_of)s OR coalesce(greatest(a.valid_from, x.held_from) >= %(as_of)s, false))
               AS passed_over,
           x.facts_from > %(as_of)s AND a.facts_id IS DISTINCT FROM x.facts_id AS unseen,
           coalesce(x.held_from >= %(as_of)s AND a.valid_from < %(as_of)s, false) AS decided_since
    FROM result x
    LEFT JOIN tiering_assessment a ON a.client_id = x.client_id AND a.scheme_id = %(scheme)s
        AND {same_a} AND a.valid_to IS NULL AND {a}
    LEFT JOIN tiering_proposal q ON q.client_id = x.client_id AND {waits}
    {gone}
) AS s
WHERE new_result OR passed_over OR (unsettled AND (tier_id IS NULL OR NOT EXISTS ({overridden})))
"""

# The override that holds the tier of a subject; asked of the few whose tier is another than the criteria say.
OVERRIDDEN = """
SELECT FROM tiering_override o WHERE o.client_id = s.client_id AND o.scheme_id = %(scheme)s
AND coalesce(o.project_id, 0) = coalesce(s.project_id, 0) AND o.kind = 'output' AND o.status = 'in_force'"""


# Assessments in force of what there is no result of any more.
GONE = """
    UNION ALL
    SELECT a.client_id, a.project_id, f.id, NULL, g.id, g.tier_id, a.id, q.id, a.scorecard, a.score, a.provisional,
           a.gates::text[], a.overlays::text[], NULL, NULL, NULL, NULL, FALSE, num_nonnulls(g.id, q.id) > 0,
           greatest(a.valid_from, g.valid_from) >= %(as_of)s, FALSE,
           coalesce(g.valid_from >= %(as_of)s AND a.valid_from < %(as_of)s, false)
    FROM tiering_assessment a
    JOIN tiering_facts f ON f.client_id = a.client_id AND f.valid_to IS NULL AND {f}
    LEFT JOIN tiering_assignment g ON g.client_id = a.client_id AND g.scheme_id = a.scheme_id
        AND coalesce(g.project_id, 0) = coalesce(a.project_id, 0) AND g.valid_to IS NULL
    LEFT JOIN tiering_proposal q ON q.client_id = a.client_id AND q.scheme_id = a.scheme_id
        AND coalesce(q.project_id, 0) = coalesce(a.project_id, 0) AND q.status = 'pending'
    LEFT JOIN result x ON x.client_id = a.client_id AND coalesce(x.project_id, 0) = coalesce(a.project_id, 0)
    WHERE a.scheme_id = %(scheme)s AND a.valid_to IS NULL AND {a} AND x.client_id IS NULL"""


def named(compiled: Compiled, prefix: str) -> tuple[str, dict[str, Any]]:
    """The same statement with named parameters, so that it can stand among others."""
    text, values = compiled
    names = [f"{prefix}{number}" for number in range(len(values))]
    return text % tuple(f"%({name})s" for name in names), dict(zip(names, values, strict=True))
