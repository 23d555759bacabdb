"""Where a stored fact came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tiering.core.catalogue import METRICS


@dataclass(frozen=True)
class Origin:
    """The kind of records behind a fact, as the catalogue names it (or ``observation``), and the one record's id
    where there is one."""

    source: str
    record: int | None


def origin(sources: Mapping[str, Any], metric: str) -> Origin:
    """Where the value of a metric came from, given ``Facts.sources``."""
    observed = sources.get("observation", {}).get(metric)
    if observed:
        return Origin("observation", observed)
    source = METRICS[metric].source if metric in METRICS else "custom"
    return Origin(source, sources.get("statement" if source == "statement" else metric))
