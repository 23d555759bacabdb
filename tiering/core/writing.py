"""A criteria document as text for people: keys in a fixed order, and on one line what fits on one."""

import json
from collections.abc import Mapping
from typing import Any, Final

WIDTH: Final = 120
_ORDER: Final = (
    "format", "scheme", "key", "en", "zh", "label", "colour", "note", "subject", "roll_up", "tiers", "weight_limits",
    "when", "effect", "rule", "by", "metric", "op", "value", "values", "all", "any", "not", "tier", "hard", "weight",
    "unit", "max_age_days", "missing", "lo", "hi", "min", "max", "share", "shift", "bands", "categories",
    "indicators", "axes", "dimensions", "levels", "cells", "steps", "scorecards", "cutoffs", "gates", "overlays",
    "policy", "points", "review_when", "migration", "up", "down", "buffer", "dwell_days", "max_step", "red_flags",
)  # fmt: skip
_PLACES: Final = {key: place for place, key in enumerate(_ORDER)}


def text_of(document: Mapping[str, Any]) -> str:
    """The document as JSON. Reading it gives an equal document, and so the same content hash."""
    return _written(document, "", 0) + "\n"


def _written(value: Any, indent: str, before: int) -> str:
    """``before`` is how much of the line is taken by what stands before the value."""
    line = _on_one_line(value)
    if not isinstance(value, Mapping | list) or len(indent) + before + len(line) <= WIDTH:
        return line
    inner = f"{indent}  "
    if isinstance(value, list):
        parts = [inner + _written(item, inner, 1) for item in value]
        return "[\n" + ",\n".join(parts) + f"\n{indent}]"
    names = [(json.dumps(key, ensure_ascii=False) + ": ", item) for key, item in in_order(value)]
    parts = [inner + name + _written(item, inner, len(name) + 1) for name, item in names]
    return "{\n" + ",\n".join(parts) + f"\n{indent}}}"


def _on_one_line(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = (
            f"{json.dumps(key, ensure_ascii=False)}: {_on_one_line(item)}" for key, item in in_order(value)
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_on_one_line, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def in_order(value: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Known keys in their order; categories by the points they earn, those without points last."""

    def place(item: tuple[str, Any]) -> tuple[int, float, str]:
        key, worth = item
        points = worth if isinstance(worth, int) else -1
        return _PLACES.get(key, len(_ORDER)), -points, key

    return sorted(value.items(), key=place)
