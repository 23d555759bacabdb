"""When several officers decide on a proposal: called by the authority or by one of them, before the first vote.

What calling one asks for is the same of overrides: see `override_committees`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import connection, transaction

from crm.errors import DomainError, NotPermitted
from crm.models import User
from crm.services.notices import NoticeRow, notify_many
from tiering.core.authority import Demand
from tiering.core.authority_document import MOST_MEMBERS
from tiering.errors_reviews import (
    CommitteeAlready,
    CommitteeReasonRequired,
    CommitteeTooSmall,
    NobodyToDecide,
    NoLongerWaits,
    VotesCast,
)
from tiering.models import Committee, Proposal
from tiering.selectors.authority import (
    AuthorityInEffect,
    able_officers,
    able_officers_of,
    authority_at,
    barred_people,
    change_of,
    committee_of,
    demand_of,
)
from tiering.services.locks import locked_rm

CARRY = """
INSERT INTO tiering_committee (proposal_id, client_id, members, needs, grade, asked_by_id, reason, asked_at)
SELECT p.id, p.client_id, c.members, c.needs, c.grade, c.asked_by_id, c.reason, c.asked_at
FROM tiering_proposal p JOIN LATERAL (
    SELECT c.* FROM tiering_proposal q JOIN tiering_committee c ON c.proposal_id = q.id
    WHERE q.client_id = p.client_id AND q.scheme_id = p.scheme_id AND q.project_id IS NOT DISTINCT FROM p.project_id
    AND q.waiting_since = p.waiting_since AND q.id < p.id AND c.asked_by_id IS NOT NULL
    ORDER BY q.id DESC LIMIT 1) c ON true
WHERE p.status = 'pending' AND p.waiting_since < p.created_at
AND NOT EXISTS (SELECT FROM tiering_vote v WHERE v.proposal_id = p.id)
ON CONFLICT (proposal_id) DO NOTHING
"""


@transaction.atomic
def request_committee(*, proposal: Proposal, by: User, members: int, needs: int, reason: str) -> Committee:
    """Let several officers decide what one might, and tell those who may vote; the grade asked for stays.

    Raises NotPermitted, NoLongerWaits, CommitteeAlready, VotesCast, CommitteeTooSmall, CommitteeReasonRequired,
    NobodyToDecide, or why this officer takes no part in the decision.
    """
    rm = locked_rm(proposal.client_id)
    if not Proposal.objects.filter(pk=proposal.pk, status=Proposal.Status.PENDING).exists():
        raise NoLongerWaits
    demand = demand_of(proposal, authority_at(), committee_of(proposal))
    committee, others = called(
        Committee(proposal=proposal, client_id=proposal.client_id, members=members, needs=needs),
        by=by,
        reason=reason,
        demand=demand,
        barred=barred_people(proposal, rm),
        able=able_officers(proposal, rm, demand.grade),
        has_votes=proposal.votes.exists(),
    )
    _tell((officer, proposal) for officer in others)
    return committee


def called(
    committee: Committee,
    *,
    by: User,
    reason: str,
    demand: Demand,
    barred: Mapping[int, type[DomainError]],
    able: Collection[User],
    has_votes: bool,
) -> tuple[Committee, list[int]]:
    """Let a committee decide what somebody may now decide alone, given what that demands, who is barred, and who else
    is able; with it, whom to tell: the ids of the others who may vote.

    Raises NotPermitted, CommitteeTooSmall, CommitteeReasonRequired, CommitteeAlready, VotesCast, NobodyToDecide, or why
    this officer takes no part in the decision.
    """
    if not by.has_perm("tiering.decide_proposals"):
        raise NotPermitted
    members, needs = committee.members, committee.needs
    if not 2 <= members <= MOST_MEMBERS or not 1 <= needs <= members:
        raise CommitteeTooSmall(most=MOST_MEMBERS)
    if not reason.strip():
        raise CommitteeReasonRequired
    if by.pk in barred:
        raise barred[by.pk]
    if demand.is_committee:
        raise CommitteeAlready
    if has_votes:
        raise VotesCast
    if len(able) < members:
        raise NobodyToDecide(found=len(able), members=members)
    committee.grade, committee.asked_by, committee.reason = demand.grade, by, reason.strip()
    committee.save(force_insert=True)
    return committee, [officer.pk for officer in able if officer.pk != by.pk]


def convene(
    proposal: Proposal,
    demand: Demand,
    earlier: Committee | None,
    in_effect: AuthorityInEffect,
    at: datetime | None = None,
) -> Committee:
    """Note that several decide: the authority says so, or an officer did about the proposal that this one replaced."""
    committee = _committee(proposal, demand, in_effect)
    if earlier:
        committee.authority, committee.asked_by_id, committee.reason = (
            None,
            earlier.asked_by_id,
            earlier.reason,
        )
    if at:
        committee.asked_at = at
    committee.save(force_insert=True)
    return committee


def carry_committees() -> None:
    """Let a committee that an officer asked for decide the proposal too that newer facts put in place of that one."""
    with connection.cursor() as cursor:
        cursor.execute(CARRY)


def convene_new(*, proposals: Collection[int], in_effect: AuthorityInEffect, at: datetime) -> None:
    """Call the committees that the authority asks for of proposals that began to wait, and tell those who may vote.

    Other proposals get theirs with the first vote.
    """
    if not proposals or in_effect.authority is None:
        return
    found = Proposal.objects.filter(pk__in=proposals, committee=None, votes=None)
    demands = [
        (proposal, demand)
        for proposal in found.select_related("client", "scheme", "from_tier", "to_tier")
        if (demand := in_effect.demand(change_of(proposal))).is_committee
    ]
    committees = [_committee(proposal, demand, in_effect) for proposal, demand in demands]
    for committee in committees:
        committee.asked_at = at
    Committee.objects.bulk_create(committees, ignore_conflicts=True)
    able = able_officers_of([(proposal, demand.grade) for proposal, demand in demands])
    _tell((officer, proposal) for proposal, _ in demands for officer in able[proposal.pk])


def _committee(proposal: Proposal, demand: Demand, in_effect: AuthorityInEffect) -> Committee:
    return Committee(
        proposal=proposal,
        client_id=proposal.client_id,
        members=demand.of,
        needs=demand.needs,
        grade=demand.grade,
        authority=in_effect.version,
    )


def _tell(members: Iterable[tuple[int, Proposal]]) -> None:
    """One notice for each officer (id), however many committees wait for them."""
    waiting: dict[int, list[Proposal]] = {}
    for officer, proposal in members:
        waiting.setdefault(officer, []).append(proposal)
    rows = [
        NoticeRow(
            event=f"review-committee:{proposals[0].pk}",
            recipient=officer,
            params={
                "count": len(proposals),
                "proposal": proposals[0].pk,
                "client": proposals[0].client.name,
            },
        )
        for officer, proposals in waiting.items()
    ]
    notify_many(kind="review-committee", rows=rows)
