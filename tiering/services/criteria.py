"""Criteria documents as drafts of their schemes."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from crm.errors import NotPermitted
from crm.models import User
from tiering.core.document import Document
from tiering.core.reading import read
from tiering.core.refusals import CriteriaError
from tiering.errors import (
    CriteriaRefused,
    SubjectDiffers,
)
from tiering.models import CriteriaSet, CriteriaVersion, TierScheme


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
    return add_draft(criteria=criteria, document=document, content_hash=parsed.hash, author=author)


def add_draft(
    *,
    criteria: CriteriaSet,
    document: Mapping[str, Any],
    content_hash: str,
    author: User,
    based_on: CriteriaVersion | None = None,
    evidence: Any = None,
) -> CriteriaVersion:
    """Store a draft under the next number. Part of a transaction that has locked the criteria."""
    latest = criteria.versions.aggregate(number=Max("number"))["number"]
    return CriteriaVersion.objects.create(
        criteria=criteria,
        number=(latest or 0) + 1,
        document=document,
        content_hash=content_hash,
        author=author,
        based_on=based_on,
        evidence=evidence,
    )


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
