"""Which criteria in effect read which metrics."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from tiering.models import CriteriaVersion
from tiering.selectors.catalogue import metrics_named
from tiering.selectors.criteria import document_of, effective_version
from tiering.selectors.schemes import schemes


def readers_of_metrics(at: datetime) -> dict[str, list[CriteriaVersion]]:
    """By metric key, the versions in effect at a moment that read it, the primary scheme's first."""
    found: dict[str, list[CriteriaVersion]] = defaultdict(list)
    for scheme in schemes():
        version = effective_version(scheme, at)
        if version is None:
            continue
        for key in metrics_named(document_of(version)):
            found[key].append(version)
    return dict(found)
