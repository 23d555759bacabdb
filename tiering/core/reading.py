"""From the JSON of a criteria document to its values. Reading checks the shape only; ``check.py`` asks for sense."""

import math
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from tiering.core.check_shape import shape_refusals
from tiering.core.check_tree import tree_refusals
from tiering.core.conditions import Condition, parse
from tiering.core.document import (
    SCORE_UNIT,
    Band,
    Dimension,
    Document,
    Gate,
    Indicator,
    Migration,
    MissingPolicy,
    Movement,
    Overlay,
    OverlayEffect,
    Policy,
    RollUp,
    Scorecard,
    Tier,
    WeightLimits,
    content_hash,
)
from tiering.core.placement import (
    Axis,
    Cutoff,
    Level,
    Matrix,
    Placement,
    RankCutoffs,
    RankStep,
    ScoreCutoffs,
)
from tiering.core.refusals import CriteriaError


def read(data: Mapping[str, Any]) -> Document:
    """The document that the JSON describes. Raises CriteriaError with every fault of its shape.

    The same version is read at every step of its way and at every edit: what was read of late is remembered.
    """
    unusable = tree_refusals(data)
    if unusable:
        raise CriteriaError(unusable)
    text = repr(data)  # tells 1 from true and "1", and keeps the order of keys
    document = _lately.pop(text, None) or _read(deepcopy(data))
    _lately[text] = document
    for oldest in list(_lately)[:-REMEMBERED]:
        _lately.pop(oldest, None)
    return document


REMEMBERED: Final = 32
_lately: dict[str, Document] = {}


def _read(data: Mapping[str, Any]) -> Document:
    refusals = shape_refusals(data)
    if refusals:
        raise CriteriaError(refusals)
    return Document(
        scheme=data["scheme"],
        label=data["label"],
        subject=data.get("subject", "client"),
        roll_up=_roll_up(data.get("roll_up")),
        tiers=tuple(
            Tier(tier["key"], tier["label"], _optional_int(tier.get("colour"))) for tier in data["tiers"]
        ),
        weight_limits=_weight_limits(data.get("weight_limits")),
        scorecards=tuple(_scorecard(card, f"$.scorecards[{i}]") for i, card in enumerate(data["scorecards"])),
        placement=_placement(data["cutoffs"]),
        gates=tuple(_gate(gate, f"$.gates[{i}]") for i, gate in enumerate(data["gates"])),
        overlays=tuple(_overlay(item, f"$.overlays[{i}]") for i, item in enumerate(data.get("overlays", ()))),
        policy=_policy(data["policy"]),
        hash=content_hash(data),
    )


def _condition(data: object, path: str) -> Condition | None:
    return None if data is None else parse(data, path)


def _roll_up(data: Mapping[str, Any] | None) -> RollUp | None:
    return None if data is None else RollUp(data["rule"], data.get("by"))


def _weight_limits(data: Mapping[str, Any] | None) -> WeightLimits | None:
    return None if data is None else WeightLimits(int(data["min"]), int(data["max"]))


def _scorecard(data: Mapping[str, Any], path: str) -> Scorecard:
    return Scorecard(
        key=data["key"],
        label=data["label"],
        when=_condition(data.get("when"), f"{path}.when"),
        dimensions=tuple(map(_dimension, data["dimensions"])),
        placement=_placement(data["cutoffs"]) if "cutoffs" in data else None,
    )


def _dimension(data: Mapping[str, Any]) -> Dimension:
    indicators = tuple(map(_indicator, data["indicators"]))
    return Dimension(data["key"], data["label"], int(data["weight"]), indicators)


def _indicator(data: Mapping[str, Any]) -> Indicator:
    missing = data["missing"]
    categories = {key: _optional_int(points) for key, points in data.get("categories", {}).items()}
    return Indicator(
        metric=data["metric"],
        weight=int(data["weight"]),
        bands=tuple(map(_band, data.get("bands", ()))),
        categories=MappingProxyType(categories),
        missing=MissingPolicy(missing["policy"], _optional_int(missing.get("points"))),
        max_age_days=_optional_int(data.get("max_age_days")),
        unit=data.get("unit"),
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


def _score(points: Any) -> int:
    """Points as score units, exactly as they were written."""
    return round(Decimal(str(points)) * SCORE_UNIT)


def _placement(data: Any) -> Placement:
    if not isinstance(data, Mapping):
        return ScoreCutoffs(tuple(Cutoff(step["tier"], _score(step["min"])) for step in data))
    if data["by"] == "matrix":
        first, second = map(_axis, data["axes"])
        return Matrix((first, second), tuple(map(tuple, data["cells"])))
    steps = tuple(RankStep(step["tier"], int(step["share"])) for step in data["steps"])
    return RankCutoffs(data["by"], data.get("metric"), steps)


def _axis(data: Mapping[str, Any]) -> Axis:
    levels = (Level(level["key"], level["label"], _score(level["min"])) for level in data["levels"])
    return Axis(data["key"], data["label"], tuple(data["dimensions"]), tuple(levels))


def _gate(data: Mapping[str, Any], path: str) -> Gate:
    when = parse(data["when"], f"{path}.when")
    notches = int(data.get("by", 0))
    return Gate(data["key"], data["label"], when, data["effect"], data.get("tier"), notches, data["hard"])


_ALWAYS: Mapping[str, Any] = {"all": []}


def _overlay(data: Mapping[str, Any], path: str) -> Overlay:
    when = _condition(data.get("when"), f"{path}.when")
    match data["effect"]:
        case "bonus":
            shift, gate = _score(data["points"]), None
        case "cutoffs":
            shift, gate = -_score(data["shift"]), None
        case _:
            shift, gate = 0, _gate({"when": _ALWAYS, **data}, path)
    effect: OverlayEffect = "gate" if gate else data["effect"]
    return Overlay(data["key"], data["label"], when, effect, shift, gate)


def _policy(data: Mapping[str, Any]) -> Policy:
    review_when = _condition(data.get("review_when"), "$.policy.review_when")
    migration = data.get("migration")
    return Policy(review_when, None if migration is None else _migration(migration))


def _migration(data: Mapping[str, Any]) -> Migration:
    red_flags = _condition(data.get("red_flags"), "$.policy.migration.red_flags")
    return Migration(_movement(data.get("up", {})), _movement(data.get("down", {})), red_flags)


def _movement(data: Mapping[str, Any]) -> Movement:
    return Movement(
        _score(data.get("buffer", 0)), int(data.get("dwell_days", 0)), _optional_int(data.get("max_step"))
    )
