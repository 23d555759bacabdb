"""What follows from a tier for one client, in money: of the tier in force, or of a move from one tier to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from crm.models import Client
from crm.prepared import Given, prepared
from crm.reading import read_once
from tiering.core.metric import Facts as Values
from tiering.core.tier_policy import Follows, follows_from
from tiering.models import Assignment, Facts, PolicyVersion, Proposal, Tier, TierScheme
from tiering.models.tiers import IN_FORCE
from tiering.selectors.criteria import every_tier
from tiering.selectors.evidence import in_force
from tiering.selectors.standing import tier_at
from tiering.selectors.tier_policies import InEffect, facility_scheme, tier_policies


@dataclass(frozen=True)
class Consequences:
    """What follows from a tier (`after`), beside what followed from the one before it (`before`, None: no such), by one
    version of the tier policy.

    `base_rate`: the house's rate by the policy, in basis points a year; None where it does not say.
    `facilities_by`: the other scheme by whose tiers limits and rates of facilities go; None where they go by this one's.
    `exposure` and `limits`: what the client owes, and the limits of its open facilities; None where that is not known.
    """

    version: PolicyVersion
    tier_before: Tier | None
    before: Follows | None
    tier: Tier
    after: Follows
    base_rate: int | None
    facilities_by: TierScheme | None
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
    policies = tier_policies(at)
    tier = tier_at(client, scheme, at) if at else tier_now(client, scheme)
    if tier is None:
        return None
    return _consequences(policies, None, tier, known_values(client, at))


def consequences_of_proposal(proposal: Proposal) -> Consequences | None:
    """What would follow from a proposed tier beside what follows from the one it replaces, by the facts that it rests on
    and the policy in effect; None where the scheme has no policy, or the move is within a project."""
    if proposal.project_id is not None:
        return None
    facts = proposal.assessment.facts.values()
    return _consequences(tier_policies(), proposal.from_tier, proposal.to_tier, facts)


@read_once
def known_values(client: Client, at: datetime | None = None) -> Values:
    """What is known of the client as a whole at a moment (None: now), by metric. One query."""
    for found in _facts(client=client.pk, at=at) if at else _facts(client=client.pk):
        return found.values()
    return {}


@prepared
def _facts(client: Given, at: Given | None = None) -> QuerySet[Facts]:
    return Facts.objects.filter(in_force(at) if at else IN_FORCE, client=client)


@read_once
def tier_now(client: Client, scheme: TierScheme) -> Tier | None:
    """The tier that the client as a whole has; None without one."""
    for tier in _held(client=client.pk, scheme=scheme.pk):
        return every_tier()[tier]
    return None


@prepared
def _held(client: Given, scheme: Given) -> QuerySet[Assignment, int]:
    held = Assignment.objects.filter(IN_FORCE, client=client, scheme=scheme, project=None)
    return held.values_list("tier", flat=True)


def _consequences(
    policies: Sequence[InEffect], before: Tier | None, after: Tier, facts: Values
) -> Consequences | None:
    """What follows by the policy of the tiers' scheme; None where it has none, or the policy does not know the tier."""
    policy = next((one for one in policies if one.version.policy.scheme_id == after.scheme_id), None)
    terms = policy.terms(after) if policy else None
    if policy is None or terms is None:
        return None
    terms_before, setting = policy.terms(before) if before else None, facility_scheme(policies)
    exposure, limits = facts.get("exposure"), facts.get("credit_limit")
    return Consequences(
        version=policy.version,
        tier_before=before,
        before=follows_from(terms_before, facts) if terms_before else None,
        tier=after,
        after=follows_from(terms, facts),
        base_rate=policy.policy.base_rate,
        facilities_by=None if setting is None or setting.pk == after.scheme_id else setting,
        exposure=exposure if isinstance(exposure, float) else None,
        limits=limits if isinstance(limits, float) else None,
    )
