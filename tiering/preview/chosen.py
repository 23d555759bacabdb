"""Which subjects of a book are wanted: those behind a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tiering.preview.amounts import Grouping, RankMove, Way

Only = Literal["reviews", "provisional", "limits", "held", "missing", "newly"]
"""Subjects whose move a person would have to decide, whose tier becomes provisional, who move and have a facility, who
would move but for an override, for whom a metric is not known, and for whom it newly has to be."""


@dataclass(frozen=True)
class Chosen:
    """Subjects that go one way or between two tiers, of one group, and of one sort; what is None is not asked."""

    way: Way | None = None
    cell: RankMove | None = None
    group: tuple[Grouping, int | str | None] | None = None
    only: Only | None = None
    metric: str | None = None
