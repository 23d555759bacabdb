"""How far an override is from what the criteria say: which way, how many tiers, past which gates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from crm.models import Client, Project
from tiering.core.document import Document, Gate
from tiering.core.evaluate import evaluate
from tiering.core.metric import Fact
from tiering.models import Assessment, Override, Tier, TierScheme
from tiering.selectors.criteria import document_of, tiers_by_rank
from tiering.selectors.recall import assessments, facts_of, parts_of, setting_of

Direction = Override.Direction


@dataclass(frozen=True)
class Bearing:
    """What the criteria say of a subject (`says`, their tier after overlays) and where an override leads instead.

    Of an input, `leads_to` is what they say with the value. `hard_gates` are those that allow no tier so good.
    """

    scheme: str
    says: Tier
    leads_to: Tier
    direction: Direction
    hard_gates: Sequence[Gate]

    @property
    def notches(self) -> int:
        return abs(self.says.rank - self.leads_to.rank)

    @property
    def above_hard_gate(self) -> bool:
        return bool(self.hard_gates)


def assessment_of(client: Client | int, scheme: TierScheme, project: Project | None) -> Assessment | None:
    """The subject's assessment in force, with what it rests on."""
    held = assessments().filter(client=client, scheme=scheme, project=project, valid_to=None)
    return held.select_related("client", "project", "scheme").first()


def bearing_of_tier(assessment: Assessment, tier: Tier) -> Bearing | None:
    """Where holding a tier leads; None where the criteria say the same."""
    says = assessment.overlay_tier
    if tier.rank == says.rank:
        return None
    return _bearing(assessment, tier, Direction.UP if tier.rank < says.rank else Direction.DOWN)


def bearing_of_value(
    assessment: Assessment, metric: str, value: Fact, *, known: Mapping[str, Fact] | None = None
) -> Bearing | None:
    """Where a value of a metric leads; None where it moves neither the tier nor the score.

    `known` is what the records said of the metric where an override stands in its place already. Other metrics stay as
    they are, those that are computed from this one too: the next assessment tells exactly.
    """
    basis = parts_of([assessment]).deciding(assessment)
    document, setting = document_of(basis.version), setting_of(basis)
    fresh = replace(setting, ages={**setting.ages, metric: 0})
    facts = facts_of(basis)
    without = evaluate(document, {**facts, **(known or {})}, fresh if known else setting)
    given = evaluate(document, {**facts, metric: value}, fresh)
    tiers = tiers_by_rank(assessment.scheme)
    says, leads_to = tiers[without.overlay_tier], tiers[given.overlay_tier]
    ahead = (says.rank - leads_to.rank, given.score - without.score)
    if ahead == (0, 0):
        return None
    return _bearing(assessment, leads_to, Direction.UP if ahead > (0, 0) else Direction.DOWN, says)


def bearing_now(override: Override, assessment: Assessment) -> Bearing | None:
    """Where an override leads from an assessment; None where it no longer deviates."""
    if override.tier is not None:
        return bearing_of_tier(assessment, override.tier)
    return bearing_of_value(assessment, override.metric, override.given, known=_known_before(override))


def bearing_as_it_stands(override: Override) -> Bearing | None:
    """Where an override leads from the assessment in force; None where it no longer deviates, or there is none."""
    assessment = assessment_of(override.client_id, override.scheme, override.project)
    return bearing_now(override, assessment) if assessment else None


def _known_before(override: Override) -> dict[str, Fact] | None:
    """What was known of the metric before the first of the overrides that follow each other; None for the first."""
    first = override
    while first.renews is not None:
        first = first.renews
    if first is override or override.kind == Override.Kind.OUTPUT:
        return None
    pinned = assessments().get(pk=first.assessment_id)
    return {override.metric: facts_of(parts_of([pinned]).deciding(pinned)).get(override.metric)}


def hard_gates_above(
    document: Document, gates: Iterable[str], overlays: Iterable[str], rank: int
) -> list[Gate]:
    """The hard caps and fixed tiers among the gates that fired, those of overlays among them, that allow no tier as good
    as the rank."""
    keys, on = frozenset(gates), frozenset(overlays)
    fired = [gate for gate in document.gates if gate.key in keys]
    fired += [overlay.gate for overlay in document.overlays if overlay.gate and overlay.key in on]
    return [
        gate
        for gate in fired
        if gate.hard and gate.effect in ("cap", "fixed") and gate.tier and document.ranks[gate.tier] > rank
    ]


def _bearing(
    assessment: Assessment, leads_to: Tier, direction: Direction, says: Tier | None = None
) -> Bearing:
    gates = hard_gates_above(
        document_of(assessment.version), assessment.gates, assessment.overlays, leads_to.rank
    )
    return Bearing(assessment.scheme.key, says or assessment.overlay_tier, leads_to, direction, gates)
