"""What happened to a case, the latest first: its steps, what was said about it, and what was added to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from funnel.models import Case, ClosingReason


@dataclass(frozen=True)
class Event:
    """`kind` is one of move, approval, waiver, document, check; `what` the row itself; `reason` a closing reason."""

    kind: str
    at: datetime
    what: Any
    reason: ClosingReason | None = None


def timeline(case: Case) -> list[Event]:
    """Five queries, however much happened."""
    reasons = {
        (one.stage_id, one.key): one
        for one in ClosingReason.objects.filter(stage__pipeline=case.stage.pipeline_id)
    }
    moves = case.moves.select_related("from_stage", "to_stage", "tier", "moved_by")
    events = [Event("move", one.moved_at, one, reasons.get((one.to_stage_id, one.reason))) for one in moves]
    events += [Event("approval", one.at, one) for one in case.approvals.select_related("stage", "by")]
    events += [Event("waiver", one.at, one) for one in case.waivers.select_related("stage", "by")]
    documents = case.documents.select_related("attachment", "added_by")
    events += [Event("document", one.added_at, one) for one in documents]
    checks = case.checks.filter(finished_at__isnull=False).select_related("finished_by")
    events += [Event("check", one.finished_at, one) for one in checks if one.finished_at]
    return sorted(events, key=lambda event: event.at, reverse=True)
