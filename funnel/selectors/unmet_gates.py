"""The gates behind all open cases that these do not meet, in one statement: what `gates.requirements` says of one case.

A gate that the case passed by a step made here is asked whatever its kind. Of an imported past only what a run decides
is asked: tier, score and facts. Its papers and approvals are where it came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from funnel.models import Case, StageGate
from funnel.selectors.gates import FIELDS
from funnel.selectors.lineage import BEFORE
from tiering.core.conditions import metrics_of, parse
from tiering.core.document import SCORE_UNIT
from tiering.core.sql import Fragment, compile_condition, join, sql, value
from tiering.facts.reading import values_of
from tiering.selectors.catalogue import catalogue
from tiering.selectors.criteria import primary_scheme
from tiering.selectors.tier_policies import tier_policy

BEHIND = """
SELECT c.id AS case_id, c.client_id, g.id AS gate_id, g.minimum_tier_id, g.kind, g.params, s.id AS stage_id, s.position
FROM funnel_case c
JOIN funnel_stage here ON here.id = c.stage_id AND here.outcome = 'open' AND NOT here.is_retired
JOIN funnel_stage s ON s.pipeline_id = here.pipeline_id AND s.position <= here.position AND NOT s.is_retired
    AND s.outcome = 'open'
JOIN funnel_stagegate g ON g.stage_id = s.id
WHERE c.dissolved_by_id IS NULL
"""
"""Each open case with the gates of its stage and of those before it."""

HELD = """
LEFT JOIN tiering_assignment a ON a.client_id = {client} AND a.scheme_id = least.scheme_id
    AND a.project_id IS NULL AND a.valid_to IS NULL
LEFT JOIN tiering_tier held ON held.id = a.tier_id
LEFT JOIN tiering_assessment doubt ON doubt.client_id = {client} AND doubt.scheme_id = least.scheme_id
    AND doubt.project_id IS NULL AND doubt.valid_to IS NULL AND doubt.provisional
"""
FALLS_SHORT = "(held.rank IS NULL OR held.rank > least.rank OR doubt.id IS NOT NULL)"

TIERS = f"""
SELECT b.case_id, b.gate_id, jsonb_build_object(
    'minimum', least.key, 'tier', held.key, 'is_provisional', doubt.id IS NOT NULL) AS lacks
FROM behind b JOIN tiering_tier least ON least.id = b.minimum_tier_id {HELD.format(client="b.client_id")}
WHERE b.kind = 'tier' AND NOT b.params ? 'parts' AND {FALLS_SHORT}
"""  # noqa: S608

TIERS_OF_PARTIES = f"""
SELECT b.case_id, b.gate_id, jsonb_build_object('minimum', min(least.key), 'parts', jsonb_agg(DISTINCT asked.part))
FROM behind b JOIN tiering_tier least ON least.id = b.minimum_tier_id
CROSS JOIN LATERAL jsonb_array_elements_text(b.params -> 'parts') asked (part)
LEFT JOIN (funnel_caseparty y JOIN crm_client k ON k.id = y.client_id AND k.merged_into_id IS NULL)
    ON y.case_id = b.case_id AND y.part = asked.part AND y.client_id <> b.client_id {HELD.format(client="y.client_id")}
WHERE b.kind = 'tier' AND b.params ? 'parts'
    AND CASE WHEN y.id IS NULL THEN coalesce(b.params -> 'if_any', 'false') = 'false' ELSE {FALLS_SHORT} END
