"""What is wrong with JSON that does not have the shape of a criteria document."""

from collections.abc import Mapping
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from tiering.core.check_tree import tree_refusals
from tiering.core.refusals import Params, Refusal
from tiering.core.schema import SCHEMA
from tiering.core.texts import N_


def validator_of(schema: Mapping[str, Any]) -> Draft202012Validator:
    """What holds JSON against a schema. What is wrong inside a condition is said by `conditions.parse`."""
    return Draft202012Validator({**schema, "$defs": {"condition": {"type": "object"}}})


_VALIDATOR: Final = validator_of(SCHEMA)

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
    "minProperties": (
        N_("There are no categories here."),
        N_("Give points to every category of the metric."),
    ),
    "minLength": (N_("The text is empty."), N_("Write at least one character.")),
    "maxLength": (
        N_("The text is longer than %(expected)s characters."),
        N_("Shorten it."),
    ),
    "pattern": (
        N_("“%(found)s” cannot be a key."),
        N_("Use letters, digits and _ without spaces; for the key of a metric, small letters."),
    ),
    "not": (N_("%(found)s changes nothing here."), N_("Write another number, or remove the entry.")),
}
SHAPE_KEYWORDS: Final = frozenset(_FAULTS)
"""The keywords of the schema that a document can break; ``shape_`` and the keyword make the code of the refusal."""


def shape_refusals(data: object, validator: Draft202012Validator = _VALIDATOR) -> tuple[Refusal, ...]:
    """Every place where the JSON does not have the shape of a criteria document, or that of another validator's schema,
    in document order."""
    unusable = tree_refusals(data)
    if unusable:
        return unusable
    errors = sorted(
        validator.iter_errors(data), key=lambda error: (list(map(str, error.absolute_path)), error.message)
    )
    return tuple(refusal for error in errors for refusal in _refusals(error))


def _refusals(error: ValidationError) -> list[Refusal]:
    keyword = str(error.validator)
    message, fix = _FAULTS[keyword]
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
