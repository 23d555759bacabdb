"""Metrics that come with a file: a JSON list which declares what the catalogue does not have.

::

    [{"key": "rooms", "label": {"en": "Rooms", "zh": "客房数"}, "unit": "count", "direction": "higher"},
     {"key": "grade_abc", "categories": {"a": "Grade A", "b": "Grade B"}}]

Only ``key`` has to be there; what is left out makes a plain number with neither unit nor direction.
"""

from collections.abc import Mapping
from typing import Any, Final, get_args

from jsonschema import Draft202012Validator

from tiering.core.metric import Catalogue, Direction, Metric, Scope, Unit, catalogue, category, number
from tiering.core.refusals import CriteriaError, Refusal
from tiering.core.texts import N_

_TEXT: Final = {"type": "string", "minLength": 1}
SCHEMA: Final[Mapping[str, Any]] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["key"],
        "properties": {
            "key": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,59}$"},
            "label": {
                "type": "object",
                "required": ["en", "zh"],
                "properties": {"en": _TEXT, "zh": _TEXT},
                "additionalProperties": False,
            },
            "unit": {"enum": list(get_args(Unit))},
            "direction": {"enum": list(get_args(Direction))},
            "scope": {"enum": list(get_args(Scope))},
            "categories": {
                "type": "object",
                "minProperties": 1,
                "propertyNames": _TEXT,
                "additionalProperties": _TEXT,
            },
        },
        "additionalProperties": False,
    },
}


def with_own_metrics(known: Catalogue, declared: object) -> Catalogue:
    """The catalogue with the declared metrics, which replace those of the same key.

    Raises CriteriaError with the place of everything that declares no metric.
    """
    errors = sorted(Draft202012Validator(SCHEMA).iter_errors(declared), key=lambda error: error.json_path)
    if errors:
        raise CriteriaError(
            Refusal(
                "metrics_shape", error.json_path,
                N_("This does not declare a metric."),
                N_("Write a list of objects, each with a key in small letters and where wanted label, unit, direction, "
                   "scope, or names by category."),
            )
            for error in errors
        )  # fmt: skip
    assert isinstance(declared, list)
    return catalogue(known.values(), map(_metric, declared))


def _metric(declared: Mapping[str, Any]) -> Metric:
    key = declared["key"]
    label = declared.get("label", {"en": key})["en"]
    direction, scope = declared.get("direction", "neutral"), declared.get("scope", "client")
    if "categories" in declared:
        return category(key, label, direction, "file", None, "", declared["categories"], scope=scope)
    return number(key, label, declared.get("unit", "none"), direction, "file", None, "", scope=scope)
