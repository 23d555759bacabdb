"""Campaigns as people look at them: which there are, who is asked, and what came of it by tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from crm import slots
from crm.models import Campaign, Invitation, User

FIGURES: Mapping[str, Q] = {
    "audience": Q(),
    "invited": Q(left_out=""),
    "sent": Q(delivery="sent"),
    "opened": Q(link__opened_at__isnull=False) | Q(link__answered_at__isnull=False),
    "answered": ~Q(answer="") | Q(link__answered_at__isnull=False),
    "yes": Q(answer="yes"),
    "later": Q(answer="later"),
    "no": Q(answer="no"),
    "attended": Q(attended=True),
    "cases": Q(case__isnull=False),
}
"""What is counted of invitations, in the order of the funnel."""


@dataclass(frozen=True)
class Row:
    """The figures of a tier, or of all; `amounts` of the cases that came of it, by currency."""

    tier: str
    figures: Mapping[str, int]
    amounts: Mapping[str, Any] = field(default_factory=dict)


def campaigns_of(user: User) -> QuerySet[Campaign]:
    """Every campaign that the user may see, the newest first, with how many are invited and have answered."""
    return (
        Campaign.objects.visible_to(user)
        .select_related("owner", "segment")
        .annotate(
            invited=Count("invitations", filter=Q(invitations__left_out="")),
            answered=Count(
                "invitations",
                filter=~Q(invitations__answer="") | Q(invitations__link__answered_at__isnull=False),
            ),
        )
    )


def results_of(campaign: Campaign, user: User) -> list[Row]:
    """What came of a campaign by the tier of its launch, then in all; of clients that the user may see."""
    rows = Invitation.objects.visible_to(user).filter(campaign=campaign)
    counts = {name: Count("pk", filter=condition) for name, condition in FIGURES.items()}
    outcomes = cases_by_id(rows, user)
    amounts: dict[str, dict[str, Any]] = {}
    for tier, case in rows.exclude(case=None).values_list("tier", "case"):
        if case and (outcome := outcomes.get(case)):
            for key in {tier, ""}:
                of_tier = amounts.setdefault(key, {})
                of_tier[outcome.currency] = of_tier.get(outcome.currency, 0) + outcome.amount
    found = rows.order_by("tier").values_list("tier").annotate(**counts)
    by_tier = [
        Row(tier, dict(zip(FIGURES, figures, strict=True)), amounts.get(tier, {}))
        for tier, *figures in found
        if tier
    ]
    return [*by_tier, Row("", rows.aggregate(**counts), amounts.get("", {}))]


def cases_by_id(rows: QuerySet[Invitation], user: User) -> dict[int, slots.Outcome]:
    """The cases that came of invitations, as far as the user may see them."""
    ids = [pk for pk in rows.values_list("case", flat=True) if pk]
    told = [source.told(ids, user) for source in slots.outcomes.for_user(user)] if ids else []
    return {outcome.pk: outcome for some in told for outcome in some}


def left_out_of(campaign: Campaign, user: User) -> list[tuple[str, int]]:
    """Why clients were left out, with how many."""
    rows = Invitation.objects.visible_to(user).filter(campaign=campaign).exclude(left_out="")
    found = rows.order_by("left_out").values_list("left_out").annotate(Count("pk"))
    return [(str(Invitation.LeftOut(reason).label), number) for reason, number in found]
