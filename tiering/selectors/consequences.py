"""What follows from a tier for one client, in money: of the tier in force, or of a move from one tier to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm.models import Client
from tiering.core.metric import Facts as Values
from tiering.core.tier_policy import Follows, follows_from
from tiering.models import Facts, PolicyVersion, Proposal, Tier, TierScheme
from tiering.models.tiers import IN_FORCE
from tiering.selectors.evidence import in_force
from tiering.selectors.standing import tier_at
from tiering.selectors.tier_policies import InEffect, tier_policy


@dataclass(frozen=True)
class Consequences:
    """What follows from a tier (`after`), beside what followed from the one before it (`before`, None: no such), by one
    version of the tier policy.

    `exposure` and `limits`: what the client owes, and the limits of its open facilities; None where that is not known.
    """

    version: PolicyVersion
    tier_before: Tier | None
    before: Follows | None
    tier: Tier
    after: Follows
    exposure: float | None
    limits: float | None

    @property
    def headroom(self) -> float | None:
        """How much more may be lent by the ceiling; negative where it is exceeded, None where that is not known."""
        if self.after.ceiling.amount is None or self.limits is None:
            return None
        return self.after.ceiling.amount - self.limits


def consequences_of(client: Client, scheme: TierScheme, at: datetime | None = None) -> Consequences | None:
    """What follows from the tier that the client as a whole has at a moment (None: now); None without a tier, or where
    the scheme has no policy then."""
    policy = tier_policy(scheme, at)
    tier = tier_at(client, scheme, at) if at else tier_now(client, scheme)
    if policy is None or tier is None:
        return None
    holding = in_force(at) if at else IN_FORCE
    facts = Facts.objects.filter(holding, client=client).first()
    return _consequences(policy, None, tier, facts.values() if facts else {})


def consequences_of_proposal(proposal: Proposal) -> Consequences | None:
    """What would follow from a proposed tier beside what follows from the one it replaces, by the facts that it rests on
    and the policy in effect; None where the scheme has no policy, or the move is within a project."""
    policy = tier_policy(proposal.scheme) if proposal.project_id is None else None
    if policy is None:
        return None
    facts = proposal.assessment.facts.values()
    return _consequences(policy, proposal.from_tier, proposal.to_tier, facts)


def consequences_of_move(
    client: Client, scheme: TierScheme, before: Tier, after: Tier, at: datetime | None = None
) -> Consequences | None:
    """What would follow from a tier beside what follows from another, by the facts in force at a moment (None: now)."""
    policy = tier_policy(scheme, at)
    facts = Facts.objects.filter(in_force(at) if at else IN_FORCE, client=client).first()
    return _consequences(policy, before, after, facts.values() if facts else {}) if policy else None


def tier_now(client: Client, scheme: TierScheme) -> Tier | None:
    """The tier that the client as a whole has; None without one."""
    held = client.assignments.filter(IN_FORCE, scheme=scheme, project=None).select_related("tier").first()
    return held.tier if held else None


def _consequences(policy: InEffect, before: Tier | None, after: Tier, facts: Values) -> Consequences | None:
    terms_before, terms = policy.terms(before) if before else None, policy.terms(after)
    if terms is None:
        return None
    exposure, limits = facts.get("exposure"), facts.get("credit_limit")
    return Consequences(
        version=policy.version,
        tier_before=before,
        before=follows_from(terms_before, facts) if terms_before else None,
        tier=after,
        after=follows_from(terms, facts),
        exposure=exposure if isinstance(exposure, float) else None,
        limits=limits if isinstance(limits, float) else None,
    )
