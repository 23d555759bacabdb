"""What cohorts say about criteria: the figures of a validation, as plain JSON that is stored with it.

Shares, rates and intervals run from 0 to 1, scores are in points, exposure is in the book's currency, ranks count from
0, the best tier. What too few bad outcomes would make chance is None (``discrimination.LEAST_BAD``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiering.core.columns import NO_TIER
from tiering.core.document import Document
from tiering.validation.cohorts import Basis, Cohort
from tiering.validation.discrimination import LEAST_BAD, discrimination, gini
from tiering.validation.movements import concentration_of, migration_between, stability_of
from tiering.validation.overrides import overrides
from tiering.validation.rates import inversions, rate_of
from tiering.validation.strength import dimensions, indicators

Json = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """The clients of all cohorts whose outcome counts and who have a tier."""

    rank: NDArray[np.int64]
    score: NDArray[np.float64]
    exposure: NDArray[np.float64]
    bad: NDArray[np.bool_]


def findings(cohorts: Sequence[Cohort], basis: Basis, months: int) -> Json:
    """Everything that a report lays out, by days in order. Stability and migration need two cohorts at least."""
    document = cohorts[0].document
    sample = sample_of(cohorts, basis)
    return {
        "basis": basis,
        "content_hash": document.hash,
        "cohorts": [_cohort(cohort, basis) for cohort in cohorts],
        "least_bad": LEAST_BAD,
        **_rates(document, sample),
        "discrimination": _discrimination(sample),
        "dimensions": list(dimensions(cohorts)),
        "indicators": list(indicators(cohorts)),
        "stability": stability_of(cohorts, basis),
        "migrations": [migration_between(before, after, basis) for before, after in pairwise(cohorts)],
        "concentration": concentration_of(cohorts, basis),
        "overrides": overrides(cohorts, basis, months),
    }


def sample_of(cohorts: Sequence[Cohort], basis: Basis) -> Sample:
    """All cohorts together. A client that stands in several counts in each."""
    chosen = [cohort.in_scope & (cohort.ranks(basis) != NO_TIER) for cohort in cohorts]
    pairs = list(zip(cohorts, chosen, strict=True))
    return Sample(
        rank=np.concatenate([cohort.ranks(basis)[rows] for cohort, rows in pairs]),
        score=np.concatenate([cohort.scores(basis)[rows] for cohort, rows in pairs]),
        exposure=np.concatenate([cohort.exposure[rows] for cohort, rows in pairs]),
        bad=np.concatenate([cohort.outcome[rows] == 1 for cohort, rows in pairs]),
    )


def _cohort(cohort: Cohort, basis: Basis) -> Json:
    return {
        "day": cohort.day.isoformat(),
        "clients": len(cohort.clients),
        "tiered": int((cohort.ranks(basis) != NO_TIER).sum()),
        "in_scope": int(cohort.in_scope.sum()),
        "bad": int((cohort.outcome == 1).sum()),
    }


def _rates(document: Document, sample: Sample) -> Json:
    size = len(document.tiers)
    subjects = np.bincount(sample.rank, minlength=size)
    bads = np.bincount(sample.rank[sample.bad], minlength=size)
    exposure = np.bincount(sample.rank, sample.exposure, size)
    rates = [rate_of(int(count), int(bad)) for count, bad in zip(subjects, bads, strict=True)]
    return {
        "subjects": len(sample.bad),
        "bad": int(sample.bad.sum()),
        "tiers": [
            {
                "key": tier.key,
                "label": dict(tier.label),
                "exposure": float(amount),
                **asdict(rate),
                "rate": rate.rate,
            }
            for tier, rate, amount in zip(document.tiers, rates, exposure, strict=True)
        ],
        "inversions": [{**asdict(one), "is_significant": one.is_significant} for one in inversions(rates)],
    }


def _discrimination(sample: Sample) -> Json | None:
    """Of the scores; ``tier_gini`` is what is left of it once they have become tiers."""
    found = discrimination(sample.score, sample.bad)
    if found is None:
        return None
    return {**asdict(found), "tier_gini": gini(-sample.rank.astype(np.float64), sample.bad)}
