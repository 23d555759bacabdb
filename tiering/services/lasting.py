"""Who may come out differently than the assessment in force says; nobody else has to be assessed again (ADR 0011)."""

import json
from typing import Any

from tiering.core.catalogue import POLICY_METRICS
from tiering.services.prepared import execute
from tiering.services.staging import UNSETTLED, WAITS, WHOLE, WHOLE_PROPOSED
from tiering.services.subjects import Method, Scope

MOST = 10_000
"""So many are assessed one by one; of more, it costs less to assess everybody in their range."""


def lasts(method: Method) -> bool:
    """Whether results follow from version, terms and facts alone, so that one in force holds until one of these changes.

    Not where the tier in force counts, and for how long it has been, or how old values are; nor where subjects are
    clients within projects, or the institution may give a metric another meaning.
    """
    document = method.document
    return (
        document.subject == "client"
        and document.policy.migration is None
        and not document.aged_metrics
        and method.catalogue is POLICY_METRICS
    )


def narrowed(cursor: Any, method: Method, scope: Scope) -> Scope:
    """Those of a range of clients whose assessment in force does not rest on what a new one would, or whose tier,
    proposal or later moments ask for a look; all of them where these are many. Expects a method that `lasts`."""
    frozen = method.document.overlays or method.document.rank_placements
    statement = MAY_DIFFER.format(
        f=f"{method.holds('f')} AND {scope.of('f')}",
        g=f"{method.holds('g')} AND {scope.of('g')}",
        a=scope.of("a"),
        whole=WHOLE.format("a"),
        waits=WAITS.format(same=WHOLE_PROPOSED, q=scope.of("q")),
        terms=OTHER_TERMS if frozen else "FALSE",
        unsettled=UNSETTLED.format(held="g.tier_id"),
    )
    params = {**scope.params, **method.params, "terms": json.dumps(method.terms.as_json()), "most": MOST + 1}
    execute(cursor, statement, params)
    listed = [client for (client,) in cursor.fetchall()]
    return scope if len(listed) > MOST else Scope(listed=listed)


OTHER_TERMS = """a.run_id NOT IN (
    SELECT id FROM tiering_tieringrun WHERE version_id = %(version)s AND terms = %(terms)s::jsonb)"""

# `changes` looks at the same, and at the overrides that hold a tier, once for each of those who are found here.
MAY_DIFFER = """
SELECT f.client_id
FROM tiering_facts f
LEFT JOIN tiering_assessment a ON a.client_id = f.client_id AND a.scheme_id = %(scheme)s
    AND {whole} AND a.valid_to IS NULL AND {a}
LEFT JOIN tiering_assignment g ON g.client_id = f.client_id AND g.scheme_id = %(scheme)s
    AND g.project_id IS NULL AND {g}
LEFT JOIN tiering_proposal q ON q.client_id = f.client_id AND {waits}
WHERE {f} AND (
    a.id IS NULL OR a.facts_id <> f.id OR a.version_id <> %(version)s OR {terms} OR {unsettled}
    OR greatest(f.valid_from, a.valid_from, g.valid_from) >= %(as_of)s)
LIMIT %(most)s
"""
