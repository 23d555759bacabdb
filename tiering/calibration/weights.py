"""How much each indicator counts: a logistic regression of the outcome on the points, with no weight below nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from tiering.core.document import WHOLE

STRENGTH: Final = 1.0
"""The inverse of the regularisation, scikit-learn's default: coefficients of few bad outcomes stay moderate."""


def weights(points: Mapping[str, NDArray[np.float64]], bad: NDArray[np.bool_]) -> dict[str, float]:
    """By indicator the share of the score, together 1, given the points (0 to 100) of each subject.

    An indicator on which more points would go with more bad outcomes is left out (0), the one that is most wrong first,
    until none is: a card whose better answer costs points cannot be defended.
    """
    left = [key for key, values in points.items() if np.ptp(values) > 0]
    while left:
        fitted = LogisticRegression(C=STRENGTH, max_iter=1_000).fit(_matrix(points, left), bad)
        gains = -fitted.coef_[0]  # what a whole scale of points takes off the log-odds
        if gains.min() > 0:
            total = gains.sum()
            found = dict(zip(left, (gains / total).tolist(), strict=True))
            return {key: found.get(key, 0.0) for key in points}
        left.pop(int(gains.argmin()))
    return dict.fromkeys(points, 0.0)


def in_basis_points(shares: Sequence[float]) -> list[int]:
    """Shares as whole basis points that add up to the whole: what is lost by rounding down goes to the largest rests."""
    total = sum(shares)
    exact = [WHOLE * share / total for share in shares]
    found = [int(value) for value in exact]
    by_rest = sorted(range(len(exact)), key=lambda place: found[place] - exact[place])
    for place in by_rest[: WHOLE - sum(found)]:
        found[place] += 1
    return found


def _matrix(points: Mapping[str, NDArray[np.float64]], keys: Sequence[str]) -> NDArray[np.float64]:
    return np.column_stack([points[key] / 100 for key in keys])
