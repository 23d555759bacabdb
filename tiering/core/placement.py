"""How a score becomes a tier: by cut-offs, by rank, or by a matrix of two axes. All of it as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Label = Mapping[str, str]
"""A name in each language: ``{"en": …, "zh": …}``."""


@dataclass(frozen=True, slots=True)
class Cutoff:
    """The score, in score units, from which a tier (by its key) begins."""

    tier: str
    minimum: int


@dataclass(frozen=True, slots=True)
class ScoreCutoffs:
    """The best tier whose cut-off the score reaches. Best tier first; the last begins at 0."""

    steps: tuple[Cutoff, ...]

    @property
    def tiers(self) -> frozenset[str]:
        """The tiers that it can lead to."""
        return frozenset(step.tier for step in self.steps)


@dataclass(frozen=True, slots=True)
class RankStep:
    """A tier takes subjects as long as those strictly ahead of them hold less than ``share`` basis points."""

    tier: str
    share: int


@dataclass(frozen=True, slots=True)
class RankCutoffs:
    """The tier by rank in the population that is placed by the same cut-offs.

    ``top`` ranks by score and counts subjects; ``cumulative`` ranks by ``metric`` and counts its value, where a
    negative one counts as 0. A subject without the metric comes last and stays provisional. The last step takes the
    rest.
    """

    by: Literal["top", "cumulative"]
    metric: str | None
    steps: tuple[RankStep, ...]

    @property
    def tiers(self) -> frozenset[str]:
        """The tiers that it can lead to."""
        return frozenset(step.tier for step in self.steps)


@dataclass(frozen=True, slots=True)
class Level:
    """A stretch of an axis: it begins at ``minimum``, in score units of the axis."""

    key: str
    label: Label
    minimum: int


@dataclass(frozen=True, slots=True)
class Axis:
    """Some of the dimensions with a score of their own, 0 to 100 points, and its levels, best first."""

    key: str
    label: Label
    dimensions: tuple[str, ...]
    levels: tuple[Level, ...]

    def level(self, score: int) -> int:
        """The position of the level that the score of the axis falls into; the last begins at 0."""
        return next(number for number, level in enumerate(self.levels) if score >= level.minimum)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The tier in the cell where the levels of two axes meet: ``cells[level of axes[0]][level of axes[1]]``."""

    axes: tuple[Axis, Axis]
    cells: tuple[tuple[str, ...], ...]

    @property
    def tiers(self) -> frozenset[str]:
        """The tiers that it can lead to."""
        return frozenset(tier for row in self.cells for tier in row)


Placement = ScoreCutoffs | RankCutoffs | Matrix
