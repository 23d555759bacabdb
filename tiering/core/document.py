"""The criteria document as frozen values.

A document is JSON so that it can be diffed, hashed, exported and imported; ``schema.py`` fixes its shape,
``reading.py`` turns it into these values, and ``check.py`` asks whether they make sense: ``evaluate`` and ``compile``
expect a document that ``check`` found nothing wrong with.

Units: weights are basis points (10 000 = the whole), points run from 0 to 100, scores are integers in units of
1e-8 points (``SCORE_UNIT`` of them make one point, ``MAX_SCORE`` is 100 points), ranks count from 0, the best tier.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, Literal

from tiering.core.conditions import Condition, metrics_of
from tiering.core.placement import Label, Placement, RankCutoffs

WHOLE: Final = 10_000
SCORE_UNIT: Final = 100_000_000
MAX_SCORE: Final = 100 * SCORE_UNIT
COLOUR_STEPS: Final = 7

Effect = Literal["cap", "floor", "fixed", "notches"]
OverlayEffect = Literal["bonus", "cutoffs", "gate"]
MissingKind = Literal["worst", "neutral", "reweight", "block"]
SubjectKind = Literal["client", "project"]
RollUpRule = Literal["best", "worst", "largest"]


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of the scale. Its rank is its position in ``Document.tiers``; 0 is the best. ``colour``: see
    ``Document.colours``."""

    key: str
    label: Label
    colour: int | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """The half-open range ``[lo, hi)`` of a number and the points it earns; an open end is infinite."""

    lo: float
    hi: float
    points: int

    def covers(self, value: float) -> bool:
        """True when the value lies in the band."""
        return self.lo <= value < self.hi


