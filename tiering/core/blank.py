"""A method to begin with: one segment, one indicator, tiers at equal steps of the score. It could be published so."""

from typing import Any, Final

from tiering.core.document import WHOLE
from tiering.core.placement import Label

FEWEST_TIERS, MOST_TIERS = 2, 7
_LETTERS: Final = "ABCDEFG"
_BANDS: Final = ((None, 0.5, 100), (0.5, 0.7, 50), (0.7, None, 0))


def blank_document(scheme: str, label: Label, tiers: int) -> dict[str, Any]:
    """A document over leverage alone, with so many tiers, A the best."""
    keys = _LETTERS[:tiers]
    indicator = {
        "metric": "leverage",
        "weight": WHOLE,
        "missing": {"policy": "worst"},
        "bands": [{"lo": lo, "hi": hi, "points": points} for lo, hi, points in _BANDS],
    }
    dimension = {
        "key": "finances",
        "label": {"en": "Financial strength", "zh": "财务实力"},
        "weight": WHOLE,
        "indicators": [indicator],
    }
    return {
        "format": 1,
        "scheme": scheme,
        "label": dict(label),
        "tiers": [{"key": key, "label": {"en": key, "zh": key}} for key in keys],
        "scorecards": [
            {"key": "all", "label": {"en": "All clients", "zh": "全部客户"}, "dimensions": [dimension]}
        ],
        "cutoffs": [
            {"tier": key, "min": round(100 * (tiers - 1 - place) / tiers)} for place, key in enumerate(keys)
        ],
        "gates": [],
        "policy": {},
    }
