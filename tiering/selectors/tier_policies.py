"""The tier policy and the products in effect, as values that are read once for each content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from crm.prepared import Given, prepared
from crm.reading import read_once
from tiering.core.products import Products
from tiering.core.tier_policy import Terms, TierPolicy
from tiering.models import Policy, PolicyVersion, Tier, TierScheme
from tiering.selectors.criteria import tiers_by_rank
from tiering.selectors.policies import parsed, versions_in_effect


@dataclass(frozen=True)
class InEffect:
    """The version of a tier policy that is in effect, and what it says."""

    version: PolicyVersion
    policy: TierPolicy

    def terms(self, tier: Tier) -> Terms | None:
        """What follows from a tier; None for one that came to the scheme later than the policy."""
        return self.policy.by_tier.get(tier.key)

    def by_tier(self, scheme: TierScheme) -> dict[Tier, Terms]:
        """The terms of each tier of the scheme that has some, best first."""
        tiers = tiers_by_rank(scheme)
        found = ((tiers[rank], self.terms(tiers[rank])) for rank in sorted(tiers))
        return {tier: terms for tier, terms in found if terms}


@read_once
def tier_policies(at: datetime | None = None) -> list[InEffect]:
    """The tier policies in effect at a moment (None: now), the primary scheme's first, then by the scheme's key. One
    query."""
    found = [version for version in _decided(at) if version.policy.kind == Policy.Kind.TIER_POLICY]
    return [InEffect(version, _values(version)) for version in sorted(found, key=_place)]


def _place(version: PolicyVersion) -> tuple[bool, str]:
    scheme = version.policy.scheme
    return (not scheme.is_primary, scheme.key) if scheme else (True, "")


@read_once
def _decided(at: datetime | None) -> list[PolicyVersion]:
    """What is in effect of tiers and products: pages ask for both."""
    return _in_effect() if at is None else _in_effect(at=at)


@prepared
def _in_effect(at: Given | None = None) -> QuerySet[PolicyVersion]:
    versions = versions_in_effect((Policy.Kind.TIER_POLICY, Policy.Kind.PRODUCTS), at)
    return versions.only("content_hash", "effective_from", "number", "policy")


def facility_scheme(policies: Sequence[InEffect]) -> TierScheme | None:
    """The scheme by whose tiers limits and rates of facilities go, given the policies in effect in their order: the
    primary one, or, where neither limits nor prices follow from its tiers, the first from whose tiers they do."""
    return next((found.version.policy.scheme for found in policies if found.policy.sets_facilities), None)


def tier_policy(scheme: TierScheme, at: datetime | None = None) -> InEffect | None:
    """The tier policy of a scheme in effect at a moment (None: now); None where there is none. One query."""
    return next((one for one in tier_policies(at) if one.version.policy.scheme_id == scheme.pk), None)


def products_in_effect(at: datetime | None = None) -> Products | None:
    """The products offered at a moment (None: now); None where nothing has been decided. One query."""
    found = (version for version in _decided(at) if version.policy.kind == Policy.Kind.PRODUCTS)
    version = next(found, None)
    return _values(version) if version else None


def _values(version: PolicyVersion) -> Any:
    """Parsed once for each content: a published document never changes."""
    return _parsed(version.pk, version.content_hash)


@lru_cache(maxsize=32)
def _parsed(version: int, content_hash: str) -> Any:
    versions = PolicyVersion.objects.select_related("policy")
    return parsed(versions.get(pk=version, content_hash=content_hash))
