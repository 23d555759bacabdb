"""Whether facts and tiers stay what they were, and how tiers are spread."""

from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Counts = NDArray[np.float64]
Matrix = NDArray[np.int64]

EMPTY: Final = 0.0001
"""The share that an empty cell of a stability index counts as; declared, because ln 0 is not defined."""


def stability_index(expected: Counts, actual: Counts) -> float | None:
    """PSI = Σ (a − e) · ln(a / e) over the shares of both counts; None when either is empty."""
    if not expected.sum() or not actual.sum():
        return None
    before = np.maximum(expected / expected.sum(), EMPTY)
    now = np.maximum(actual / actual.sum(), EMPTY)
    return float(np.sum((now - before) * np.log(now / before)))


def migration(before: NDArray[np.int64], after: NDArray[np.int64], tiers: int) -> Matrix:
    """How many subjects went from each rank (row) to each rank (column); subjects of both moments only."""
    return np.bincount(before * tiers + after, minlength=tiers * tiers).reshape(tiers, tiers)


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """How far subjects move, as a share of how far they could have: 0 nobody moved, 1 everybody as far as possible.
    None where nobody moved that way."""

    down: float | None
    up: float | None


def bandwidth(matrix: Matrix) -> Bandwidth:
    """The matrix-weighted bandwidth on each side of the diagonal: Σ |i − j| N / Σ max(i, K − 1 − i) N."""
    size = len(matrix)
    rows, columns = np.indices(matrix.shape)
    moved = np.abs(rows - columns) * matrix
    farthest = np.maximum(rows, size - 1 - rows) * matrix

    def side(chosen: Any) -> float | None:
        whole = farthest[chosen].sum()
        return float(moved[chosen].sum() / whole) if whole else None

    return Bandwidth(down=side(columns > rows), up=side(columns < rows))


def concentration(amounts: Counts) -> float | None:
    """HHI = Σ share²: 1 when one tier has everything, 1/K when all K have the same; None when there is nothing."""
    total = amounts.sum()
    return float(np.sum((amounts / total) ** 2)) if total else None


@dataclass(frozen=True, slots=True)
class Change:
    """``z`` is how much more concentrated it is than before, ``p_value`` the chance of at least that where it is not."""

    z: float
    p_value: float


def change_in_concentration(before: Counts, after: Counts) -> Change | None:
    """z = √(K − 1) (c₂ − c₁) / √(c₂² (½ + c₂²)), c the coefficient of variation of the shares of all K tiers.

    None when there is nothing before or after, or when the shares after are even: then nothing is concentrated.
    """
    if not before.sum() or not after.sum():
        return None
    then, now = _variation(before), _variation(after)
    if not now:
        return None
    z = sqrt(len(after) - 1) * (now - then) / sqrt(now**2 * (0.5 + now**2))
    return Change(z, float(stats.norm.sf(z)))


def _variation(amounts: Counts) -> float:
    """The standard deviation of the shares as a multiple of their mean."""
    shares = amounts / amounts.sum()
    return float(shares.std() / shares.mean())
