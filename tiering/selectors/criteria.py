"""Which criteria are in effect, and what they say."""

from datetime import datetime
from functools import lru_cache

from django.db.models import QuerySet

from crm.models import User
from crm.prepared import prepared
from crm.reading import read_once
from tiering.core.document import Document
from tiering.core.reading import read
from tiering.models import CriteriaVersion, Tier, TierScheme


@read_once
def primary_scheme() -> TierScheme | None:
    """The scheme whose tier is *the* tier of a client; None until criteria have been loaded."""
    schemes = (tier.scheme for tier in every_tier().values() if tier.scheme.is_primary)
    return next(schemes, None) or TierScheme.objects.filter(is_primary=True).first()


def tiers_by_rank(scheme: TierScheme) -> dict[int, Tier]:
    """The tiers of a scheme as assessments name them; 0 is the best."""
    return {tier.rank: tier for tier in every_tier().values() if tier.scheme_id == scheme.pk}


@read_once
def every_tier() -> dict[int, Tier]:
    """The tiers of all schemes by id, each with its scheme."""
    return {tier.pk: tier for tier in _tiers()}


@prepared
def _tiers() -> QuerySet[Tier]:
    return Tier.objects.select_related("scheme")


def effective_version(scheme: TierScheme, as_of: datetime) -> CriteriaVersion | None:
    """The version of the scheme's criteria in effect at a moment, published or since superseded."""
    versions = CriteriaVersion.objects.exclude(status__in=CriteriaVersion.IN_PREPARATION)
    return (
        versions.filter(criteria__scheme=scheme, effective_from__lte=as_of)
        .order_by("-effective_from", "-number")
        .select_related("criteria")
        .first()
    )


def readable_versions(user: User) -> QuerySet[CriteriaVersion]:
    """The versions that a user may read: all of them, or those that are not drafts."""
    versions = CriteriaVersion.objects.select_related("criteria__scheme", "author", "approver")
    if user.has_perm("tiering.view_drafts"):
        return versions
    return versions.exclude(status__in=CriteriaVersion.IN_PREPARATION)


def stored_version(scheme: str, number: int | None = None) -> CriteriaVersion | None:
    """A version of a scheme's criteria by the scheme's key and its number. Without a number the published one, or the
    newest draft while none is."""
    versions = CriteriaVersion.objects.filter(criteria__scheme__key=scheme)
    if number is not None:
        return versions.filter(number=number).first()
    published = versions.filter(status=CriteriaVersion.Status.PUBLISHED).first()
    return published or versions.order_by("-number").first()


def document_of(version: CriteriaVersion) -> Document:
    """The version's document as values, parsed once for each content: the one that the version had when it was read."""
    try:
        return _document(version.pk, version.content_hash)
    except CriteriaVersion.DoesNotExist:  # somebody has edited it since
        return read(version.document)


@lru_cache(maxsize=32)
def _document(version: int, content_hash: str) -> Document:
    versions = CriteriaVersion.objects.filter(pk=version, content_hash=content_hash)
    return read(versions.values_list("document", flat=True).get())
