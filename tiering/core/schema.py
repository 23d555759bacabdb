"""The shape of a criteria document, as JSON Schema."""

import json
from collections.abc import Mapping
from typing import Any, Final

from tiering.core.document import COLOUR_STEPS
from tiering.core.schema_parts import (
    CONDITION,
    CONDITION_SHAPE,
    KEY,
    METRIC,
    TEXT,
    UNIT,
    by_effect,
    items,
    obj,
    told,
)

_WEIGHT: Final = {"type": "integer", "minimum": 0, "maximum": 10_000}
_POINTS: Final = {"type": "integer", "minimum": 0, "maximum": 100}
_EDGE: Final = {"type": ["number", "null"]}
_MINIMUM: Final = {"type": "number", "minimum": 0, "maximum": 100}
_DAYS: Final = {"type": "integer", "minimum": 0, "maximum": 36_500}
_LABEL: Final = told(
    "A name in both languages.", obj({"en": {**TEXT, "maxLength": 200}, "zh": {**TEXT, "maxLength": 200}})
)
_NOTE: Final = told("Remarks on the whole document, in both languages.", obj({"en": TEXT, "zh": TEXT}))
_COLOUR: Final = told(
    "The colour step of its badge, 1 for the colour of the best; spread over the scale where it is left out.",
    {"type": "integer", "minimum": 1, "maximum": COLOUR_STEPS},
)
_TIER: Final = obj({"key": KEY, "label": _LABEL}, colour=_COLOUR)