@dataclass(frozen=True, slots=True)
class MissingPolicy:
    """What an indicator earns when its metric is not known.

    ``worst`` and ``block`` earn the lowest points of the scale, ``neutral`` earns ``points``, ``reweight`` leaves the
    indicator out and lets the others count for the whole. ``block`` also keeps the tier provisional.
    """

    kind: MissingKind
    points: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One metric, read by bands (a number) or by categories; exactly one of the two is given.

    ``weight`` is in basis points of the dimension. A category without points (None) means “not applicable”: it leaves
    the indicator out and lets the others count for the whole. A value older than ``max_age_days`` counts as missing.
    ``unit`` is what its numbers were written in; ``check`` refuses any but the metric's own.
    """

    metric: str
    weight: int
    bands: tuple[Band, ...]
    categories: Mapping[str, int | None]
    missing: MissingPolicy
    max_age_days: int | None = None
    unit: str | None = None

    @property
    def scale(self) -> tuple[int, ...]:
        """The points that a known value can earn."""
        points = (points for points in self.categories.values() if points is not None)
        return tuple(band.points for band in self.bands) or tuple(points)

    @property
    def points_when_missing(self) -> int:
        """The points earned without a value; 0 for an indicator that is then left out."""
        if self.missing.kind == "reweight":
            return 0
        return min(self.scale) if self.missing.points is None else self.missing.points


@dataclass(frozen=True, slots=True)
class Dimension:
    """A weighted group of indicators; ``weight`` is in basis points of the scorecard."""

    key: str
    label: Label
    weight: int
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How one segment of clients is scored. The first whose ``when`` holds applies; the default has none.

    ``placement`` replaces the document's for this segment when there is one.
    """

    key: str
    label: Label
    when: Condition | None
    dimensions: tuple[Dimension, ...]
    placement: Placement | None

    @property
    def is_default(self) -> bool:
        """True for the scorecard of everyone whom no other covers."""
        return self.when is None


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition that limits or moves the tier.

    ``notches`` moves it by so many steps, up when positive; ``floor`` allows no worse than ``tier``, ``fixed`` only
    that one, ``cap`` no better. They apply in this order whatever the order in which they are written: all notches
    together, then floors, then the worst of the fixed tiers, and caps have the last word. A ``hard`` cap or fixed tier
    binds the migration policy, reviewers and overrides too.
    """

    key: str
    label: Label
    when: Condition
    effect: Effect
    tier: str | None
    notches: int
    hard: bool


@dataclass(frozen=True, slots=True)
class Overlay:
    """What a regime adds while it is switched on, to the subjects whom ``when`` describes (None: all).

    ``shift`` is added to the score before the tier is looked up again, in score units: a bonus, or what cut-offs
    moved the other way come to. ``gate`` joins the gates of the document.
    """

    key: str
    label: Label
    when: Condition | None
    effect: OverlayEffect
    shift: int
    gate: Gate | None


@dataclass(frozen=True, slots=True)
class Movement:
    """How a tier may move in one direction.

    ``buffer``: by how many score units the score must lie beyond the cut-off. ``dwell_days``: how long the tier in
    force must have been held. ``max_step``: how many tiers at once (None: any).
    """

    buffer: int = 0
    dwell_days: int = 0
    max_step: int | None = None


@dataclass(frozen=True, slots=True)
class Migration:
    """How a tier in force may give way to another; where ``red_flags`` holds it falls at once and all the way."""

    up: Movement
    down: Movement
    red_flags: Condition | None


@dataclass(frozen=True, slots=True)
class Policy:
    """``review_when``: which changes of tier a person must decide, over ``POLICY_METRICS`` (None: none).
    ``migration``: how far and how soon a tier moves (None: at once)."""

    review_when: Condition | None
    migration: Migration | None = None


@dataclass(frozen=True, slots=True)
class RollUp:
    """Which project's tier a client has in a scheme of projects: the best, the worst, or that of the project with the
    largest value of the metric ``by``."""

    rule: RollUpRule
    by: str | None


@dataclass(frozen=True, slots=True)
class WeightLimits:
    """The least and the greatest weight of a dimension, in basis points."""

    lowest: int
    highest: int


@dataclass(frozen=True)
class Document:
    """A method for placing clients, or clients within projects, in the tiers of one scheme. ``hash`` identifies its
    content."""

    scheme: str
    label: Label
    subject: SubjectKind
    roll_up: RollUp | None
    tiers: tuple[Tier, ...]
    weight_limits: WeightLimits | None
    scorecards: tuple[Scorecard, ...]
    placement: Placement
    gates: tuple[Gate, ...]
    overlays: tuple[Overlay, ...]
    policy: Policy
    hash: str

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The rank of each tier by key; 0 is the best."""
        return MappingProxyType({tier.key: rank for rank, tier in enumerate(self.tiers)})

    @cached_property
    def colours(self) -> tuple[int, ...]:
        """The colour step of each tier by rank, from 1 to ``COLOUR_STEPS``: its own, or else spread over the scale."""
        last = len(self.tiers) - 1
        return tuple(
            1 + round(rank * (COLOUR_STEPS - 1) / last) if tier.colour is None else tier.colour
            for rank, tier in enumerate(self.tiers)
        )

    @cached_property
    def metrics(self) -> frozenset[str]:
        """The keys of the metrics that an assessment reads."""
        read = {i.metric for c in self.scorecards for d in c.dimensions for i in d.indicators}
        ranked = {p.metric for _, p in self.rank_placements if p.metric is not None}
        return frozenset(read | ranked).union(*map(metrics_of, self._conditions()))

    @cached_property
    def aged_metrics(self) -> frozenset[str]:
        """The keys of the metrics whose age an indicator limits."""
        indicators = (i for c in self.scorecards for d in c.dimensions for i in d.indicators)
        return frozenset(i.metric for i in indicators if i.max_age_days is not None)

    @cached_property
    def rank_placements(self) -> tuple[tuple[str, RankCutoffs], ...]:
        """The placements that depend on the whole population, each under its key in ``Terms.thresholds``."""
        keyed = {self.placement_key(card): self.placement_of(card) for card in self.scorecards}
        return tuple((key, found) for key, found in keyed.items() if isinstance(found, RankCutoffs))

    def placement_of(self, card: Scorecard) -> Placement:
        """How the subjects of a scorecard are placed."""
        return card.placement or self.placement

    def placement_key(self, card: Scorecard) -> str:
        """The key of the scorecard, or an empty one where it shares the document's placement."""
        return card.key if card.placement else ""

    def _conditions(self) -> list[Condition]:
        found = [card.when for card in self.scorecards] + [overlay.when for overlay in self.overlays]
        if self.policy.migration:
            found.append(self.policy.migration.red_flags)
        return [when for when in found if when is not None] + [gate.when for gate in self.gates]


def points(score: int) -> Decimal:
    """A score in points, exactly: 7 520 000 000 units are 75.2 points."""
    return Decimal(score) / SCORE_UNIT


def content_hash(data: Mapping[str, Any]) -> str:
    """The SHA-256 of a document's canonical JSON, as 64 hexadecimal digits.

    Order of keys, spacing, and 75 against 75.0 make no difference, so a document keeps its hash through storage
    as jsonb and through export and import.
    """
    text = json.dumps(canonical(data), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(data: object) -> object:
    """The JSON with every number written in one way, so that equal documents are equal texts once keys are sorted."""
    match data:
        case Mapping():
            return {str(key): canonical(value) for key, value in data.items()}
        case list() | tuple():
            return [canonical(value) for value in data]
        case float() if data.is_integer():
            return int(data)
        case _:
            return data
