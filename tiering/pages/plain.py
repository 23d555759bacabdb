"""Values of the cores as JSON: scores stay integers of 1e-8 points, tiers are ranks, an open end is null."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise


def plain(value: Any) -> Any:
    """The value as what `json.dumps` writes: dataclasses by field, keys as they are."""
    match value:
        case float() if not math.isfinite(value):
            return None
        case None | bool() | int() | float() | str():
            return value
        case date():
            return value.isoformat()
        case Promise():
            return str(value)
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case _ if is_dataclass(value):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return [plain(item) for item in value]
