"""The book as a whole, as far as a user may see it."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from crm.models import User
from tiering.models import Assignment, Proposal, Tier, TierScheme


@dataclass(frozen=True)
class TierShare:
    """How many clients are in a tier."""

    tier: Tier
    clients: int


def tier_distribution(user: User, scheme: TierScheme) -> list[TierShare]:
    """The clients that the user may see in each tier of the scheme, the best tier first; empty tiers too."""
    visible = Assignment.objects.visible_to(user).filter(project=None, scheme=scheme, valid_to__isnull=True)
    counted = dict(visible.values_list("tier").annotate(clients=Count("pk")))
    return [TierShare(tier, counted.get(tier.pk, 0)) for tier in scheme.tiers.order_by("rank")]


def pending(user: User) -> QuerySet[Proposal]:
    """The proposals that wait for a decision and that the user may see."""
    return Proposal.objects.visible_to(user).filter(status=Proposal.Status.PENDING)
