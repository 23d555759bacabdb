"""The pieces that the JSON Schema of a criteria document is put together from, and the schema of a condition."""

from collections.abc import Mapping
from typing import Any, Final

from tiering.core.units import WRITTEN_UNITS

Shape = Mapping[str, Any]

# The lookahead refuses a line break, which $ alone lets pass in some dialects.
KEY: Final = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_+-]{0,31}(?!\\n)$"}
METRIC: Final = {
    "type": "string",
    "pattern": "^[a-z][a-z0-9_]{0,59}(?!\\n)$",
    "description": "The key of a metric in the catalogue.",
}
UNIT: Final = {
    "enum": list(WRITTEN_UNITS),
    "description": "The unit that the numbers were written in; refused when the metric has another one.",
}
TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 2_000}


def obj(required: Shape, **optional: Any) -> dict[str, Any]:
    """An object with these members and no others."""
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
        "additionalProperties": False,
    }


def items(shape: Shape, at_least: int = 1, at_most: int = 100) -> dict[str, Any]:
    """A list of so many entries of one shape."""
    return {"type": "array", "items": shape, "minItems": at_least, "maxItems": at_most}


def told(description: str, shape: Shape) -> dict[str, Any]:
    """The shape with a word of explanation for whoever edits a document."""
    return {"description": description, **shape}


def by_effect(common: Shape, shapes: Mapping[str, Shape], **optional: Any) -> dict[str, Any]:
    """An object whose other members depend on its effect."""
    cases = [
        {
            "if": {"properties": {"effect": {"const": effect}}},
            "then": obj({**common, "effect": {}, **shape}, **optional),
        }
        for effect, shape in shapes.items()
    ]
    properties = {"effect": {"enum": list(shapes)}}
    return {"type": "object", "required": ["effect"], "properties": properties, "allOf": cases}


CONDITION: Final = {"$ref": "#/$defs/condition"}
_VALUE: Final = {"type": ["number", "string"], "minLength": 1}

CONDITION_SHAPE: Final[Shape] = {
    "description": "True or false of the facts of a subject. A comparison with a value that is not known is false.",
    "type": "object",
    "oneOf": [
        told("True when every part is true.", obj({"all": items(CONDITION)})),
        told("True when at least one part is true.", obj({"any": items(CONDITION)})),
        told("True when the part is false.", obj({"not": CONDITION})),
        told(
            "A number in relation to another.",
            obj(
                {"metric": METRIC, "op": {"enum": ["<", "<=", ">", ">="]}, "value": {"type": "number"}},
                unit=UNIT,
            ),
        ),
        told(
            "A number or a category that is, or is not, a certain one.",
            obj({"metric": METRIC, "op": {"enum": ["==", "!="]}, "value": _VALUE}, unit=UNIT),
        ),
        told("One of several.", obj({"metric": METRIC, "op": {"const": "in"}, "values": items(_VALUE)})),
        told("Not known.", obj({"metric": METRIC, "op": {"const": "is_missing"}})),
    ],
}
"""What ``conditions.parse`` reads, for editors; the checks themselves use ``parse``, which says what is wrong where."""
