"""What happened to a case, the latest first: its steps, what was said about it, and what was added to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.models import User
from funnel.models import Case, ClosingReason
from funnel.selectors.edits import edits_of
from funnel.selectors.lineage import documents_of, recuts_of
from funnel.selectors.party_changes import changes_of


@dataclass(frozen=True)
class Event:
    """`kind` is one of move, approval, waiver, document, check, party, split, merge, undone, edit; `what` the row
    itself, of an edit the entry of the audit; `reason` a closing reason, `name` that of the party."""

    kind: str
    at: datetime
    what: Any
    reason: ClosingReason | None = None
    name: str = ""


def timeline(case: Case, reader: User) -> list[Event]:
    """As many queries however much happened."""
    reasons = {
        (one.stage_id, one.key): one
        for one in ClosingReason.objects.filter(stage__pipeline=case.stage.pipeline_id)
    }
    moves = case.moves.select_related("from_stage", "to_stage", "tier", "moved_by")
    events = [Event("move", one.moved_at, one, reasons.get((one.to_stage_id, one.reason))) for one in moves]
    events += [Event("approval", one.at, one) for one in case.approvals.select_related("stage", "by")]
    events += [Event("waiver", one.at, one) for one in case.waivers.select_related("stage", "by")]
    events += [Event("document", one.added_at, one) for one in documents_of(case)]
    events += [Event("party", one.at, one, name=name) for one, name in changes_of(case, reader)]
    for recut in recuts_of(case):
        events.append(Event(recut.kind, recut.at, recut))
        if recut.undone_at:
            events.append(Event("undone", recut.undone_at, recut))
    checks = case.checks.filter(finished_at__isnull=False).select_related("finished_by")
    events += [Event("check", one.finished_at, one) for one in checks if one.finished_at]
    events += [Event("edit", one.at, one) for one in edits_of(case)]
    return sorted(events, key=lambda event: event.at, reverse=True)