_BAND: Final = told(
    "The points of the values from lo (included) to hi (excluded); null is an open end.",
    obj({"lo": _EDGE, "hi": _EDGE, "points": _POINTS}),
)
_MISSING: Final = told(
    "What is earned without a value: the worst points, neutral points, nothing while the others count for the whole, "
    "or the worst points and a provisional tier.",
    obj({"policy": {"enum": ["worst", "neutral", "reweight", "block"]}}, points=_POINTS),
)
_STEPS: Final = told(
    "Best tier first. A share is in basis points and counts from the top; the last is 10000.",
    items(obj({"tier": KEY, "share": {"type": "integer", "minimum": 1, "maximum": 10_000}})),
)
_AXIS: Final = obj(
    {
        "key": KEY,
        "label": _LABEL,
        "dimensions": told("The keys of the dimensions that make up the axis.", items(KEY)),
        "levels": told(
            "Best level first, each from so many points of the axis.",
            items(obj({"key": KEY, "label": _LABEL, "min": _MINIMUM})),
        ),
    }
)
# Which of the four is meant is told by its type and by `by`, so that a fault is reported inside the one that is meant.
_CUTOFFS: Final = {
    "description": "How a tier follows from the score: cut-offs, ranks, shares of a metric, or a matrix.",
    "type": ["array", "object"],
    "if": {"type": "array"},
    "then": told(
        "Best tier first, each from so many points; the last from 0.",
        items(obj({"tier": KEY, "min": _MINIMUM})),
    ),
    "else": {
        "type": "object",
        "required": ["by"],
        "properties": {"by": {"enum": ["top", "cumulative", "matrix"]}},
        "allOf": [
            {"if": {"properties": {"by": {"const": by}}}, "then": shape}
            for by, shape in {
                "top": obj({"by": {}, "steps": _STEPS}),
                "cumulative": obj({"by": {}, "metric": METRIC, "steps": _STEPS}),
                "matrix": obj({"by": {}, "axes": items(_AXIS, 2, 2), "cells": items(items(KEY))}),
            }.items()
        ],
    },
}
_INDICATOR: Final = obj(
    {
        "metric": METRIC,
        "weight": told("Basis points of the dimension; together 10000.", _WEIGHT),
        "missing": _MISSING,
    },
    bands=told("For a number, from low to high.", items(_BAND)),
    categories={
        "description": "For a category: its points, or null where it is not applicable.",
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"type": ["integer", "null"], "minimum": 0, "maximum": 100},
    },
    max_age_days=told("An older value counts as missing.", _DAYS),
    unit=UNIT,
)
_DIMENSION: Final = obj(
    {
        "key": KEY,
        "label": _LABEL,
        "weight": told("Basis points of the scorecard; together 10000.", _WEIGHT),
        "indicators": items(_INDICATOR),
    }
)
_SCORECARD: Final = obj(
    {"key": KEY, "label": _LABEL, "dimensions": items(_DIMENSION)},
    when=told("Whom it scores; the first that holds applies. Exactly one has none: the default.", CONDITION),
    cutoffs=_CUTOFFS,
)
_NOTHING: Final = {"not": {"const": 0}}
_NOTCHES: Final = told(
    "So many tiers up (+) or down (−).", {"type": "integer", "minimum": -19, "maximum": 19}
)
_SHIFT: Final = {"type": "number", "minimum": -100, "maximum": 100, **_NOTHING}
_HARD: Final = told(
    "Whether a cap or fixed tier also binds the migration policy, reviewers and overrides.",
    {"type": "boolean"},
)
_LIMIT: Final = {"tier": KEY, "hard": _HARD}
_GATE_EFFECTS: Final = {
    "cap": _LIMIT,
    "floor": _LIMIT,
    "fixed": _LIMIT,
    "notches": {"by": {**_NOTCHES, **_NOTHING}, "hard": _HARD},
}
_GATE: Final = by_effect({"key": KEY, "label": _LABEL, "when": CONDITION}, _GATE_EFFECTS)
_OVERLAY: Final = by_effect(
    {"key": KEY, "label": _LABEL},
    {
        "bonus": {"points": told("Points added to the score.", _SHIFT)},
        "cutoffs": {"shift": told("Points by which every cut-off moves.", _SHIFT)},
        **_GATE_EFFECTS,
    },
    when=told("Whom it is for; without it, everybody.", CONDITION),
)
_MOVEMENT: Final = obj(
    {},
    buffer=told("How many points beyond the cut-off the score must lie.", _MINIMUM),
    dwell_days=told("How long the tier in force must have been held.", _DAYS),
    max_step=told("How many tiers at once.", {"type": "integer", "minimum": 1, "maximum": 19}),
)
_POLICY: Final = obj(
    {},
    review_when=told("Which moves a person decides.", CONDITION),
    migration=told(
        "How far and how soon a tier in force gives way to another.",
        obj(
            {},
            up=_MOVEMENT,
            down=_MOVEMENT,
            red_flags=told("When it falls at once and all the way.", CONDITION),
        ),
    ),
)

SCHEMA: Final[Mapping[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Strata criteria document",
    **obj(
        {
            "format": {"const": 1},
            "scheme": told("The key of the scheme of tiers.", KEY),
            "label": _LABEL,
            "tiers": told("Best first.", items(_TIER, at_least=2, at_most=20)),
            "scorecards": items(_SCORECARD, at_most=20),
            "cutoffs": _CUTOFFS,
            "gates": items(_GATE, at_least=0),
            "policy": _POLICY,
        },
        note=_NOTE,
        subject=told(
            "Whom it places: clients, or clients within each of their projects.",
            {"enum": ["client", "project"]},
        ),
        roll_up=told(
            "Which project's tier the client takes over.",
            obj({"rule": {"enum": ["best", "worst", "largest"]}}, by=METRIC),
        ),
        weight_limits=told(
            "The least and the greatest weight of a dimension, in basis points.",
            obj({"min": _WEIGHT, "max": _WEIGHT}),
        ),
        overlays=items(_OVERLAY, at_least=0),
    ),
    "$defs": {"condition": CONDITION_SHAPE},
}
"""Draft 2020-12 schema of a criteria document."""


def schema_text() -> str:
    """The schema as it is published, in ``docs/criteria.schema.json``."""
    return json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n"
