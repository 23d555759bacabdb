"""Versions of criteria as runs need them."""

from datetime import datetime

from tiering.models import CriteriaVersion, Tier, TierScheme
from tiering.selectors.criteria import document_of, effective_version


def versions_in_effect(as_of: datetime) -> list[CriteriaVersion]:
    """The version in effect at a moment of every scheme that has one, the primary scheme's first."""
    schemes = TierScheme.objects.order_by("-is_primary", "pk")
    found = (effective_version(scheme, as_of) for scheme in schemes)
    return [version for version in found if version is not None]


def tier_ids(version: CriteriaVersion) -> list[int | None]:
    """The ids of the scheme's tiers in the order of a version's own ranks; None for one that the scheme lacks."""
    known = dict(Tier.objects.filter(scheme__criteria=version.criteria_id).values_list("key", "pk"))
    return [known.get(tier.key) for tier in document_of(version).tiers]
