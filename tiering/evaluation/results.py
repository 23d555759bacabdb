"""What comes out for each subject of a file, and the CSV it is written to."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from tiering.core.discrimination import Discrimination, discrimination
from tiering.core.document import Document, points

COLUMNS = (
    "scorecard",
    "score",
    "model_tier",
    "base_tier",
    "overlay_tier",
    "tier",
    "provisional",
    "gates",
    "overlays",
)


class Result(NamedTuple):
    """One assessed row. Tiers are ranks, ``score`` is in score units; all as in ``evaluate.Assessment``."""

    id: str
    project: str
    outcome: bool | None
    scorecard: str
    score: int
    model_tier: int
    base_tier: int
    overlay_tier: int
    tier: int
    provisional: bool
    gates: Sequence[str]
    overlays: Sequence[str]


class Tally:
    """What a file of results comes to: how many there are, how many by tier, and how the score told outcomes apart."""

    def __init__(self) -> None:
        self.tiers: Counter[int] = Counter()
        self._scores: dict[bool, Counter[int]] = {False: Counter(), True: Counter()}

    def add(self, result: Result) -> None:
        self.tiers[result.tier] += 1
        if result.outcome is not None:
            self._scores[result.outcome][result.score] += 1

    @property
    def count(self) -> int:
        """The number of subjects."""
        return self.tiers.total()

    @property
    def discrimination(self) -> Discrimination | None:
        """None unless some subjects have the outcome and some do not."""
        return discrimination(self._scores[False], self._scores[True])


def write(results: Iterable[Result], document: Document, out: Path, *, with_projects: bool) -> Tally:
    """Write the results as CSV, whole or not at all, and count them.

    Scores are exact decimals of points. Gates and overlays are keys with blanks between them.
    """
    tally = Tally()
    keys = [tier.key for tier in document.tiers]
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with unfinished.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("id", *(["project_id"] if with_projects else []), *COLUMNS))
            for result in results:
                tally.add(result)
                writer.writerow(_cells(result, keys, with_projects))
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
    return tally


def _cells(result: Result, keys: Sequence[str], with_projects: bool) -> tuple[str, ...]:
    return (
        result.id,
        *([result.project] if with_projects else []),
        result.scorecard,
        f"{points(result.score).normalize():f}",
        keys[result.model_tier],
        keys[result.base_tier],
        keys[result.overlay_tier],
        keys[result.tier],
        "1" if result.provisional else "0",
        " ".join(result.gates),
        " ".join(result.overlays),
    )
