"""The checker's decision on a change of tier."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import connection, transaction

from crm.errors import DomainError, NotPermitted
from crm.models import Client, User
from tiering.errors import (
    AlreadyDecided,
    ClientsOwnRM,
    CommentRequired,
    EvidenceOutdated,
    OwnProposal,
    ProposalNotFound,
    StaleProposal,
)
from tiering.models import Assignment, Proposal, RetierRequest

Verdict = Literal["approve", "reject"]


@dataclass(frozen=True)
class Decision:
    """How one of several decisions ended: `error` is None when it was taken."""

    proposal_id: int
    error: DomainError | None

    @property
    def ok(self) -> bool:
        return self.error is None


def approve(
    *, proposal: Proposal, decided_by: User, comment: str = "", at: datetime | None = None
) -> Assignment:
    """Put the proposed tier in force.

    `at` is the moment of the decision, from which the tier holds (None: now); history of past dates gives its own.
    Raises NotPermitted, OwnProposal, ClientsOwnRM, AlreadyDecided, StaleProposal when the assessment that the proposal
    pins, the facts under it or the tier it would replace are no longer in force or its criteria no longer in effect, or
    EvidenceOutdated while records that changed since then are still to be assessed.
    """
    with transaction.atomic():
        _decide(proposal, Proposal.Status.APPROVED, decided_by, comment, at)
        return _assign(proposal)


def reject(*, proposal: Proposal, decided_by: User, comment: str, at: datetime | None = None) -> None:
    """Keep the tier that is in force, and say why. The same result is not proposed again. Raises like `approve`,
    and CommentRequired."""
    if not comment.strip():
        raise CommentRequired
    with transaction.atomic():
        _decide(proposal, Proposal.Status.REJECTED, decided_by, comment, at)


def decide_many(
    *, ids: Iterable[int], verdict: Verdict, decided_by: User, comment: str = ""
) -> list[Decision]:
    """Decide on several proposals, each for itself: one that is refused does not hold up the others."""
    ids = list(dict.fromkeys(ids))
    visible = Proposal.objects.visible_to(decided_by).in_bulk(ids)
    return [Decision(pk, _attempt(visible.get(pk), verdict, decided_by, comment)) for pk in ids]


def _attempt(
    proposal: Proposal | None, verdict: Verdict, decided_by: User, comment: str
) -> DomainError | None:
    try:
        if proposal is None:
            raise ProposalNotFound
        decide = approve if verdict == "approve" else reject
        decide(proposal=proposal, decided_by=decided_by, comment=comment)
    except DomainError as error:
        return error
    return None


def _decide(
    proposal: Proposal, status: Proposal.Status, decided_by: User, comment: str, at: datetime | None
) -> None:
    """The one place where a proposal leaves `pending`: a conditional UPDATE under the client's lock."""
    if not decided_by.has_perm("tiering.decide_proposals"):
        raise NotPermitted
    # Runs take the same lock, so the tier and the assessment stand still until this decision is committed.
    client = Client.objects.select_for_update(no_key=True).only("rm").get(pk=proposal.client_id)
    if decided_by.pk == proposal.requested_by_id:
        raise OwnProposal
    if decided_by.pk == client.rm_id:
        raise ClientsOwnRM
    with connection.cursor() as cursor:
        cursor.execute(
            DECIDE,
            {
                "id": proposal.pk,
                "status": status,
                "by": decided_by.pk,
                "at": at,
                "rm": client.rm_id,
                "comment": comment.strip(),
                # A rejection keeps what is in force, but it too answers the evidence that is in force.
                "assessment": proposal.assessment_id,
            },
        )
        decided = cursor.rowcount
    if not decided:
        raise _why_not(proposal)
    proposal.refresh_from_db()


DECIDE = """
UPDATE tiering_proposal AS p
SET status = %(status)s, decided_by_id = %(by)s, decided_at = coalesce(%(at)s, statement_timestamp()),
    client_rm_id = %(rm)s, comment = %(comment)s
WHERE p.id = %(id)s AND p.status = 'pending' AND p.assessment_id = %(assessment)s
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


def _why_not(proposal: Proposal) -> DomainError:
    if not Proposal.objects.filter(pk=proposal.pk, status=Proposal.Status.PENDING).exists():
        return AlreadyDecided()
    read = proposal.assessment.facts.recorded_at
    outdated = RetierRequest.objects.filter(client=proposal.client_id, requested_at__gt=read).exists()
    return EvidenceOutdated() if outdated else StaleProposal()


def _assign(proposal: Proposal) -> Assignment:
    """Close the assignment in force and open the approved one, at the moment of the decision."""
    with connection.cursor() as cursor:
        cursor.execute(ASSIGN, {"proposal": proposal.pk})
        (pk,) = cursor.fetchone()
    return Assignment.objects.get(pk=pk)


# A tier may have been assigned later than the moment of the decision says (a clock that was set back): then the new
# one begins right after it, because no row may end before it begins.
ASSIGN = """
WITH closed AS (
    UPDATE tiering_assignment AS t
    SET valid_to = greatest(p.decided_at, t.valid_from + interval '1 microsecond')
    FROM tiering_proposal p
    WHERE p.id = %(proposal)s AND t.client_id = p.client_id AND t.scheme_id = p.scheme_id AND t.valid_to IS NULL
    AND t.project_id IS NOT DISTINCT FROM p.project_id
    RETURNING t.valid_to, p.client_id, p.project_id, p.scheme_id, p.to_tier_id, p.assessment_id, p.id AS proposal_id)
INSERT INTO tiering_assignment (client_id, project_id, scheme_id, tier_id, valid_from, assessment_id, proposal_id)
SELECT client_id, project_id, scheme_id, to_tier_id, valid_to, assessment_id, proposal_id FROM closed
RETURNING id
"""
