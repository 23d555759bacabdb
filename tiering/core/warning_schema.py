"""The shape of a document of early warnings, as JSON Schema."""

from collections.abc import Mapping
from typing import Any, Final

from tiering.core.schema_parts import CONDITION, KEY, METRIC, TEXT, items, obj, told

MOST_DAYS: Final = 3_650
SEVERITIES: Final = ("info", "watch", "serious", "critical")
"""From the least to the worst."""
OWNERS: Final = ("rm", "lead", "officer")
SUGGESTIONS: Final = ("task", "proposal", "watchlist")
SEGMENTS: Final = ("industry", "region", "size_class", "tier")
"""What a drift sets the clients of the book apart by."""

_LABEL: Final = told(
    "A name in both languages.", obj({"en": {**TEXT, "maxLength": 200}, "zh": {**TEXT, "maxLength": 200}})
)
_ADVICE: Final = told("What its owner should do, in both languages.", obj({"en": TEXT, "zh": TEXT}))
_SPAN: Final = {"type": "integer", "minimum": 1, "maximum": MOST_DAYS}
_DAYS: Final = {"type": "integer", "minimum": 0, "maximum": MOST_DAYS}
_DRIFT: Final = obj(
    {
        "metric": METRIC,
        "by": told("What sets the clients apart.", {"enum": list(SEGMENTS)}),
        "days": told("The change since so many days ago.", _SPAN),
        "as": {"enum": ["difference", "ratio"]},
        "op": {"enum": ["<", "<=", ">", ">="]},
        "value": {"type": "number"},
        "least_clients": told(
            "A segment of fewer clients is left out.", {"type": "integer", "minimum": 1, "maximum": 1_000_000}
        ),
    }
)
_INDICATOR: Final = obj(
    {
        "key": KEY,
        "label": _LABEL,
        "severity": {"enum": list(SEVERITIES)},
        "owner": told(
            "Who deals with it: the client's RM, the team's lead, a risk officer.", {"enum": list(OWNERS)}
        ),
        "cooldown_days": told("How long it stays silent after it was resolved.", _DAYS),
        "escalate_after_days": told(
            "When nobody has acknowledged it by then, the next one up is told.", _SPAN
        ),
        "advice": _ADVICE,
        "suggests": {"enum": list(SUGGESTIONS)},
    },
    when=told("The condition, of a client.", CONDITION),
    drift=told("The change of an average, of each segment of the book.", _DRIFT),
    resolves_itself=told("Whether an alert ends once the condition no longer holds.", {"type": "boolean"}),
)

SCHEMA: Final[Mapping[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Strata early warnings",
    **obj({"format": {"const": 1}, "indicators": items(_INDICATOR, at_least=0)}),
}
"""What is wrong inside a condition is said by ``warnings.read``."""
