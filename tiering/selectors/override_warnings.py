"""Where overrides defeat the criteria: segments and gates whose clients are overridden upward in large part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.core.cache import cache
from django.db import connection

from tiering.core.authority import OverrideLimits
from tiering.core.document import WHOLE
from tiering.core.placement import Label
from tiering.models import Assessment, CriteriaVersion, Override, TierScheme
from tiering.selectors.criteria import document_of, tiers_by_rank
from tiering.selectors.override_bearing import Bearing, hard_gates_above

KEPT_SECONDS: Final = 600
Kind = Literal["segment", "gate", "hard_gate"]


@dataclass(frozen=True)
class Defeat:
    """So many of the clients of a segment, or of those whom a gate bounds, are overridden upward (`of` is 0 where their
    number does not matter: no single override passes a hard gate without being told)."""

    kind: Kind
    key: str
    label: Label
    overridden: int
    of: int = 0

    @property
    def share(self) -> float:
        return self.overridden / self.of if self.of else 1.0


@dataclass(frozen=True)
class Totals:
    """How many subjects each segment has, and of how many each gate holds."""

    segments: Mapping[str, int]
    gates: Mapping[str, int]


def defeats(
    scheme: TierScheme,
    version: CriteriaVersion,
    limits: OverrideLimits,
    adding: tuple[Assessment, Bearing] | None = None,
) -> list[Defeat]:
    """What is to be warned of in a scheme, as things are or with one more override in force."""
    held = list(_upward(scheme))
    if adding and adding[1].direction == Override.Direction.UP:
        held.append((adding[0], adding[1].leads_to.rank))
    if not held or limits.warn_share is None:
        return []
    document, totals = document_of(version), totals_of(scheme)
    segments = Counter(assessment.scorecard for assessment, _rank in held)
    gates: Counter[str] = Counter()
    hard: Counter[str] = Counter()
    bounds = {gate.key: gate for gate in document.gates if gate.effect in ("cap", "fixed") and gate.tier}
    for assessment, rank in held:
        passed = [
            key for key in assessment.gates if key in bounds and document.ranks[bounds[key].tier or ""] > rank
        ]
        gates.update(passed)
        hard.update(
            gate.key for gate in hard_gates_above(document, assessment.gates, assessment.overlays, rank)
        )
    names = {card.key: card.label for card in document.scorecards}
    found = [
        Defeat("segment", key, names[key], count, totals.segments.get(key, 0))
        for key, count in segments.items()
        if key in names
    ]
    found += [
        Defeat("gate", key, bounds[key].label, count, totals.gates.get(key, 0))
        for key, count in gates.items()
        if key not in hard
    ]
    return [
        *(Defeat("hard_gate", key, bounds[key].label, n) for key, n in hard.items() if key in bounds),
        *(one for one in found if one.share * WHOLE > limits.warn_share),
    ]


def totals_of(scheme: TierScheme) -> Totals:
    """Counted over the whole book, so kept for ten minutes."""
    key = f"override-totals:{scheme.pk}"
    found = cache.get(key)
    if found is None:
        found = Totals(_counted(_SEGMENTS, scheme), _counted(_GATES, scheme))
        cache.set(key, found, KEPT_SECONDS)
    return found


def _upward(scheme: TierScheme) -> Iterator[tuple[Assessment, int]]:
    """The assessments that overrides in force deviate from upward, and the ranks that they lead to."""
    ranks = tiers_by_rank(scheme)
    held = Override.objects.filter(scheme=scheme, direction="up", status=Override.Status.IN_FORCE)
    for row in held.select_related("assessment__overlay_tier", "tier"):
        best = row.assessment.overlay_tier.rank - row.notches
        yield row.assessment, best if best in ranks else 0


def _counted(statement: str, scheme: TierScheme) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"scheme": scheme.pk})
        return dict(cursor.fetchall())


_SEGMENTS: Final = """
SELECT scorecard, count(*) FROM tiering_assessment WHERE scheme_id = %(scheme)s AND valid_to IS NULL GROUP BY scorecard
"""
_GATES: Final = """
SELECT gate, count(*) FROM tiering_assessment, unnest(gates) AS gate
WHERE scheme_id = %(scheme)s AND valid_to IS NULL GROUP BY gate
"""
