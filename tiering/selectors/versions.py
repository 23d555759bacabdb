"""Versions of criteria as runs need them."""

from dataclasses import dataclass
from datetime import datetime

from crm.models import User
from tiering import display
from tiering.core.placement import Label
from tiering.models import CriteriaVersion, Tier
from tiering.selectors.criteria import document_of, readable_versions


@dataclass(frozen=True)
class VersionTier:
    """A tier as a version of criteria names it; `rank` 0 is its best. Without a `colour_step` where the scheme has no
    such tier, as of a draft with tiers of its own."""

    key: str
    names: Label
    rank: int
    colour_step: int | None

    @property
    def label(self) -> str:
        return display.label(self.names)


def versions_in_effect(as_of: datetime) -> list[CriteriaVersion]:
    """The version in effect at a moment of every scheme that has one, the primary scheme's first. One query."""
    published = CriteriaVersion.objects.exclude(status__in=CriteriaVersion.IN_PREPARATION)
    latest = published.filter(effective_from__lte=as_of).order_by("criteria", "-effective_from", "-number")
    versions = latest.distinct("criteria").select_related("criteria__scheme").defer("document")
    return sorted(
        versions, key=lambda version: (not version.criteria.scheme.is_primary, version.criteria.scheme_id)
    )


def version_before(version: CriteriaVersion, user: User) -> CriteriaVersion | None:
    """What a version is a change of, among those that the user may read: the one in effect before it, or else the one
    that its draft was begun from or that came before it."""
    others = readable_versions(user).filter(criteria=version.criteria_id).exclude(pk=version.pk)
    in_effect = others.exclude(status__in=CriteriaVersion.IN_PREPARATION)
    if version.effective_from:
        in_effect = in_effect.filter(effective_from__lt=version.effective_from)
    return (
        in_effect.order_by("-effective_from").first()
        or others.filter(pk=version.based_on_id or 0).first()
        or others.filter(number__lt=version.number).order_by("-number").first()
    )


def tier_ids(version: CriteriaVersion) -> list[int]:
    """The ids of the scheme's tiers in the order of a version's own ranks; 0, which no tier has, for one that the scheme
    lacks. Not None: Postgres would find the tier of a subject that holds none in such a place of the array."""
    known = dict(Tier.objects.filter(scheme__criteria=version.criteria_id).values_list("key", "pk"))
    return [known.get(tier.key, 0) for tier in document_of(version).tiers]


def tiers_named_by(version: CriteriaVersion) -> list[VersionTier]:
    """The tiers that a version's own ranks stand for, the best first."""
    colours = dict(
        Tier.objects.filter(scheme__criteria=version.criteria_id).values_list("key", "colour_step")
    )
    return [
        VersionTier(tier.key, tier.label, rank, colours.get(tier.key))
        for rank, tier in enumerate(document_of(version).tiers)
    ]
