"""What the authority in effect asks of a decision, and whether somebody may take part in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from crm.errors import DomainError
from crm.models import Interest, Role, User
from crm.selectors.absences import acting_for
from tiering.core.authority import ANY_OFFICER, Authority, Change, Demand
from tiering.core.authority_document import read
from tiering.errors import ClientsOwnRM, OwnProposal
from tiering.errors_reviews import AlreadyVoted, GradeTooLow, HasInterest
from tiering.models import Committee, Policy, PolicyVersion, Proposal, Vote
from tiering.selectors.policies import versions_in_effect

_READ: dict[str, Authority] = {}
MOST_READ = 16


@dataclass(frozen=True)
class AuthorityInEffect:
    """The authority at a moment and the version that says it; both None where there is none."""

    version: PolicyVersion | None = None
    authority: Authority | None = None

    def demand(self, change: Change) -> Demand:
        """What the decision on a change asks for; without an authority, any officer."""
        return self.authority.demand(change) if self.authority else ANY_OFFICER


@dataclass(frozen=True)
class Voice:
    """In whose name somebody votes (``acting_for`` None: their own), or why they may not."""

    acting_for: User | None = None
    refusal: DomainError | None = None


def authority_at(at: datetime | None = None) -> AuthorityInEffect:
    """The authority in effect at a moment (None: now). One query; a document is read once in a process."""
    version = versions_in_effect(Policy.Kind.AUTHORITY, at).defer("document").first()
    if version is None:
        return AuthorityInEffect()
    if version.content_hash not in _READ:
        if len(_READ) >= MOST_READ:
            _READ.clear()
        _READ[version.content_hash] = read(version.document)
    return AuthorityInEffect(version, _READ[version.content_hash])


def change_of(proposal: Proposal) -> Change:
    """A proposal as the authority looks at it."""
    old, new = proposal.from_tier, proposal.to_tier
    return Change(proposal.scheme.key, old.rank, new.rank, old.key, new.key, proposal.exposure)


def committee_of(proposal: Proposal) -> Committee | None:
    """The committee that decides: the proposal's own, or the one that an officer asked for while the same move waited
    under an earlier proposal."""
    asked = Committee.objects.filter(
        proposal__client=proposal.client_id,
        proposal__scheme=proposal.scheme_id,
        proposal__project=proposal.project_id,
        proposal__waiting_since=proposal.waiting_since,
        proposal__lte=proposal.pk,
    ).order_by("-proposal")
    return next((one for one in asked if one.proposal_id == proposal.pk or one.asked_by_id), None)


def demand_of(proposal: Proposal, in_effect: AuthorityInEffect, committee: Committee | None) -> Demand:
    """What the decision on a proposal asks for. A committee that was asked for stays as it was asked for."""
    if committee is None:
        return in_effect.demand(change_of(proposal))
    return Demand(committee.grade, committee.members, committee.needs)


def barred_people(proposal: Proposal, rm: int | None) -> dict[int, type[DomainError]]:
    """Who takes no part in the decision on a proposal, by id, and why. `rm` is the one whom the client has now."""
    interested = Interest.objects.current().filter(client=proposal.client_id).values_list("user", flat=True)
    found: dict[int, type[DomainError]] = dict.fromkeys(interested, HasInterest)
    if rm is not None:
        found[rm] = ClientsOwnRM
    if proposal.requested_by_id is not None:
        found[proposal.requested_by_id] = OwnProposal
    return found


def people_voted(proposal: Proposal) -> set[int]:
    """The ids of everybody in whose name a vote on the proposal was cast, and of those who cast it."""
    return voted_in(Vote.objects.filter(proposal=proposal))


def voted_in(votes: Iterable[Vote]) -> set[int]:
    """The ids of everybody in whose name some votes were cast, and of those who cast them."""
    return {person for vote in votes for person in (vote.voter_id, vote.acting_for_id) if person is not None}


def voice_of(proposal: Proposal, rm: int | None, user: User, demand: Demand, day: date) -> Voice:
    """In whose name a risk officer may vote on a proposal on a day, or why they may not."""
    return voice_among(barred_people(proposal, rm), people_voted(proposal), user, demand, day)


def voice_among(
    barred: Mapping[int, type[DomainError]], voted: Container[int], user: User, demand: Demand, day: date
) -> Voice:
    """In whose name a risk officer may vote where some people are barred and some have voted.

    In their own where their grade is enough, else for an absent officer of that grade whose deputy they are.
    """
    if user.pk in barred:
        return Voice(refusal=barred[user.pk]())
    if user.pk in voted:
        return Voice(refusal=AlreadyVoted())
    if user.grade >= demand.grade:
        return Voice()
    principals = [one for one in acting_for(user, day) if one.grade >= demand.grade and one.pk not in barred]
    free = [one for one in principals if one.pk not in voted]
    if free:
        return Voice(acting_for=min(free, key=lambda one: (one.grade, one.pk)))
    if principals:
        return Voice(refusal=AlreadyVoted())
    return Voice(refusal=GradeTooLow(needs=demand.grade, has=user.grade))


def able_officers(proposal: Proposal, rm: int | None, grade: int) -> list[User]:
    """The active risk officers of a grade at least whom nothing bars from deciding on the proposal."""
    officers = User.objects.filter(role=Role.RISK_OFFICER, is_active=True, grade__gte=grade)
    return list(officers.exclude(pk__in=barred_people(proposal, rm)).order_by("pk"))


def able_officers_of(wanted: Sequence[tuple[Proposal, int]]) -> Mapping[int, list[int]]:
    """By proposal, the ids of the risk officers who may decide on it, of the grade beside it at least. Two queries."""
    officers = User.objects.filter(role=Role.RISK_OFFICER, is_active=True).order_by("pk")
    grades = dict(officers.values_list("pk", "grade"))
    interested = interested_in({proposal.client_id for proposal, _ in wanted})
    return {
        proposal.pk: [
            pk
            for pk, grade in grades.items()
            if grade >= least and pk not in _not_independent(proposal, interested)
        ]
        for proposal, least in wanted
    }


def interested_in(clients: Iterable[int]) -> Mapping[int, set[int]]:
    """By client, the ids of those who have declared an interest in it."""
    found: dict[int, set[int]] = defaultdict(set)
    for client, user in Interest.objects.current().filter(client__in=clients).values_list("client", "user"):
        found[client].add(user)
    return found


def _not_independent(proposal: Proposal, interested: Mapping[int, set[int]]) -> set[int | None]:
    return {proposal.requested_by_id, proposal.client.rm_id, *interested.get(proposal.client_id, ())}
