"""The shape of a criteria document, as JSON Schema, and what is wrong with one that does not have it."""

import math
from collections.abc import Mapping
from typing import Any, Final, get_args

from jsonschema import Draft202012Validator, TypeChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from tiering.core.metric import Unit
from tiering.core.refusals import Params, Refusal
from tiering.core.texts import N_

_KEY: Final = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_+-]{0,31}$"}
_METRIC: Final = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,59}$"}
_WEIGHT: Final = {"type": "integer", "minimum": 0, "maximum": 10_000}
_POINTS: Final = {"type": "integer", "minimum": 0, "maximum": 100}
_EDGE: Final = {"type": ["number", "null"]}
_CONDITION: Final = {"type": "object"}


def _object(required: Mapping[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
        "additionalProperties": False,
    }


def _list(items: Mapping[str, Any], at_least: int = 1, at_most: int = 100) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": at_least, "maxItems": at_most}


_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 200}
_LABEL: Final = _object({"en": _TEXT, "zh": _TEXT})
_BAND: Final = _object({"lo": _EDGE, "hi": _EDGE, "points": _POINTS})
_MISSING: Final = _object({"policy": {"enum": ["worst", "neutral", "reweight", "block"]}}, points=_POINTS)
_MINIMUM: Final = {"type": "number", "minimum": 0, "maximum": 100}
_DAYS: Final = {"type": "integer", "minimum": 0, "maximum": 36_500}
_STEPS: Final = _list(_object({"tier": _KEY, "share": {"type": "integer", "minimum": 1, "maximum": 10_000}}))
_AXIS: Final = _object(
    {
        "key": _KEY,
        "label": _LABEL,
        "dimensions": _list(_KEY),
        "levels": _list(_object({"key": _KEY, "label": _LABEL, "min": _MINIMUM})),
    }
)
# Which of the four is meant is told by its type and by `by`, so that a fault is reported inside the one that is meant.
_CUTOFFS: Final = {
    "type": ["array", "object"],
    "if": {"type": "array"},
    "then": _list(_object({"tier": _KEY, "min": _MINIMUM})),
    "else": {
        "type": "object",
        "required": ["by"],
        "properties": {"by": {"enum": ["top", "cumulative", "matrix"]}},
        "allOf": [
            {"if": {"properties": {"by": {"const": by}}}, "then": shape}
            for by, shape in {
                "top": _object({"by": {}, "steps": _STEPS}),
                "cumulative": _object({"by": {}, "metric": _METRIC, "steps": _STEPS}),
                "matrix": _object({"by": {}, "axes": _list(_AXIS, 2, 2), "cells": _list(_list(_KEY))}),
            }.items()
        ],
    },
}
_INDICATOR: Final = _object(
    {"metric": _METRIC, "weight": _WEIGHT, "missing": _MISSING},
    bands=_list(_BAND),
    categories={
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"type": ["integer", "null"], "minimum": 0, "maximum": 100},
    },
    max_age_days=_DAYS,
    unit={"enum": list(get_args(Unit))},
)
_DIMENSION: Final = _object(
    {"key": _KEY, "label": _LABEL, "weight": _WEIGHT, "indicators": _list(_INDICATOR)}
)
_SCORECARD: Final = _object(
    {"key": _KEY, "label": _LABEL, "dimensions": _list(_DIMENSION)}, when=_CONDITION, cutoffs=_CUTOFFS
)
_NOTCHES: Final = {"type": "integer", "minimum": -19, "maximum": 19, "not": {"const": 0}}
_SHIFT: Final = {"type": "number", "minimum": -100, "maximum": 100}


def _effects(
    common: Mapping[str, Any], shapes: Mapping[str, Mapping[str, Any]], **optional: Any
) -> dict[str, Any]:
    """An object whose other keys depend on its effect."""
    effects = {"type": "object", "required": ["effect"], "properties": {"effect": {"enum": list(shapes)}}}
    cases = [
        {
            "if": {"properties": {"effect": {"const": effect}}},
            "then": _object({**common, "effect": {}, **shape}, **optional),
        }
        for effect, shape in shapes.items()
    ]
    return {**effects, "allOf": cases}


