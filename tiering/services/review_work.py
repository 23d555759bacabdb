"""Sharing proposals out among officers, their clock, and what becomes of those that are late.

Everything the house does by itself is done to all proposals at once and can be repeated: a second time finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import User
from crm.services.notices import NoticeRow, notify_many
from tiering.core.authority import Escalation, Work, severity_of
from tiering.core.sharing import share_out
from tiering.core.working_time import due_after, worked_before
from tiering.errors_reviews import AssignedMeanwhile, NoLongerWaits, NotEligible
from tiering.models import Proposal, ReviewWork
from tiering.selectors.authority import AuthorityInEffect, authority_at
from tiering.selectors.review_work import Needing, is_able, needing, officers_at, overdue, unserved
from tiering.services.committees import carry_committees, convene_new

ASSIGNED: Final = "review-assigned"
ESCALATED: Final = "review-escalated"
WHOEVER: Final = 0

# What waited before the authority was in effect is due as from then: nobody is late under a rule that there was not.
WANTING = """
SELECT p.id, greatest(p.waiting_since, %(since)s), o.rank - n.rank
FROM tiering_proposal p
JOIN tiering_tier o ON o.id = p.from_tier_id
JOIN tiering_tier n ON n.id = p.to_tier_id
LEFT JOIN tiering_reviewwork mine ON mine.proposal_id = p.id
WHERE p.status = 'pending' AND (mine.proposal_id IS NULL OR mine.due_at IS NULL AND %(has_clock)s)
"""

# The work of a proposal that this one replaced goes on.
OPEN = """
INSERT INTO tiering_reviewwork (proposal_id, assignee_id, assigned_by_id, assigned_at, due_at, escalated_at)
SELECT p.id, w.assignee_id, w.assigned_by_id, w.assigned_at,
       coalesce(w.due_at, wanting.due_at), w.escalated_at
FROM unnest(%(proposals)s::bigint[], %(due)s::timestamptz[]) AS wanting (proposal, due_at)
JOIN tiering_proposal p ON p.id = wanting.proposal
LEFT JOIN LATERAL (
    SELECT w.* FROM tiering_proposal q JOIN tiering_reviewwork w ON w.proposal_id = q.id
    WHERE q.client_id = p.client_id AND q.scheme_id = p.scheme_id AND q.project_id IS NOT DISTINCT FROM p.project_id
    AND q.waiting_since = p.waiting_since AND q.id < p.id ORDER BY q.id DESC LIMIT 1) w ON true
WHERE p.status = 'pending' AND (w.proposal_id IS NOT NULL OR wanting.due_at IS NOT NULL)
ON CONFLICT (proposal_id) DO UPDATE SET due_at = coalesce(tiering_reviewwork.due_at, excluded.due_at)
RETURNING proposal_id
"""

GIVE = """
UPDATE tiering_reviewwork w
SET assignee_id = given.officer, assigned_by_id = NULL, assigned_at = %(at)s,
    escalated_at = CASE WHEN %(escalates)s THEN %(at)s ELSE w.escalated_at END
