"""The tier in force of a case's client, and whether it opens a stage."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from crm.models import Client
from funnel.errors import GateNotMet, TierMissing, TierProvisional, TierTooLow
from funnel.models import Stage, StageGate
from tiering.models import Assessment, Assignment, Tier


def tiers_in_force(clients: Iterable[int]) -> dict[int, Tier]:
    """Client id → tier of the primary scheme; a client without a tier is left out. One query."""
    assignments = Assignment.objects.filter(
        client__in=list(clients), scheme__is_primary=True, valid_to__isnull=True
    ).select_related("tier")
    return {assignment.client_id: assignment.tier for assignment in assignments}


def primary_tier(client: Client) -> Tier | None:
    return tiers_in_force([client.pk]).get(client.pk)


@dataclass(frozen=True)
class Requirement:
    """A gate of a stage as one client meets it; `refusal` is None where it does."""

    gate: StageGate
    refusal: GateNotMet | None


def requirements(client: Client, stages: Iterable[Stage]) -> list[Requirement]:
    """Every gate of the stages, in their order, held against the tiers that the client is in. Two queries.

    Whether a tier is provisional is asked of the assessment in force: newer facts may have settled what was missing when
    the tier was assigned, or have gone out of date since.
    """
    gates = list(
        StageGate.objects.filter(stage__in=list(stages))
        .select_related("stage", "minimum_tier")
        .order_by("stage__position", "pk")
    )
    provisional = Assessment.objects.filter(
        client=OuterRef("client"), scheme=OuterRef("scheme"), valid_to__isnull=True, provisional=True
    )
    in_force = Assignment.objects.filter(
        client=client, scheme__in={gate.minimum_tier.scheme_id for gate in gates}, valid_to__isnull=True
    )
    held = in_force.select_related("tier").annotate(is_provisional=Exists(provisional))
    by_scheme = {assignment.scheme_id: assignment for assignment in held}
    return [
        Requirement(gate, _refusal(client, gate, by_scheme.get(gate.minimum_tier.scheme_id)))
        for gate in gates
    ]


def _refusal(client: Client, gate: StageGate, assignment: Any) -> GateNotMet | None:
    facts = {"stage": str(gate.stage), "minimum": gate.minimum_tier.key, "client": client.name}
    if assignment is None:
        return TierMissing(**facts)
    if assignment.is_provisional:
        return TierProvisional(**facts, tier=assignment.tier.key)
    if assignment.tier.rank > gate.minimum_tier.rank:
        return TierTooLow(**facts, tier=assignment.tier.key)
    return None