_LIMIT: Final = {"tier": _KEY, "hard": {"type": "boolean"}}
_GATE_EFFECTS: Final = {
    "cap": _LIMIT,
    "floor": _LIMIT,
    "fixed": _LIMIT,
    "notches": {"by": _NOTCHES, "hard": {"type": "boolean"}},
}
_GATE: Final = _effects({"key": _KEY, "label": _LABEL, "when": _CONDITION}, _GATE_EFFECTS)
_OVERLAY: Final = _effects(
    {"key": _KEY, "label": _LABEL},
    {"bonus": {"points": _SHIFT}, "cutoffs": {"shift": _SHIFT}, **_GATE_EFFECTS},
    when=_CONDITION,
)
_MOVEMENT: Final = _object(
    {}, buffer=_MINIMUM, dwell_days=_DAYS, max_step={"type": "integer", "minimum": 1, "maximum": 19}
)
_POLICY: Final = _object(
    {}, review_when=_CONDITION, migration=_object({}, up=_MOVEMENT, down=_MOVEMENT, red_flags=_CONDITION)
)

SCHEMA: Final[Mapping[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Strata criteria document",
    **_object(
        {
            "format": {"const": 1},
            "scheme": _KEY,
            "label": _LABEL,
            "tiers": _list(_object({"key": _KEY, "label": _LABEL}), at_least=2, at_most=20),
            "scorecards": _list(_SCORECARD, at_most=20),
            "cutoffs": _CUTOFFS,
            "gates": _list(_GATE, at_least=0),
            "policy": _POLICY,
        },
        note=_LABEL,
        subject={"enum": ["client", "project"]},
        roll_up=_object({"rule": {"enum": ["best", "worst", "largest"]}}, by=_METRIC),
        weight_limits=_object({"min": _WEIGHT, "max": _WEIGHT}),
        overlays=_list(_OVERLAY, at_least=0),
    ),
}
"""Draft 2020-12 schema of a criteria document; conditions are checked by ``conditions.parse``."""


def _is_finite_number(_checker: TypeChecker, value: object) -> bool:
    """JSON has no NaN or Infinity, but Python's parser reads them."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


_VALIDATOR: Final = extend(
    Draft202012Validator, type_checker=Draft202012Validator.TYPE_CHECKER.redefine("number", _is_finite_number)
)(SCHEMA)

_FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "type": (N_("This must be of type %(expected)s."), N_("Write a value of that type.")),
    "required": (N_("“%(expected)s” is missing here."), N_("Add it.")),
    "additionalProperties": (N_("“%(found)s” is not known here."), N_("Remove it or correct its spelling.")),
    "enum": (N_("“%(found)s” is not one of: %(expected)s."), N_("Choose one of those.")),
    "const": (N_("“%(found)s” should be %(expected)s."), N_("Write exactly that.")),
    "minimum": (N_("%(found)s is less than %(expected)s."), N_("Write %(expected)s or more.")),
    "maximum": (N_("%(found)s is more than %(expected)s."), N_("Write %(expected)s or less.")),
    "minItems": (N_("The list has fewer than %(expected)s entries."), N_("Add what is missing.")),
    "maxItems": (N_("The list has more than %(expected)s entries."), N_("Remove what is too many.")),
}
_OTHER_FAULT: Final = (N_("“%(found)s” cannot be used here."), N_("Correct the value."))


def shape_refusals(data: object) -> tuple[Refusal, ...]:
    """Every place where the JSON does not have the shape of a criteria document, in document order."""
    errors = sorted(
        _VALIDATOR.iter_errors(data), key=lambda error: (list(map(str, error.absolute_path)), error.message)
    )
    return tuple(refusal for error in errors for refusal in _refusals(error))


def _refusals(error: ValidationError) -> list[Refusal]:
    keyword = str(error.validator)
    message, fix = _FAULTS.get(keyword, _OTHER_FAULT)
    return [
        Refusal(f"shape_{keyword}", error.json_path, message, fix, params)
        for params in _params(error, keyword)
    ]


def _params(error: ValidationError, keyword: str) -> list[Params]:
    if keyword == "required":
        return [{"expected": key} for key in error.validator_value if repr(key) in error.message]
    if keyword == "additionalProperties":
        known = error.schema["properties"]
        return [{"found": _short(key)} for key in error.instance if key not in known]
    return [{"found": _short(error.instance), "expected": _short(error.validator_value)}]


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