FROM unnest(%(proposals)s::bigint[], %(officers)s::bigint[], %(formers)s::bigint[]) AS given (proposal, officer, former)
JOIN tiering_proposal p ON p.id = given.proposal AND p.status = 'pending'
WHERE w.proposal_id = given.proposal AND w.assignee_id IS NOT DISTINCT FROM given.former
AND (NOT %(escalates)s OR w.escalated_at IS NULL)
RETURNING w.proposal_id
"""


@transaction.atomic
def tend_reviews(*, at: datetime) -> int:
    """Start the clocks of what began to wait, call the committees that the authority asks for, give what has nobody to
    officers, and what is late to others; how many were given to somebody."""
    in_effect = authority_at(at)
    work = in_effect.authority.work if in_effect.authority else None
    carry_committees()
    convene_new(proposals=_open(work, in_effect), in_effect=in_effect, at=at)
    if work is None:
        return 0
    given = _share_out(in_effect, work, at)
    return given + (_escalate(in_effect, work, work.escalation, at) if work.escalation else 0)


def _open(work: Work | None, in_effect: AuthorityInEffect) -> list[int]:
    """Start clocks, which go in working hours; the proposals whose clock it is."""
    since = in_effect.version.effective_from if in_effect.version else None
    with connection.cursor() as cursor:
        cursor.execute(WANTING, {"since": since, "has_clock": work is not None})
        found = cursor.fetchall()
        due = [_due(begun, work.hours[severity_of(notches)]) if work else None for _, begun, notches in found]
        cursor.execute(OPEN, {"proposals": [pk for pk, _, _ in found], "due": due})
        return [pk for (pk,) in cursor.fetchall()]


def _due(begun: datetime, hours: int) -> datetime:
    """When a clock that began at a moment has gone for so many working hours, where the institution is."""
    return due_after(timezone.localtime(begun), timedelta(hours=hours))


def _share_out(in_effect: AuthorityInEffect, work: Work, at: datetime) -> int:
    """Give what has nobody to officers; how many were given."""
    day = timezone.localdate(at)
    officers = officers_at(day)
    needs = needing(unserved(officers), in_effect, day)
    if not needs:
        return 0
    given = share_out([need.item for need in needs], officers, work.assignment)
    done = _give(needs, given, at)
    _tell_assigned(done, given, at)
    return len(done)


def _escalate(in_effect: AuthorityInEffect, work: Work, escalation: Escalation, at: datetime) -> int:
    """Give what is late to officers of a higher grade, once; how many were given."""
    day = timezone.localdate(at)
    due = worked_before(timezone.localtime(at), timedelta(hours=escalation.after_hours))
    late = overdue(due)
    needs = needing(late, in_effect, day, escalation.grade)
    if not needs:
        return 0
    others = [
        replace(need.item, barred=need.item.barred | {need.former}, deputy=None) if need.former else need.item
        for need in needs
    ]
    given = share_out(others, officers_at(day), work.assignment)
    done = _give(needs, given, at, escalates=True)
    _tell_escalated(done, given)
    return len(done)


def _give(
    needs: Sequence[Needing], given: Mapping[int, int], at: datetime, escalates: bool = False
) -> list[Needing]:
    """Give proposals to officers where nobody else did meanwhile; those that were."""
    chosen = [need for need in needs if need.item.id in given]
    with connection.cursor() as cursor:
        cursor.execute(
            GIVE,
            {
                "proposals": [need.item.id for need in chosen],
                "officers": [given[need.item.id] for need in chosen],
                "formers": [need.former for need in chosen],
                "at": at,
                "escalates": escalates,
            },
        )
        done = {pk for (pk,) in cursor.fetchall()}
    return [need for need in chosen if need.item.id in done]


def _tell_assigned(done: Iterable[Needing], given: Mapping[int, int], at: datetime) -> None:
    """One notice for each officer, however many they got."""

    def officer_of(need: Needing) -> int:
        return given[need.item.id]

    rows = []
    for officer, needs in groupby(sorted(done, key=officer_of), key=officer_of):
        got = list(needs)
        rows.append(_assigned(got[0].proposal, officer, at, count=len(got)))
    notify_many(kind=ASSIGNED, rows=rows)


def _assigned(proposal: Proposal, officer: int, at: datetime, count: int) -> NoticeRow:
    """That somebody got so many proposals, of which this is the first."""
    return NoticeRow(
        event=f"{ASSIGNED}:{proposal.pk}:{at.isoformat()}",
        recipient=officer,
        params={"count": count, "proposal": proposal.pk, "client": proposal.client.name},
    )


def _tell_escalated(done: Iterable[Needing], given: Mapping[int, int]) -> None:
    rows = [
        NoticeRow(
            event=f"{ESCALATED}:{need.proposal.pk}",
            recipient=given[need.item.id],
            params={
                "proposal": need.proposal.pk,
                "client": need.proposal.client.name,
                "old": need.proposal.from_tier.key,
                "new": need.proposal.to_tier.key,
            },
            client=need.proposal.client_id,
        )
        for need in done
    ]
    notify_many(kind=ESCALATED, rows=rows)


@transaction.atomic
def assign_review(*, proposal: Proposal, to: User | None, by: User, was: int | None = WHOEVER) -> ReviewWork:
    """Take a proposal oneself, hand it over to another officer, or give it back (`to` None): then the house gives it to
    anybody else.

    `was` is the id of the officer who had it as one saw it, None for nobody. Raises NotPermitted, NoLongerWaits,
    AssignedMeanwhile, or NotEligible for somebody who is away or may not decide it.
    """
    if not by.has_perm("tiering.decide_proposals"):
        raise NotPermitted
    pending = Proposal.objects.filter(pk=proposal.pk, status=Proposal.Status.PENDING)
    if not pending.select_for_update(no_key=True).exists():
        raise NoLongerWaits
    work, _ = ReviewWork.objects.select_for_update().get_or_create(proposal=proposal)
    if was != WHOEVER and work.assignee_id != was:
        raise AssignedMeanwhile
    if to is not None and not is_able(proposal, to, authority_at()):
        raise NotEligible(name=to.name)
    if to is None or work.assignee_id != to.pk:
        now = timezone.now()
        work.assignee, work.assigned_by, work.assigned_at = to, by, now
        work.save(update_fields=["assignee", "assigned_by", "assigned_at"])
        if to is not None and to.pk != by.pk:
            notify_many(
                kind=ASSIGNED,
                rows=[replace(_assigned(proposal, to.pk, now, count=1), client=proposal.client_id)],
            )
    return work
