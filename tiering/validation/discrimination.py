"""How well scores tell bad outcomes from good ones. Low scores are expected to go with bad outcomes.

Scores are arrays of numbers, outcomes arrays of booleans (True: bad), one entry for each subject.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from sklearn.metrics import roc_auc_score, roc_curve

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST_BAD: Final = 20
"""Below so many bad (or good) outcomes no measure of discrimination is told: it would mostly be chance."""
RESAMPLES: Final = 1_000
CONFIDENCE: Final = 0.95
POINTS: Final = 200
"""At most so many points of a curve are kept."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line from (0, 0) to (1, 1), by the shares on both axes."""

    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Discrimination:
    """``auc`` is P(a bad one scores lower than a good one) + ½ P(both score the same), ``gini`` 2·AUC − 1 with its
    bootstrap interval, ``ks`` the largest distance between the distributions of both. ``roc`` is the share of the bad
    over the share of the good, ``cap`` the share of the bad over the share of all, the lowest scores first."""

    good: int
    bad: int
    auc: float
    gini: float
    gini_interval: tuple[float, float]
    ks: float
    roc: Curve
    cap: Curve


def discrimination(scores: Numbers, bad: Flags, seed: int = 0) -> Discrimination | None:
    """The measures, or None with fewer than ``LEAST_BAD`` outcomes of either kind.

    ``seed`` makes the bootstrap repeatable: a report computed anew says the same.
    """
    bads = int(bad.sum())
    goods = len(bad) - bads
    if min(bads, goods) < LEAST_BAD:
        return None
    auc = float(roc_auc_score(bad, -scores))
    return Discrimination(
        good=goods,
        bad=bads,
        auc=auc,
        gini=2 * auc - 1,
        gini_interval=gini_interval(scores, bad, seed),
        ks=float(stats.ks_2samp(scores[bad], scores[~bad], method="asymp").statistic),
        roc=_roc(scores, bad),
        cap=_cap(scores, bad),
    )


def gini(scores: Numbers, bad: Flags) -> float | None:
    """The Gini alone, of subjects whose score is known; None with too few outcomes of either kind."""
    known = ~np.isnan(scores)
    scores, bad = scores[known], bad[known]
    if min(bad.sum(), (~bad).sum()) < LEAST_BAD:
        return None
    return float(2 * roc_auc_score(bad, -scores) - 1)


def gini_interval(scores: Numbers, bad: Flags, seed: int = 0) -> tuple[float, float]:
    """The percentile bootstrap interval of the Gini, good and bad drawn apart.

    Drawing subjects with replacement is drawing counts for each distinct score, which costs the same for a million
    subjects as for a thousand once scores are grouped.
    """
    groups = np.unique(scores, return_inverse=True)[1]
    counts = [np.bincount(groups[which], minlength=groups.max() + 1) for which in (~bad, bad)]
    chance = np.random.default_rng(seed)
    ginis = [_gini_of_counts(*(_redrawn(chance, count) for count in counts)) for _ in range(RESAMPLES)]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(ginis, [tail, 1 - tail])
    return float(low), float(high)


def information_value(good: Numbers, bad: Numbers) -> float:
    """Σ (share of good − share of bad) · ln(share of good / share of bad) over bins, given the counts of both.

    An empty cell counts as half a subject, so that the value stays finite.
    """
    shares_good = np.maximum(good, 0.5) / max(good.sum(), 1)
    shares_bad = np.maximum(bad, 0.5) / max(bad.sum(), 1)
    return float(np.sum((shares_good - shares_bad) * np.log(shares_good / shares_bad)))


def _redrawn(chance: np.random.Generator, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    total = counts.sum()
    return chance.multinomial(total, counts / total)


def _gini_of_counts(good: NDArray[np.int64], bad: NDArray[np.int64]) -> float:
    """By counts for each distinct score, the lowest first."""
    higher = good.sum() - np.cumsum(good)
    won = float(np.sum(bad * (higher + good / 2)))
    return 2 * won / (float(good.sum()) * float(bad.sum())) - 1


def _roc(scores: Numbers, bad: Flags) -> Curve:
    false, true, _ = roc_curve(bad, -scores)
    return _thinned(false, true)


def _cap(scores: Numbers, bad: Flags) -> Curve:
    """Equal scores make one straight piece, so that the order of rows does not matter."""
    groups = np.unique(scores, return_inverse=True)[1]
    everybody = np.concatenate([[0], np.cumsum(np.bincount(groups))])
    bads = np.concatenate([[0], np.cumsum(np.bincount(groups[bad], minlength=groups.max() + 1))])
    return _thinned(everybody / everybody[-1], bads / bads[-1])


def _thinned(x: Numbers, y: Numbers) -> Curve:
    kept = np.unique(np.linspace(0, len(x) - 1, min(len(x), POINTS)).round().astype(int))
    return Curve(tuple(x[kept].round(6).tolist()), tuple(y[kept].round(6).tolist()))
