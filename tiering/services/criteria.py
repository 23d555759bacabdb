"""Drafts of criteria, and their publication by a second person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from crm.errors import NotPermitted
from crm.models import User
from tiering.core.check import check
from tiering.core.document import Document
from tiering.core.reading import read
from tiering.core.refusals import CriteriaError
from tiering.errors import (
    CriteriaRefused,
    EffectiveTooEarly,
    NotADraft,
    OwnCriteria,
    SubjectDiffers,
    TiersDiffer,
)
from tiering.models import CriteriaSet, CriteriaVersion, Tier, TierScheme
from tiering.selectors.catalogue import open_catalogue
from tiering.services.clock import database_now
from tiering.services.schedule import follow_publication

COLOUR_STEPS = 7


@transaction.atomic
def load_criteria(*, document: Mapping[str, Any], author: User) -> CriteriaVersion:
    """Store a criteria document as a draft of its scheme, which is made when it is new.

    The first scheme of clients becomes the primary one. A document whose content is the newest version's already is
    not stored again: that version is returned. Raises CriteriaRefused when the JSON does not have the shape of
    criteria; whether they make sense is asked on publishing, so that unfinished drafts can be kept. Raises
    SubjectDiffers when the scheme is of the other kind of subject. Raises NotPermitted.
    """
    if not author.has_perm("tiering.write_criteria"):
        raise NotPermitted
    try:
        parsed = read(document)
    except CriteriaError as error:
        raise CriteriaRefused(error.refusals) from error
    criteria = _criteria_of(parsed)
    newest = criteria.versions.order_by("-number").first()
    if newest and newest.content_hash == parsed.hash:
        return newest
    return CriteriaVersion.objects.create(
        criteria=criteria,
        number=newest.number + 1 if newest else 1,
        document=document,
        content_hash=parsed.hash,
        author=author,
    )


@transaction.atomic
def publish_version(
    *, version: CriteriaVersion, approver: User, effective_from: datetime | None = None
) -> CriteriaVersion:
    """Put a draft in effect from a moment on (None: from now) in place of the version published before, which stays in
    effect until then.

    Makes the tiers of a new scheme. Everybody is assessed anew by a run that starts when it takes effect. Raises
    NotPermitted, OwnCriteria, NotADraft, CriteriaRefused with everything that `check` finds, TiersDiffer, or
    EffectiveTooEarly.
    """
    if not approver.has_perm("tiering.publish_criteria"):
        raise NotPermitted
    # The set, not the version alone: of two drafts published at once the second supersedes the first.
    CriteriaSet.objects.select_for_update().get(pk=version.criteria_id)
    version = CriteriaVersion.objects.select_for_update().get(pk=version.pk)
    if version.status != CriteriaVersion.Status.DRAFT:
        raise NotADraft
    if version.author_id == approver.pk:
        raise OwnCriteria
    parsed = _checked(version)
    now = database_now()
    effective_from = effective_from or now
    _supersede_former(version, effective_from)
    _settle_tiers(version.criteria.scheme, parsed)
    version.status = CriteriaVersion.Status.PUBLISHED
    version.approver, version.published_at, version.effective_from = approver, now, effective_from
    version.save(update_fields=["status", "approver", "published_at", "effective_from"])
    # Should this fail, or the version take effect later: `ensure_runs` looks each minute.
    transaction.on_commit(lambda: follow_publication(version), robust=True)
    return version


def _criteria_of(document: Document) -> CriteriaSet:
    """The criteria of the document's scheme, locked so that versions are numbered one after the other."""
    label = {"name_en": document.label["en"][:120], "name_zh": document.label["zh"][:120]}
    of_clients = document.subject == TierScheme.Subject.CLIENT
    primary = of_clients and not TierScheme.objects.filter(is_primary=True).exists()
    scheme, _ = TierScheme.objects.get_or_create(
        key=document.scheme, defaults={**label, "subject": document.subject, "is_primary": primary}
    )
    if scheme.subject != document.subject:
        raise SubjectDiffers
    CriteriaSet.objects.get_or_create(scheme=scheme, defaults=label)
    return CriteriaSet.objects.select_for_update().get(scheme=scheme)


def _checked(version: CriteriaVersion) -> Document:
    document = read(version.document)
    refusals = check(document, open_catalogue())
    if refusals:
        raise CriteriaRefused(refusals)
    return document


def _supersede_former(version: CriteriaVersion, effective_from: datetime) -> None:
    versions = version.criteria.versions.exclude(status=CriteriaVersion.Status.DRAFT)
    latest = versions.aggregate(at=Max("effective_from"))["at"]
    if latest and effective_from <= latest:
        raise EffectiveTooEarly
    versions.filter(status=CriteriaVersion.Status.PUBLISHED).update(status=CriteriaVersion.Status.SUPERSEDED)


def _settle_tiers(scheme: TierScheme, document: Document) -> None:
    known = list(scheme.tiers.order_by("rank").values_list("key", flat=True))
    named = [tier.key for tier in document.tiers]
    if known and known != named:
        raise TiersDiffer(known=", ".join(known), named=", ".join(named))
    if not known:
        Tier.objects.bulk_create(_tiers(scheme, document))


def _tiers(scheme: TierScheme, document: Document) -> list[Tier]:
    last = len(document.tiers) - 1
    return [
        Tier(
            scheme=scheme,
            key=tier.key,
            label_en=tier.label["en"][:80],
            label_zh=tier.label["zh"][:80],
            rank=rank,
            colour_step=1 + round(rank * (COLOUR_STEPS - 1) / last),
        )
        for rank, tier in enumerate(document.tiers)
    ]