GROUP BY b.case_id, b.gate_id
"""  # noqa: S608

SCORES = """
SELECT b.case_id, b.gate_id, jsonb_build_object('minimum', b.params -> 'minimum', 'score', a.points)
FROM behind b LEFT JOIN (
    SELECT a.client_id, a.score / {unit} AS points FROM tiering_assessment a
    JOIN tiering_tierscheme h ON h.id = a.scheme_id AND h.is_primary WHERE a.project_id IS NULL AND a.valid_to IS NULL
) a ON a.client_id = b.client_id
WHERE b.kind = 'score' AND (a.points IS NULL OR a.points < (b.params ->> 'minimum')::float8)
"""

FILLED_IN = """
SELECT b.case_id, b.gate_id, jsonb_build_object('fields', jsonb_agg(field.name))
FROM behind b JOIN funnel_case c ON c.id = b.case_id
CROSS JOIN LATERAL (VALUES {fields}) field (name, is_empty)
WHERE b.kind = 'fields' AND field.is_empty AND b.params -> 'fields' ? field.name
GROUP BY b.case_id, b.gate_id
"""

PAPERS = f"""
WITH RECURSIVE line (origin, id) AS (
    SELECT c.id, c.id FROM behind b JOIN funnel_case c ON c.id = b.case_id WHERE b.kind = 'documents'
        AND (c.made_by_id IS NOT NULL OR c.id IN (SELECT r.case_id FROM funnel_recut r WHERE r.kind = 'merge'))
    UNION SELECT line.origin, earlier.id FROM line CROSS JOIN LATERAL ({BEFORE}) earlier
), handed_in AS (
    SELECT case_id, kind FROM funnel_casedocument
    UNION SELECT line.origin, d.kind FROM line JOIN funnel_casedocument d ON d.case_id = line.id
), asked AS (
    SELECT b.case_id, b.gate_id, named.kind FROM behind b
    CROSS JOIN LATERAL jsonb_array_elements_text(b.params -> 'documents') named (kind) WHERE b.kind = 'documents'
    UNION SELECT b.case_id, b.gate_id, follows.kind FROM behind b
    JOIN tiering_assignment a ON a.client_id = b.client_id AND a.project_id IS NULL AND a.valid_to IS NULL
    JOIN follows ON follows.tier_id = a.tier_id
    WHERE b.kind = 'documents' AND b.params -> 'of_tier' = 'true'
)
SELECT case_id, gate_id, jsonb_build_object('documents', jsonb_agg(kind ORDER BY kind))
FROM asked LEFT JOIN handed_in USING (case_id, kind) WHERE handed_in.case_id IS NULL
GROUP BY case_id, gate_id
"""  # noqa: S608
"""`follows`: the documents that the tier policy asks for, by tier."""

CHECKLISTS = """
SELECT b.case_id, b.gate_id, jsonb_build_object(
    'checks', b.params -> 'checks', 'open', count(*) FILTER (WHERE i.state IN ('open', 'asked')))
FROM behind b LEFT JOIN funnel_checkitem i ON i.case_id = b.case_id AND i.kind = b.params ->> 'checks'
WHERE b.kind = 'checklist'
GROUP BY b.case_id, b.gate_id, b.params
HAVING count(i.id) = 0 OR count(*) FILTER (WHERE i.state IN ('open', 'asked')) > 0
"""

ROUND_BEGAN = """coalesce((
    SELECT max(m.moved_at) FROM funnel_stagemove m LEFT JOIN funnel_stage o ON o.id = m.from_stage_id
    WHERE m.case_id = {case} AND (o.id IS NULL OR o.outcome <> 'open')), '-infinity')"""
"""Since the case was opened, or reopened: what was agreed before does not count any more."""

APPROVALS = f"""
SELECT b.case_id, b.gate_id, jsonb_build_object('approved', coalesce(given.approved, 0), 'needed', panel.needed)
FROM behind b
CROSS JOIN LATERAL (SELECT CASE WHEN b.params ->> 'mode' = 'sequential' THEN jsonb_array_length(b.params -> 'roles')
    ELSE coalesce((b.params ->> 'needed')::int, jsonb_array_length(b.params -> 'roles')) END AS needed) panel
LEFT JOIN (
    SELECT case_id, gate_id, count(*) AS approved FROM (
        SELECT latest.*, row_number() OVER (PARTITION BY case_id, gate_id, role ORDER BY id) AS seat FROM (
            SELECT DISTINCT ON (b.case_id, b.gate_id, w.by_id)
                b.case_id, b.gate_id, b.params, w.role, w.id, w.is_approved
            FROM behind b JOIN funnel_case c ON c.id = b.case_id
            JOIN funnel_approval w ON w.case_id = b.case_id AND w.stage_id = b.stage_id AND w.amount = c.amount
                AND w.at >= {ROUND_BEGAN.format(case="b.case_id")}
            WHERE b.kind = 'approvals'
            ORDER BY b.case_id, b.gate_id, w.by_id, w.id DESC
        ) latest
    ) seated
    WHERE is_approved
        AND seat <= (SELECT count(*) FROM jsonb_array_elements_text(params -> 'roles') r (role)
                     WHERE r.role = seated.role)
    GROUP BY case_id, gate_id
) given USING (case_id, gate_id)
WHERE b.kind = 'approvals' AND coalesce(given.approved, 0) < panel.needed
"""  # noqa: S608
"""The latest word of each person counts, as many of a role as it has seats (`funnel.core.approvals`)."""

TERM_SHEETS = """
SELECT b.case_id, b.gate_id, jsonb_build_object('sheet', CASE WHEN t.id IS NULL THEN 'none'
    WHEN t.amount <> c.amount THEN 'amount' ELSE 'validity' END)
