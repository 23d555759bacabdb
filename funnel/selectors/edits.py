"""What was said anew of a case, who joined it, and the steps of its term sheets, from the history of its records."""

from __future__ import annotations

from typing import Any, Final

from crm.history import events_of
from crm.selectors.audit import Entry, told
from funnel.models import Case, CoLender, TeamMember, TermSheet
from funnel.models.cases import DETAILS
from funnel.selectors.kinds import kinds_of

TOLD: Final[dict[Any, tuple[str, ...]]] = {
    Case: DETAILS,
    TeamMember: (),
    CoLender: ("amount",),
    TermSheet: ("status",),
}
"""The columns of each kind of record whose changes are told. That one was added or removed is told too,
except of the case."""


def edits_of(case: Case) -> list[Entry]:
    """The newest first. A query for each kind of record that there is, and those of `told`."""
    there = {Case, *kinds_of(case)}
    events = [
        event
        for model in TOLD
        if model in there
        for event in events_of(model)
        .filter(**{"pgh_obj" if model is Case else "case": case.pk})
        .select_related("pgh_context")
    ]
    events.sort(key=lambda event: (event.pgh_created_at, event.pgh_id), reverse=True)
    return [
        entry
        for entry, event in zip(told(events, TOLD), events, strict=True)
        if entry.changes or (entry.act != "update" and event.pgh_tracked_model is not Case)
    ]
