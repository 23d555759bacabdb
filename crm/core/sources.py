"""Whose word counts where sources tell the same thing differently. Pure Python.

A source is named as its records name it: an observation's source, a credit bureau, or one of the names below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

STATEMENT: Final = "statement"
RECORD: Final = "Client record"
GOVERNED: Final = "override"
DECIDED: Final = "decision"
UNRANKED: Final = 1_000_000
"""The place of a source that nobody ranked: of these the newest value counts."""

Ranks = Mapping[str, Mapping[str, int]]
"""Metric (empty: every metric without an order of its own) → source → its place, the least first."""


def ranks_of(orders: Iterable[tuple[str, Sequence[str]]]) -> Ranks:
    """The places of sources by metric, given the declared orders; empty where none says anything.

    What people decided, and what was agreed to as an override, comes before every source.
    """
    rows = {metric: list(sources) for metric, sources in orders}
    if not any(rows.values()):
        return {}
    return {
        metric: {GOVERNED: -2, DECIDED: -1, **{source: place for place, source in enumerate(sources)}}
        for metric, sources in {"": [], **rows}.items()
    }
