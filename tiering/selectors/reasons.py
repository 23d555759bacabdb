"""What moved the tiers of proposals, found once in a process: a proposal pins what it rests on, so it never changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tiering.models import Proposal
from tiering.selectors.evidence import Reason, reasons_of

MOST = 10_000
_FOUND: dict[tuple[int, int, datetime], Reason | None] = {}


def remembered_reasons(proposals: Sequence[Proposal]) -> Mapping[int, Reason]:
    """By proposal id, what moved the tier most, as `reasons_of`; of proposals that were asked about before, without a
    query."""
    if len(_FOUND) + len(proposals) > MOST:
        _FOUND.clear()
    new = [proposal for proposal in proposals if _key(proposal) not in _FOUND]
    if new:
        found = reasons_of(new)
        _FOUND.update({_key(proposal): found.get(proposal.pk) for proposal in new})
    known = {proposal.pk: _FOUND.get(_key(proposal)) for proposal in proposals}
    return {pk: reason for pk, reason in known.items() if reason}


def _key(proposal: Proposal) -> tuple[int, int, datetime]:
    return proposal.pk, proposal.assessment_id, proposal.created_at