FROM behind b JOIN funnel_case c ON c.id = b.case_id
LEFT JOIN funnel_termsheet t ON t.case_id = b.case_id AND t.status = 'issued'
WHERE b.kind = 'term_sheet' AND (t.id IS NULL OR t.amount <> c.amount OR t.valid_until < """

BARS = f"""
SELECT u.* FROM unmet u JOIN behind b USING (case_id, gate_id) WHERE NOT EXISTS (
    SELECT FROM funnel_gatewaiver w WHERE w.case_id = u.case_id AND w.gates @> to_jsonb(u.gate_id)
    AND w.at >= {ROUND_BEGAN.format(case="u.case_id")})
AND (b.kind IN ('tier', 'score', 'condition') OR EXISTS (
    SELECT FROM funnel_stagemove m JOIN funnel_stage t ON t.id = m.to_stage_id AND t.position >= b.position
    LEFT JOIN funnel_stage f ON f.id = m.from_stage_id AND NOT f.is_retired
    WHERE m.case_id = u.case_id AND m.imported_by_id IS NULL AND (f.id IS NULL OR f.position < b.position)))
"""  # noqa: S608
"""A waiver counts in the round that it was given in."""


def unmet_gates() -> Fragment:
    """The clauses that end in `unmet_gate`: `case_id`, `gate_id`, and what the case `lacks` of it, as codes."""
    return sql(
        "behind AS MATERIALIZED (", BEHIND, "), follows (tier_id, kind) AS (", _follows(), "),",
        "unmet (case_id, gate_id, lacks) AS (", join(" UNION ALL ", _unmet()), "),",
        "unmet_gate AS MATERIALIZED (", BARS, ")",
    )  # fmt: skip


def _follows() -> Fragment:
    scheme = primary_scheme()
    policy = tier_policy(scheme) if scheme else None
    terms = policy.by_tier(scheme) if policy and scheme else {}
    pairs = [(tier.pk, kind) for tier, follows in terms.items() for kind in follows.documents]
    tiers, kinds = ([pair[at] for pair in pairs] for at in (0, 1))
    return sql("SELECT * FROM unnest(", value(tiers, "bigint[]"), ",", value(kinds, "text[]"), ")")


def _unmet() -> Iterator[Fragment]:
    yield Fragment(TIERS)
    yield Fragment(TIERS_OF_PARTIES)
    yield Fragment(SCORES.format(unit=f"{SCORE_UNIT}::float8"))
    yield Fragment(FILLED_IN.format(fields=", ".join(_emptiness(FIELDS))))
    yield sql("(", PAPERS, ")")
    yield Fragment(CHECKLISTS)
    yield Fragment(APPROVALS)
    yield sql(TERM_SHEETS, value(timezone.localdate(), "date"), ")")
    yield from _conditions()


def _emptiness(fields: Iterable[str]) -> Iterator[str]:
    for name in fields:
        column: Any = Case._meta.get_field(name)
        empty = "IS NULL" if column.null else "= ''"
        yield f"('{name}', c.{column.column} {empty})"


def _conditions() -> Iterator[Fragment]:
    metrics = catalogue()
    for gate in StageGate.objects.filter(kind=StageGate.Kind.CONDITION, stage__is_retired=False):
        condition = parse(gate.params["when"])
        holds, params = compile_condition(condition, values_of(metrics_of(condition), "f", metrics), metrics)
        yield sql(
            "SELECT b.case_id, b.gate_id, '{}'::jsonb FROM behind b"
            " LEFT JOIN tiering_facts f ON f.client_id = b.client_id AND f.valid_to IS NULL"
            " WHERE b.gate_id = ", value(gate.pk, "bigint"), " AND NOT ", Fragment(holds, params),
        )  # fmt: skip
