"""Officers' decisions on changes of tier: votes, and what follows once they decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import connection, transaction

from crm.errors import DomainError
from crm.models import User
from tiering.errors import CommentRequired, ProposalNotFound
from tiering.models import Assignment, Proposal, Vote
from tiering.services.votes import STANDS, Outcome, cast_vote, why_not

Verdict = Literal["approve", "reject"]


@dataclass(frozen=True)
class Decision:
    """How one of several decisions ended: `error` is None when the vote was cast; then `status` says whether it decided
    (still pending: others of the committee have to vote)."""

    proposal_id: int
    error: DomainError | None
    status: Proposal.Status | None = None

    @property
    def ok(self) -> bool:
        return self.error is None


def approve(
    *, proposal: Proposal, decided_by: User, comment: str = "", at: datetime | None = None
) -> Assignment | None:
    """Vote for a proposal, and put its tier in force where that is enough; None while a committee has to agree.

    `at` is the moment of the vote, from which the tier holds (None: now); history of past dates gives its own.
    Raises NotPermitted, OwnProposal, ClientsOwnRM, HasInterest, GradeTooLow, AlreadyVoted, AlreadyDecided, StaleProposal
    when the assessment that the proposal pins, the facts under it or the tier it would replace are no longer in force or
    its criteria no longer in effect, or EvidenceOutdated while records that changed since then are still to be assessed.
    """
    with transaction.atomic():
        return _assign(proposal) if _decide(proposal, "approve", decided_by, comment, at) else None


def reject(*, proposal: Proposal, decided_by: User, comment: str, at: datetime | None = None) -> bool:
    """Vote against a proposal and say why; whether that keeps the tier that is in force (else a committee has yet to
    decide). The same result is not proposed again. Raises like `approve`, and CommentRequired."""
    if not comment.strip():
        raise CommentRequired
    with transaction.atomic():
        return _decide(proposal, "reject", decided_by, comment, at) is not None


def decide_many(
    *, ids: Iterable[int], verdict: Verdict, decided_by: User, comment: str = ""
) -> list[Decision]:
    """Vote on several proposals, on each for itself: one that is refused does not hold up the others."""
    ids = list(dict.fromkeys(ids))
    visible = Proposal.objects.visible_to(decided_by).select_related("scheme", "from_tier", "to_tier")
    found = visible.in_bulk(ids)
    return [_attempt(pk, found.get(pk), verdict, decided_by, comment) for pk in ids]


def _attempt(
    pk: int, proposal: Proposal | None, verdict: Verdict, decided_by: User, comment: str
) -> Decision:
    try:
        if proposal is None:
            raise ProposalNotFound
        decide = approve if verdict == "approve" else reject
        decide(proposal=proposal, decided_by=decided_by, comment=comment)
    except DomainError as error:
        return Decision(pk, error)
    return Decision(pk, None, Proposal.Status(proposal.status))


def _decide(
    proposal: Proposal, verdict: Verdict, voter: User, comment: str, at: datetime | None
) -> Outcome | None:
    """The one place where a proposal leaves `pending`: a conditional UPDATE under the client's lock, with the vote that
    decides."""
    outcome, rm = cast_vote(
        proposal=proposal, verdict=Vote.Verdict(verdict), voter=voter, comment=comment, at=at
    )
    if outcome is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            DECIDE,
            {
                "id": proposal.pk,
                "assessment": proposal.assessment_id,
                "status": outcome,
                "by": voter.pk,
                "at": at,
                "rm": rm,
                "comment": comment.strip(),
            },
        )
        decided = cursor.rowcount
    if not decided:
        raise why_not(proposal)
    proposal.refresh_from_db()
    return outcome


DECIDE = f"""
UPDATE tiering_proposal AS p
SET status = %(status)s, decided_by_id = %(by)s, decided_at = coalesce(%(at)s, statement_timestamp()),
    client_rm_id = %(rm)s, comment = %(comment)s
WHERE {STANDS}
"""  # noqa: S608 - a constant condition; values are parameters


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
