"""Which policy is in effect, which versions somebody may read, and what their documents may name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from crm.models import Industry, Team, User
from crm.prepared import Given
from crm.reading import read_once
from tiering.core.policies import Known
from tiering.core.policy_kinds import KINDS
from tiering.models import Policy, PolicyStep, PolicyVersion, Tier, TierScheme
from tiering.selectors.catalogue import open_catalogue

Kind = Policy.Kind
Status = PolicyVersion.Status
Act = PolicyStep.Act
WRITING = (Act.BEGUN, Act.EDITED, Act.SUBMITTED)
"""The steps that make somebody an author of a version, who does not publish it."""


@read_once
def policy_in_effect(
    kind: str, scheme: TierScheme | int | None = None, at: datetime | None = None
) -> PolicyVersion | None:
    """The version in effect at a moment (None: now); None where there is none. One query."""
    return versions_in_effect(kind, at).filter(policy__scheme=scheme).first()


def versions_in_effect(
    kind: str | Sequence[str], at: datetime | Given | None = None
) -> QuerySet[PolicyVersion]:
    """Of each policy of the kind, or of the kinds, the version in effect at a moment (None: now)."""
    moment, kinds = at or Now(), [kind] if isinstance(kind, str) else kind
    past = PolicyVersion.objects.filter(
        policy__kind__in=kinds, status__in=(Status.PUBLISHED, Status.SUPERSEDED), effective_from__lte=moment
    )
    later = past.filter(policy=OuterRef("policy"), effective_from__gt=OuterRef("effective_from"))
    return past.exclude(Exists(later)).select_related("policy__scheme")


def parsed(version: PolicyVersion) -> Any:
    """The values of a version's document, as its kind reads them."""
    return KINDS[version.policy.kind].read(version.document)


def readable_policies(user: User) -> QuerySet[PolicyVersion]:
    """The versions that a user may read: drafts are for those who write or check them."""
    versions = PolicyVersion.objects.select_related("policy__scheme", "author", "publisher", "based_on")
    if user.has_perm("tiering.view_drafts"):
        return versions
    return versions.filter(status__in=(Status.PUBLISHED, Status.SUPERSEDED))


def replaced_by(version: PolicyVersion) -> PolicyVersion | None:
    """The published version that this one takes the place of, None for the first of its policy."""
    published = PolicyVersion.objects.filter(policy=version.policy_id, status=Status.PUBLISHED)
    return published.exclude(pk=version.pk).select_related("policy__scheme").first()


def is_author(version: PolicyVersion, user: User) -> bool:
    """Whether the user began, edited or submitted the version, and so may not publish it."""
    if user.pk in (version.author_id, version.submitted_by_id):
        return True
    return PolicyStep.objects.filter(version=version, by=user, act__in=WRITING).exists()


def waiting_policies(user: User) -> QuerySet[PolicyVersion]:
    """What waits for this user: submitted versions of others, and own drafts that were sent back."""
    if not user.has_perm("tiering.publish_criteria"):
        return PolicyVersion.objects.none()
    steps = PolicyStep.objects.filter(version=OuterRef("pk"))
    wrote = Exists(steps.filter(by=user, act__in=WRITING))
    last = steps.order_by("-pk").values("act")[:1]
    found = PolicyVersion.objects.annotate(wrote=wrote, last_act=last)
    return found.filter(
        Q(status=Status.SUBMITTED, wrote=False) | Q(status=Status.DRAFT, wrote=True, last_act=Act.REJECTED)
    ).exclude(status=Status.SUBMITTED, author=user)


def known_to(policy: Policy) -> Known:
    """What a document of the policy may name, as the house is now."""
    tiers: dict[str, tuple[str, ...]] = {}
    for scheme, key in Tier.objects.order_by("scheme", "rank").values_list("scheme__key", "key"):
        tiers[scheme] = (*tiers.get(scheme, ()), key)
    products = policy_in_effect(Kind.PRODUCTS)
    return Known(
        catalogue=open_catalogue(),
        tiers=tiers,
        scheme=policy.scheme.key if policy.scheme else None,
        products=frozenset(one["key"] for one in products.document["products"]) if products else frozenset(),
        teams=frozenset(Team.objects.values_list("code", flat=True)),
        sectors=frozenset(Industry.objects.values_list("code", flat=True)),
    )
