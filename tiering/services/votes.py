"""Votes on a proposal: who may cast one, and what they come to."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db import connection
from django.utils import timezone

from crm.errors import DomainError, NotPermitted
from crm.models import User
from tiering.core.authority import Demand
from tiering.errors import AlreadyDecided, EvidenceOutdated, StaleProposal
from tiering.models import Proposal, RetierRequest, Vote
from tiering.selectors.authority import authority_at, committee_of, demand_of, voice_of
from tiering.services.committees import convene
from tiering.services.locks import locked_rm

Outcome = Literal["approved", "rejected"]

STANDS = """
p.id = %(id)s AND p.status = 'pending' AND p.assessment_id = %(assessment)s
AND EXISTS (
    SELECT FROM tiering_assessment a JOIN tiering_facts f ON f.id = a.facts_id
    WHERE a.id = p.assessment_id AND a.valid_to IS NULL AND f.valid_to IS NULL
    AND NOT EXISTS (SELECT FROM tiering_projectfacts w WHERE w.id = a.project_facts_id AND w.valid_to IS NOT NULL))
AND NOT EXISTS (
    SELECT FROM tiering_assessment a
    JOIN tiering_criteriaversion used ON used.id = a.version_id
    JOIN tiering_criteriaversion newer ON newer.criteria_id = used.criteria_id
        AND newer.status IN ('published', 'superseded')
    WHERE a.id = p.assessment_id AND newer.effective_from > used.effective_from
    AND newer.effective_from <= coalesce(%(at)s, statement_timestamp()))
AND EXISTS (
    SELECT FROM tiering_assignment t
    WHERE t.client_id = p.client_id AND t.scheme_id = p.scheme_id AND t.valid_to IS NULL
    AND t.project_id IS NOT DISTINCT FROM p.project_id AND t.tier_id = p.from_tier_id)
AND NOT EXISTS (
    SELECT FROM tiering_retierrequest q JOIN tiering_assessment a ON a.id = p.assessment_id
    JOIN tiering_facts f ON f.id = a.facts_id
    WHERE q.client_id = p.client_id AND q.requested_at > f.recorded_at)
"""
"""Whether a proposal waits and what it rests on still holds: assessment, facts, criteria, the tier it would replace, and
nothing newer is still to be assessed."""

CAST = f"""
INSERT INTO tiering_vote (proposal_id, client_id, voter_id, acting_for_id, grade, verdict, comment, at)
SELECT p.id, p.client_id, %(voter)s, %(acting_for)s, %(grade)s, %(verdict)s, %(comment)s,
       coalesce(%(at)s, statement_timestamp())
FROM tiering_proposal p WHERE {STANDS}
"""  # noqa: S608 - a constant condition; values are parameters

# Votes of those who have become barred since do not count.
COUNT = """
SELECT count(*) FILTER (WHERE v.verdict = 'approve'), count(*) FILTER (WHERE v.verdict = 'reject')
FROM tiering_vote v WHERE v.proposal_id = %(id)s
AND NOT tiering_is_barred(v.proposal_id, v.voter_id) AND NOT tiering_is_barred(v.proposal_id, v.acting_for_id)
"""


def cast_vote(
    *, proposal: Proposal, verdict: Vote.Verdict, voter: User, comment: str, at: datetime | None
) -> tuple[Outcome | None, int | None]:
    """Cast a vote within the caller's transaction; what it decides (None: others have to vote), and the client's RM.

    The client is locked until the transaction ends. Raises NotPermitted, OwnProposal, ClientsOwnRM, HasInterest,
    GradeTooLow, AlreadyVoted, AlreadyDecided, StaleProposal or EvidenceOutdated.
    """
    if not voter.has_perm("tiering.decide_proposals"):
        raise NotPermitted
    rm = locked_rm(proposal.client_id)
    if not Proposal.objects.filter(pk=proposal.pk, status=Proposal.Status.PENDING).exists():
        raise AlreadyDecided
    in_effect, committee = authority_at(at), committee_of(proposal)
    demand = demand_of(proposal, in_effect, committee)
    voice = voice_of(proposal, rm, voter, demand, timezone.localdate(at))
    if voice.refusal:
        raise voice.refusal
    if demand.is_committee and (committee is None or committee.proposal_id != proposal.pk):
        convene(proposal, demand, committee, in_effect, at)
    with connection.cursor() as cursor:
        cursor.execute(
            CAST,
            {
                "id": proposal.pk,
                # A rejection keeps what is in force, but it too answers the evidence that is in force.
                "assessment": proposal.assessment_id,
                "at": at,
                "voter": voter.pk,
                "acting_for": voice.acting_for.pk if voice.acting_for else None,
                "grade": demand.grade,
                "verdict": verdict,
                "comment": comment.strip(),
            },
        )
        if not cursor.rowcount:
            raise why_not(proposal)
        cursor.execute(COUNT, {"id": proposal.pk})
        approvals, rejections = cursor.fetchone()
    return _decided(verdict, demand, approvals, rejections), rm


def _decided(verdict: Vote.Verdict, demand: Demand, approvals: int, rejections: int) -> Outcome | None:
    """What the votes come to by this one: an approval never rejects, so whoever rejects has said why."""
    outcome = demand.outcome(approvals, rejections)
    fits = outcome == ("approved" if verdict == Vote.Verdict.APPROVE else "rejected")
    return outcome if fits else None


def why_not(proposal: Proposal) -> DomainError:
    """Why a proposal cannot be voted on."""
    if not Proposal.objects.filter(pk=proposal.pk, status=Proposal.Status.PENDING).exists():
        return AlreadyDecided()
    read = proposal.assessment.facts.recorded_at
    outdated = RetierRequest.objects.filter(client=proposal.client_id, requested_at__gt=read).exists()
    return EvidenceOutdated() if outdated else StaleProposal()
