"""How often each tier turned bad, and whether worse tiers did so more often."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import scipy  # its parts load when they are first asked, and this one takes a second

CONFIDENCE: Final = 0.95
SIGNIFICANT: Final = 0.05


@dataclass(frozen=True, slots=True)
class Rate:
    """So many subjects of a tier, so many of them bad; the interval is Wilson's."""

    subjects: int
    bad: int
    low: float
    high: float

    @property
    def rate(self) -> float | None:
        """The share that turned bad; None for an empty tier."""
        return self.bad / self.subjects if self.subjects else None


@dataclass(frozen=True, slots=True)
class Inversion:
    """Two neighbours, by rank, of which the better tier turned bad more often. ``is_significant``: by Fisher's exact
    test it is hardly chance."""

    better: int
    worse: int
    p_value: float

    @property
    def is_significant(self) -> bool:
        return self.p_value < SIGNIFICANT


def rate_of(subjects: int, bad: int) -> Rate:
    """The rate with its interval; an empty tier may be anything."""
    if not subjects:
        return Rate(0, 0, 0.0, 1.0)
    interval = scipy.stats.binomtest(bad, subjects).proportion_ci(CONFIDENCE, method="wilson")
    return Rate(subjects, bad, float(interval.low), float(interval.high))


def inversions(rates: Sequence[Rate]) -> list[Inversion]:
    """Where the order is wrong, best tier first; tiers without subjects are passed over."""
    filled = [(rank, rate) for rank, rate in enumerate(rates) if rate.subjects]
    found = []
    for (better, good), (worse, poor) in pairwise(filled):
        if good.bad * poor.subjects > poor.bad * good.subjects:
            table = [[good.bad, good.subjects - good.bad], [poor.bad, poor.subjects - poor.bad]]
            found.append(Inversion(better, worse, float(scipy.stats.fisher_exact(table, "greater").pvalue)))
    return found
