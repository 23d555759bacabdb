"""Tiering's columns, filter, tab and bulk action of the client list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm import slots
from crm.models import Client, User
from crm.querysets import ClientQuerySet
from tiering import cells
from tiering.core.document import SCORE_UNIT
from tiering.models import Assignment, Proposal, Tier
from tiering.selectors.criteria import every_tier, primary_scheme, tiers_by_rank
from tiering.selectors.history import score_series
from tiering.selectors.standing import Standing, standings

READING = "tiering.view_tiers"
NO_TIER = "none"


def register() -> None:
    slots.list_columns.add(*columns())
    slots.list_filters.add(
        slots.ListFilter(
            key="tier",
            label=_("Tier"),
            order=10,
            permission=READING,
            icon="layers",
            options=tier_options,
            narrow=in_tiers,
        )
    )
    slots.list_filters.add(
        slots.ListFilter(
            key="other_tier",
            label=_("Other schemes"),
            order=15,
            permission=READING,
            icon="layers-2",
            options=other_tier_options,
            narrow=in_other_tiers,
        )
    )
    slots.list_views.add(
        slots.ListView(
            key="pending", label=_("Pending review"), order=40, permission=READING, narrow=awaiting_review
        )
    )
    slots.bulk_actions.add(
        slots.BulkAction(
            key="retier",
            label=_("Re-tier selected"),
            order=10,
            permission="tiering.start_runs",
            icon="refresh-cw",
            url_name="tiering:retier-clients",
        )
    )


def columns() -> Sequence[slots.ListColumn]:
    return (
        slots.ListColumn(
            key="tier",
            label=_("Tier"),
            order=20,
            permission=READING,
            pen=cells.tier,
            load=load_standings,
            classes="tier-cell phone-cell",
            plain=lambda client, value: value.tier.label if value else "",
        ),
        slots.ListColumn(
            key="score",
            label=_("Score"),
            order=30,
            permission=READING,
            pen=cells.score,
            load=load_standings,
            sorting=slots.Sorting(field="assessment_in_force__score", prepare=with_assessment),
            classes="number figure-cell phone-cell",
            plain=lambda client, value: (
                value.score / SCORE_UNIT if value and value.score is not None else None
            ),
        ),
        slots.ListColumn(
            key="trend",
            label=pgettext_lazy("column", "12 months"),
            order=40,
            permission=READING,
            pen=cells.trend,
            load=load_trends,
            plain=lambda client, value: value[-1] - value[0] if value and len(value) > 1 else None,
        ),
    )


def load_standings(clients: Sequence[Client], user: User) -> Mapping[int, Standing]:
    return standings([client.pk for client in clients])


def load_trends(clients: Sequence[Client], user: User) -> Mapping[int, list[float]]:
    """Scores at month ends, oldest first, without the months before the first assessment."""
    series = score_series([client.pk for client in clients])
    return {client: [score for score in scores if score is not None] for client, scores in series.items()}


def scheme_id() -> int:
    """The primary scheme's id; 0, which none has, before criteria are loaded."""
    scheme = primary_scheme()
    return scheme.pk if scheme else 0


def with_assessment(clients: ClientQuerySet) -> ClientQuerySet:
    in_force = Q(assessments__valid_to__isnull=True, assessments__scheme=scheme_id())
    return clients.alias(assessment_in_force=FilteredRelation("assessments", condition=in_force))


def tier_options(user: User) -> list[slots.Option]:
    scheme = primary_scheme()
    tiers = tiers_by_rank(scheme) if scheme else {}
    known = [
        slots.Option(value=str(tier.pk), label=tier.label, tier=tier) for _rank, tier in sorted(tiers.items())
    ]
    return [*known, slots.Option(value=NO_TIER, label=_("No tier yet"))]


def in_tiers(clients: ClientQuerySet, values: Sequence[str]) -> ClientQuerySet:
    held = Assignment.objects.filter(client=OuterRef("pk"), scheme=scheme_id(), valid_to__isnull=True)
    tiers = [int(value) for value in values if value != NO_TIER]
    wanted = Q(Exists(held.filter(tier__in=tiers))) if tiers else Q()
    return clients.filter(wanted | Q(~Exists(held))) if NO_TIER in values else clients.filter(wanted)


def other_tier_options(user: User) -> list[slots.Option]:
    """The tiers of every scheme that is not the primary one; none while there is no such scheme."""
    tiers = (tier for tier in every_tier().values() if not tier.scheme.is_primary)
    ordered = sorted(
        tiers, key=lambda tier: (tier.scheme.subject, tier.scheme.name_en, tier.scheme_id, tier.rank)
    )
    return [
        slots.Option(value=str(tier.pk), label=f"{tier.scheme.label} · {tier.label}", tier=tier)
        for tier in ordered
    ]


def in_other_tiers(clients: ClientQuerySet, values: Sequence[str]) -> ClientQuerySet:
    """Clients that hold, as a whole, one of the chosen tiers of each scheme of which one was chosen."""
    chosen: dict[int, list[int]] = defaultdict(list)
    for tier, scheme in Tier.objects.filter(pk__in=values).values_list("pk", "scheme"):
        chosen[scheme].append(tier)
    for scheme, tiers in chosen.items():
        held = Assignment.objects.filter(
            client=OuterRef("pk"), project=None, scheme=scheme, tier__in=tiers, valid_to=None
        )
        clients = clients.filter(Exists(held))
    return clients


def awaiting_review(clients: ClientQuerySet, user: User) -> ClientQuerySet:
    waiting = Proposal.objects.filter(client=OuterRef("pk"), status=Proposal.Status.PENDING)
    return clients.filter(Exists(waiting))
