"""Whether facts and tiers stay what they were, and how tiers are spread."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]
Matrix = NDArray[np.int64]

EMPTY: Final = 0.0001
"""The share that an empty cell of a stability index counts as; declared, because ln 0 is not defined."""
STABLE, SHIFTED = 0.10, 0.25
"""Below the first a stability index is fine, above the second it is looked into."""
AMBER, RED = 0.20, 0.25
"""From where on a concentration is flagged."""


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
