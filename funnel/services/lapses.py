"""Tiers change after gates were passed: open cases are held against them again, and who holds the client is told.

What no longer holds is worked out for all open cases at once and compared with what is noted, so nothing is lost
however tiers, facts, papers, approvals or amounts came to change.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from crm.services.notices import NoticeRow, notify_many
from funnel.models import GateLapse, StageGate
from funnel.selectors.unmet_gates import unmet_gates
from tiering.core.sql import sql

LAPSED = "case-gate-lapsed"
COMPARE = """,
gone AS (DELETE FROM funnel_gatelapse l WHERE NOT EXISTS (
    SELECT FROM unmet_gate n WHERE n.case_id = l.case_id AND n.gate_id = l.gate_id)),
noted AS (INSERT INTO funnel_gatelapse (case_id, gate_id) SELECT case_id, gate_id FROM unmet_gate
    ON CONFLICT DO NOTHING RETURNING id, case_id, gate_id)
SELECT noted.id, lacks FROM noted JOIN unmet_gate USING (case_id, gate_id)
"""


@transaction.atomic
def note_lapses() -> int:
    """Note which gates open cases do not meet any more, and tell whoever holds the client; how many were met before.

    Two at once: the second finds nothing new.
    """
    statement = sql("WITH ", unmet_gates(), COMPARE)
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE funnel_gatelapse IN SHARE ROW EXCLUSIVE MODE")
        # Of what is worked out on the way the planner knows no sizes, and would compare all of it row by row.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(statement.text, statement.params)
        new = {lapse: json.loads(lacks) for lapse, lacks in cursor.fetchall()}
    _tell(new)
    return len(new)


def _tell(new: Mapping[int, Mapping[str, Any]]) -> None:
    """One notice for a case, however many of its gates do not hold; the latest lapse names the event."""
    found = GateLapse.objects.filter(pk__in=new).order_by("gate__stage__position", "pk")
    by_case: dict[int, list[GateLapse]] = defaultdict(list)
    for lapse in found.select_related("case__client", "gate__stage"):
        by_case[lapse.case_id].append(lapse)
    rows = [
        NoticeRow(
            event=f"case-gate-lapsed:{max(one.pk for one in ones)}",
            recipient=ones[0].case.client.rm_id,
            client=ones[0].case.client_id,
            params={
                "case": ones[0].case_id,
                "code": ones[0].case.code,
                "client": ones[0].case.client.name,
                "gates": [_in_params(one.gate, new[one.pk]) for one in ones],
            },
        )
        for ones in by_case.values()
        if ones[0].case.client.rm_id
    ]
    notify_many(kind=LAPSED, rows=rows)


def _in_params(gate: StageGate, lacks: Mapping[str, Any]) -> dict[str, Any]:
    """What no longer holds and why, as codes and values; a condition by the names that it was given."""
    named = {"name": gate.params.get("name_en", ""), "name_zh": gate.params.get("name_zh", "")}
    return {
        "kind": gate.kind,
        "stage": gate.stage.name_en,
        "stage_zh": gate.stage.name_zh,
        **(named if gate.kind == StageGate.Kind.CONDITION else {}),
        **lacks,
    }
