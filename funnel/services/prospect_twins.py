"""Finding the clients, and the prospects that came earlier, that prospects look like (as clients do: docs/adr/0014)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from django.db import connection, transaction

from crm.core.likeness import likeness
from crm.selectors.alike import MOST_IN_COMMON, OF_BOOK, PARTIES, keys_of
from crm.selectors.duplicates import WARNED_FROM, parties

OF_PROSPECTS: Final = PARTIES.format(
    clients="""(SELECT p.id, p.kind, p.region_id, p.industry_id, p.name_zh, p.name_en, p.sort_key,
            p.registration_number, p.phone_fingerprint FROM funnel_prospect p WHERE {which}) c
        CROSS JOIN LATERAL (
            SELECT CASE WHEN c.phone_fingerprint <> '' THEN ARRAY[c.phone_fingerprint]::text[] END AS phones,
                   NULL::text[] AS numbers
        ) sealed"""
)
SOME: Final = OF_PROSPECTS.format(which="p.id = ANY(%(ids)s)")
KEYS: Final = f"""
DELETE FROM funnel_prospectkey WHERE prospect_id = ANY(%(ids)s);
INSERT INTO funnel_prospectkey (prospect_id, kind, key) {keys_of(SOME)}
"""  # noqa: S608 - statements of ours

# Of keys that too many share nothing is paired. People are not paired by their names.
PAIRS: Final = f"""
WITH mine AS MATERIALIZED (
    SELECT k.prospect_id, k.kind, k.key FROM funnel_prospectkey k JOIN funnel_prospect p ON p.id = k.prospect_id
    WHERE k.prospect_id = ANY(%(ids)s) AND (p.kind <> 'individual' OR k.kind IN ('number', 'phone'))
), shared AS MATERIALIZED (
    SELECT s.kind, s.key,
           ARRAY(SELECT client_id FROM crm_duplicatekey WHERE key = s.key AND kind = s.kind
                 LIMIT {MOST_IN_COMMON + 1}) AS clients,
           ARRAY(SELECT prospect_id FROM funnel_prospectkey WHERE key = s.key AND kind = s.kind
                 LIMIT {MOST_IN_COMMON + 1}) AS prospects
    FROM (SELECT DISTINCT kind, key FROM mine) s
)
SELECT m.prospect_id, c.id, NULL::bigint FROM mine m JOIN shared s USING (kind, key)
CROSS JOIN LATERAL unnest(s.clients) AS c (id) WHERE cardinality(s.clients) <= {MOST_IN_COMMON}
UNION
SELECT greatest(m.prospect_id, o.id), NULL, least(m.prospect_id, o.id) FROM mine m JOIN shared s USING (kind, key)
CROSS JOIN LATERAL unnest(s.prospects) AS o (id)
WHERE cardinality(s.prospects) <= {MOST_IN_COMMON} AND o.id <> m.prospect_id
"""  # noqa: S608 - a number of ours

# What nobody decided about goes when nothing speaks for it any more.
KEEP: Final = """
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb)
        AS given (prospect bigint, client bigint, other bigint, score int, evidence jsonb)
), gone AS (
    DELETE FROM funnel_prospecttwin t WHERE NOT t.is_apart
        AND (t.prospect_id = ANY(%(ids)s) OR t.other_id = ANY(%(ids)s))
        AND NOT EXISTS (SELECT FROM given g WHERE (g.prospect, g.client, g.other)
                        IS NOT DISTINCT FROM (t.prospect_id, t.client_id, t.other_id))
)
INSERT INTO funnel_prospecttwin (prospect_id, client_id, other_id, score, evidence)
SELECT prospect, client, other, score, evidence FROM given ORDER BY prospect, client, other
ON CONFLICT (prospect_id, client_id, other_id) DO UPDATE SET score = EXCLUDED.score, evidence = EXCLUDED.evidence
WHERE (funnel_prospecttwin.score, funnel_prospecttwin.evidence)
    IS DISTINCT FROM (EXCLUDED.score, EXCLUDED.evidence)
"""
Pair = tuple[int, int | None, int | None]


@transaction.atomic
def look_for_twins(prospects: Collection[int]) -> int:
    """Make the keys of prospects anew, compare them with whoever shares one, and keep those that look alike; how many.

    A constant number of statements for any number of prospects.
    """
    ids = {"ids": sorted(prospects)}
    with connection.cursor() as cursor:
        cursor.execute(KEYS, ids)
        cursor.execute(PAIRS, ids)
        rows = list(_compared(cursor.fetchall()))
        cursor.execute(KEEP, {**ids, "rows": json.dumps(rows)})
    return len(rows)


def _compared(pairs: Sequence[Pair]) -> Iterator[dict[str, Any]]:
    prospects = sorted({pk for one, _client, other in pairs for pk in (one, other) if pk})
    clients = sorted({client for _one, client, _other in pairs if client})
    known = parties(SOME, {"ids": prospects})
    booked = parties(OF_BOOK.format(which="c.id = ANY(%(ids)s)"), {"ids": clients})
    for one, client, other in pairs:
        party = booked.get(client) if client else known.get(other or 0)
        if one not in known or party is None:
            continue
        found = likeness(known[one], party)
        if found.score >= WARNED_FROM:
            evidence = dict(found.evidence)
            yield {
                "prospect": one,
                "client": client,
                "other": other,
                "score": found.score,
                "evidence": evidence,
            }
