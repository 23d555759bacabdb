"""Tiers change after gates were passed: open cases are held against them again, and who holds the client is told.

What no longer holds is worked out for all open cases at once and compared with what is noted, so nothing is lost
however tiers, scores and facts came to change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection, transaction

from crm.services.notices import NoticeRow, notify_many
from funnel.models import GateLapse, StageGate
from tiering.core.conditions import metrics_of, parse
from tiering.core.document import SCORE_UNIT
from tiering.core.sql import Fragment, compile_condition, join, sql, value
from tiering.facts.reading import values_of
from tiering.selectors.catalogue import catalogue

LAPSED = "case-gate-lapsed"

PASSED = """
SELECT c.id AS case_id, c.client_id, g.id AS gate_id, g.minimum_tier_id, g.kind, g.params
FROM funnel_case c
JOIN funnel_stage here ON here.id = c.stage_id AND here.outcome = 'open' AND NOT here.is_retired
JOIN funnel_stage s ON s.pipeline_id = here.pipeline_id AND s.position <= here.position AND NOT s.is_retired
    AND s.outcome = 'open'
JOIN funnel_stagegate g ON g.stage_id = s.id AND g.kind IN ('tier', 'score', 'condition')
WHERE c.dissolved_by_id IS NULL
"""
"""Each open case with the gates of its stage and of those before it."""

TIERS = """
SELECT p.case_id, p.gate_id FROM passed p
JOIN tiering_tier least ON least.id = p.minimum_tier_id
LEFT JOIN tiering_assignment a ON a.client_id = p.client_id AND a.scheme_id = least.scheme_id
    AND a.project_id IS NULL AND a.valid_to IS NULL
LEFT JOIN tiering_tier held ON held.id = a.tier_id
WHERE p.kind = 'tier' AND NOT p.params ? 'parts' AND (held.rank IS NULL OR held.rank > least.rank)
"""

TIERS_OF_PARTIES = """
SELECT DISTINCT p.case_id, p.gate_id FROM passed p
JOIN tiering_tier least ON least.id = p.minimum_tier_id
JOIN funnel_caseparty y ON y.case_id = p.case_id AND p.params -> 'parts' ? y.part AND y.client_id <> p.client_id
JOIN crm_client k ON k.id = y.client_id AND k.merged_into_id IS NULL
LEFT JOIN tiering_assignment a ON a.client_id = y.client_id AND a.scheme_id = least.scheme_id
    AND a.project_id IS NULL AND a.valid_to IS NULL
LEFT JOIN tiering_tier held ON held.id = a.tier_id
WHERE p.kind = 'tier' AND p.params ? 'parts' AND (held.rank IS NULL OR held.rank > least.rank)
"""

SCORES = """
SELECT p.case_id, p.gate_id FROM passed p
LEFT JOIN (tiering_assessment a JOIN tiering_tierscheme h ON h.id = a.scheme_id AND h.is_primary)
    ON a.client_id = p.client_id AND a.project_id IS NULL AND a.valid_to IS NULL
WHERE p.kind = 'score'
    AND (a.score IS NULL OR a.score < (p.params ->> 'minimum')::float8 * """

UNWAIVED = """
SELECT u.case_id, u.gate_id FROM unmet u WHERE NOT EXISTS (
    SELECT FROM funnel_gatewaiver w WHERE w.case_id = u.case_id AND w.gates @> to_jsonb(u.gate_id)
    AND w.at >= coalesce((
        SELECT max(m.moved_at) FROM funnel_stagemove m LEFT JOIN funnel_stage o ON o.id = m.from_stage_id
        WHERE m.case_id = u.case_id AND (o.id IS NULL OR o.outcome <> 'open')), '-infinity'))
"""
"""A waiver counts in the round that it was given in: since the case was opened, or reopened."""


@transaction.atomic
def note_lapses() -> int:
    """Note which gates open cases do not meet any more, and tell whoever holds the client; how many were met before.

    Two at once: the second finds nothing new.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE funnel_gatelapse IN SHARE ROW EXCLUSIVE MODE")
        statement = _statement()
        cursor.execute(statement.text, statement.params)
        new = [row[0] for row in cursor.fetchall()]
    _tell(new)
    return len(new)


def _statement() -> Fragment:
    return sql(
        "WITH passed AS MATERIALIZED (", PASSED, "), unmet AS (", join(" UNION ALL ", _unmet()), "),",
        "lapsed AS MATERIALIZED (", UNWAIVED, "),",
        "gone AS (DELETE FROM funnel_gatelapse l WHERE NOT EXISTS (",
        "  SELECT FROM lapsed n WHERE n.case_id = l.case_id AND n.gate_id = l.gate_id)) ",
        "INSERT INTO funnel_gatelapse (case_id, gate_id) SELECT case_id, gate_id FROM lapsed ",
        "ON CONFLICT DO NOTHING RETURNING id",
    )  # fmt: skip


def _unmet() -> Iterable[Fragment]:
    yield Fragment(TIERS)
    yield Fragment(TIERS_OF_PARTIES)
    yield sql(SCORES, value(SCORE_UNIT, "float8"), ")")
    metrics = catalogue()
    for gate in StageGate.objects.filter(kind=StageGate.Kind.CONDITION, stage__is_retired=False):
        condition = parse(gate.params["when"])
        holds, params = compile_condition(condition, values_of(metrics_of(condition), "f", metrics), metrics)
        yield sql(
            "SELECT p.case_id, p.gate_id FROM passed p"
            " LEFT JOIN tiering_facts f ON f.client_id = p.client_id AND f.valid_to IS NULL"
            " WHERE p.gate_id = ", value(gate.pk, "bigint"), " AND NOT ", Fragment(holds, params),
        )  # fmt: skip


def _tell(lapses: list[int]) -> None:
    """One notice for a case, however many of its gates do not hold; the latest lapse names the event."""
    found = GateLapse.objects.filter(pk__in=lapses).order_by("pk")
    by_case: dict[int, list[GateLapse]] = defaultdict(list)
    for lapse in found.select_related("case__client", "gate__stage"):
        by_case[lapse.case_id].append(lapse)
    rows = [
        NoticeRow(
            event=f"case-gate-lapsed:{ones[-1].pk}",
            recipient=ones[0].case.client.rm_id,
            client=ones[0].case.client_id,
            params={
                "case": ones[0].case_id,
                "code": ones[0].case.code,
                "client": ones[0].case.client.name,
                "stage": ones[0].gate.stage.name_en,
                "stage_zh": ones[0].gate.stage.name_zh,
            },
        )
        for ones in by_case.values()
        if ones[0].case.client.rm_id
    ]
    notify_many(kind=LAPSED, rows=rows)
