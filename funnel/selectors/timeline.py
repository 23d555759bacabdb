"""What happened to a case, the latest first: its steps, what was said about it, and what was added to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.models import User
from funnel.models import Approval, Case, ClosingReason, GateWaiver
from funnel.selectors.edits import edits_of
from funnel.selectors.kinds import kinds_of
from funnel.selectors.lineage import documents_of, recuts_of
from funnel.selectors.party_changes import changes_of
from funnel.selectors.pipelines import reasons_ever
from funnel.selectors.work import points_of


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
    """As many queries however much happened of a kind."""
    reasons = {(one.stage_id, one.key): one for one in reasons_ever(case.stage.pipeline)}
    there = kinds_of(case)
    moves = case.moves.select_related("from_stage", "to_stage", "tier", "moved_by")
    events = [Event("move", one.moved_at, one, reasons.get((one.to_stage_id, one.reason))) for one in moves]
    if Approval in there:
        events += [Event("approval", one.at, one) for one in case.approvals.select_related("stage", "by")]
    if GateWaiver in there:
        events += [Event("waiver", one.at, one) for one in case.waivers.select_related("stage", "by")]
    events += [Event("document", one.added_at, one) for one in documents_of(case)]
    events += [Event("party", one.at, one, name=name) for one, name in changes_of(case, reader)]
    for recut in recuts_of(case):
        events.append(Event(recut.kind, recut.at, recut))
        if recut.undone_at:
            events.append(Event("undone", recut.undone_at, recut))
    events += [Event("check", one.finished_at, one) for one in points_of(case) if one.finished_at]
    events += [Event("edit", one.at, one) for one in edits_of(case)]
    return sorted(events, key=lambda event: event.at, reverse=True)
