"""The criteria document as frozen values.

A document is JSON so that it can be diffed, hashed, exported and imported; ``schema.py`` fixes its shape and this
module gives it types. Reading checks the shape only: ``check.py`` asks whether the document makes sense, and
``evaluate`` and ``compile`` expect a document that ``check`` found nothing wrong with.

Units: weights are basis points (10 000 = the whole), points run from 0 to 100, scores are integers in units of
1e-8 points (``SCORE_UNIT`` of them make one point, ``MAX_SCORE`` is 100 points), ranks count from 0, the best tier.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, Literal, cast

from tiering.core.conditions import Condition, metrics_of, parse
from tiering.core.refusals import CriteriaError
from tiering.core.schema import shape_refusals

WHOLE: Final = 10_000
SCORE_UNIT: Final = 100_000_000
MAX_SCORE: Final = 100 * SCORE_UNIT

Label = Mapping[str, str]
"""A name in each language: ``{"en": …, "zh": …}``."""

Effect = Literal["cap", "floor", "fixed"]
MissingKind = Literal["worst", "neutral", "reweight", "block"]


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of the scale. Its rank is its position in ``Document.tiers``; 0 is the best."""

    key: str
    label: Label


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

    ``weight`` is in basis points of the dimension.
    """

    metric: str
    weight: int
    bands: tuple[Band, ...]
    categories: Mapping[str, int]
    missing: MissingPolicy

    @property
    def scale(self) -> tuple[int, ...]:
        """The points that a known value can earn."""
        return tuple(band.points for band in self.bands) or tuple(self.categories.values())

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
class Cutoff:
    """The score, in score units, from which a tier (by its key) begins."""

    tier: str
    minimum: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How one segment of clients is scored. The first whose ``when`` holds applies; the default has none.

    ``cutoffs`` replaces the document's cut-offs for this segment when it is not empty.
    """

    key: str
    label: Label
    when: Condition | None
    dimensions: tuple[Dimension, ...]
    cutoffs: tuple[Cutoff, ...]

    @property
    def is_default(self) -> bool:
        """True for the scorecard of everyone whom no other covers."""
        return self.when is None


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition that limits the tier: ``cap`` allows no better, ``floor`` no worse, ``fixed`` only this one.

    Floors lift first, then the worst of the fixed tiers that apply replaces the result, and caps have the last word;
    the order in which gates are written does not matter. A ``hard`` gate binds reviewers and overrides too.
    """

    key: str
    label: Label
    when: Condition
    effect: Effect
    tier: str
    hard: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """Which changes of tier a person must decide; a condition over ``POLICY_METRICS``. None: no change does."""

    review_when: Condition | None


@dataclass(frozen=True)
class Document:
    """A method for placing clients in the tiers of one scheme. ``hash`` identifies its content."""

    scheme: str
    label: Label
    tiers: tuple[Tier, ...]
    scorecards: tuple[Scorecard, ...]
    cutoffs: tuple[Cutoff, ...]
    gates: tuple[Gate, ...]
    policy: Policy
    hash: str

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The rank of each tier by key; 0 is the best."""
        return MappingProxyType({tier.key: rank for rank, tier in enumerate(self.tiers)})

    @cached_property
    def metrics(self) -> frozenset[str]:
        """The keys of the metrics that an assessment reads."""
        conditions = [card.when for card in self.scorecards if card.when] + [gate.when for gate in self.gates]
        indicators = (i.metric for c in self.scorecards for d in c.dimensions for i in d.indicators)
        return frozenset(indicators).union(*map(metrics_of, conditions))

    def cutoffs_of(self, card: Scorecard) -> tuple[Cutoff, ...]:
        """The cut-offs that apply to a scorecard, best tier first."""
        return card.cutoffs or self.cutoffs


def points(score: int) -> Decimal:
    """A score in points, exactly: 7 520 000 000 units are 75.2 points."""
    return Decimal(score) / SCORE_UNIT


def content_hash(data: Mapping[str, Any]) -> str:
    """The SHA-256 of a document's canonical JSON, as 64 hexadecimal digits.

    Order of keys, spacing, and 75 against 75.0 make no difference, so a document keeps its hash through storage
    as jsonb and through export and import.
    """
    canonical = json.dumps(_canonical(data), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def read(data: Mapping[str, Any]) -> Document:
    """The document that the JSON describes. Raises CriteriaError with every fault of its shape."""
    refusals = shape_refusals(data)
    if refusals:
        raise CriteriaError(refusals)
    return Document(
        scheme=data["scheme"],
        label=data["label"],
        tiers=tuple(Tier(tier["key"], tier["label"]) for tier in data["tiers"]),
        scorecards=tuple(_scorecard(card, f"$.scorecards[{i}]") for i, card in enumerate(data["scorecards"])),
        cutoffs=_cutoffs(data["cutoffs"]),
        gates=tuple(_gate(gate, f"$.gates[{i}]") for i, gate in enumerate(data["gates"])),
        policy=Policy(_condition(data["policy"].get("review_when"), "$.policy.review_when")),
        hash=content_hash(data),
    )


def _canonical(data: object) -> object:
    match data:
        case Mapping():
            return {str(key): _canonical(value) for key, value in data.items()}
        case list() | tuple():
            return [_canonical(value) for value in data]
        case float() if data.is_integer():
            return int(data)
        case _:
            return data


def _condition(data: object, path: str) -> Condition | None:
    return None if data is None else parse(data, path)


def _scorecard(data: Mapping[str, Any], path: str) -> Scorecard:
    return Scorecard(
        key=data["key"],
        label=data["label"],
        when=_condition(data.get("when"), f"{path}.when"),
        dimensions=tuple(map(_dimension, data["dimensions"])),
        cutoffs=_cutoffs(data.get("cutoffs", ())),
    )


def _dimension(data: Mapping[str, Any]) -> Dimension:
    indicators = tuple(map(_indicator, data["indicators"]))
    return Dimension(data["key"], data["label"], int(data["weight"]), indicators)


def _indicator(data: Mapping[str, Any]) -> Indicator:
    missing = data["missing"]
    return Indicator(
        metric=data["metric"],
        weight=int(data["weight"]),
        bands=tuple(map(_band, data.get("bands", ()))),
        categories=MappingProxyType({key: int(points) for key, points in data.get("categories", {}).items()}),
        missing=MissingPolicy(cast(MissingKind, missing["policy"]), _optional_int(missing.get("points"))),
    )


def _band(data: Mapping[str, Any]) -> Band:
    lo, hi = data["lo"], data["hi"]
    return Band(
        -math.inf if lo is None else float(lo),
        math.inf if hi is None else float(hi),
        int(data["points"]),
    )


def _optional_int(data: Any) -> int | None:
    return None if data is None else int(data)


def _cutoffs(data: Any) -> tuple[Cutoff, ...]:
    return tuple(Cutoff(item["tier"], round(Decimal(str(item["min"])) * SCORE_UNIT)) for item in data)


def _gate(data: Mapping[str, Any], path: str) -> Gate:
    when = parse(data["when"], f"{path}.when")
    effect = cast(Effect, data["effect"])
    return Gate(data["key"], data["label"], when, effect, data["tier"], data["hard"])
