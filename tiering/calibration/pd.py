"""The probability of the outcome by score: a logistic curve through history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression


@dataclass(frozen=True, slots=True)
class Curve:
    """ln (p / (1 − p)) = ``intercept`` + ``slope`` · score, the score in points. The slope of a score that means
    something is negative."""

    intercept: float
    slope: float

    def at(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability of each score."""
        found: NDArray[np.float64] = 1 / (1 + np.exp(-(self.intercept + self.slope * score)))
        return found


def fitted(score: NDArray[np.float64], bad: NDArray[np.bool_]) -> Curve:
    """The curve through outcomes of both kinds."""
    found = LogisticRegression(C=np.inf, max_iter=1_000).fit(score.reshape(-1, 1) / 100, bad)
    return Curve(float(found.intercept_[0]), float(found.coef_[0][0]) / 100)
