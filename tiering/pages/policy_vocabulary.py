"""What the builder of conditions offers on pages of policies."""

from __future__ import annotations

from typing import Any

from tiering.core.check_metrics import Vocabulary
from tiering.core.conditions import MAX_DEPTH
from tiering.core.metric import Catalogue
from tiering.pages.studio_conditions import KNOWN, OPERATORS, metric_offered


def vocabulary(catalogue: Catalogue) -> dict[str, Any]:
    """Metrics of clients and operators, for `json_script`, in the reader's language."""
    scope = Vocabulary(catalogue, "client")
    known = [(op, str(text)) for op, text in KNOWN]
    return {
        "metrics": [metric_offered(metric) for metric in catalogue.values() if scope.covers(metric)],
        "operators": {
            kind: [(op, str(text)) for op, text in named] + ([] if kind == "rank" else known)
            for kind, named in OPERATORS.items()
        },
        "tiers": [],
        "depth": MAX_DEPTH,
    }
