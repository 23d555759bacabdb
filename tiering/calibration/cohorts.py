"""Cohorts as the history that a proposal learns from, and how it does beside what was there before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tiering.calibration.pd import fitted
from tiering.calibration.proposal import History
from tiering.core.columns import Coded, Column, Columns
from tiering.core.columns_assess import assess
from tiering.core.columns_memo import Memo
from tiering.core.columns_ranks import thresholds
from tiering.core.document import SCORE_UNIT, Document
from tiering.core.reading import read
from tiering.core.terms import Terms
from tiering.models import CriteriaVersion
from tiering.validation.cohorts import Cohort, cohort_of
from tiering.validation.discrimination import gini
from tiering.validation.outcomes import Outcome

PARTS: Final = 10
"""Into so many parts of equal size scores are cut, to be seen beside the curve."""


@dataclass(frozen=True)
class Past:
    """All cohorts one after the other."""

    document: Document
    cohorts: Sequence[Cohort]

    @cached_property
    def pooled(self) -> History:
        """A client that stands in several cohorts counts in each."""
        parts = [cohort.columns for cohort in self.cohorts]
        columns = Columns(
            count=sum(part.count for part in parts),
            values={key: _joined([part.values[key] for part in parts]) for key in parts[0].values},
            ages={key: np.concatenate([part.ages[key] for part in parts]) for key in parts[0].ages},
            held=np.concatenate([part.held for part in parts]),
            held_days=np.concatenate([part.held_days for part in parts]),
        )
        outcome = np.concatenate([cohort.outcome for cohort in self.cohorts])
        return History(columns, outcome == 1, outcome >= 0)

    def comparison(self, proposed: Mapping[str, Any]) -> dict[str, Any]:
        """How well the document before and the one proposed tell the outcome, and the probability of it by the latter.

        Both are measured on what was learned from, so the proposal looks better than it will do: a validation on other
        days tells.
        """
        after = Standing.of(read(proposed), self)
        return {
            "before": Standing.of(self.document, self).told(),
            "after": {**after.told(), "pd": after.pd()},
        }


@dataclass(frozen=True)
class Standing:
    """Everybody whose outcome counts, as a document scores and places them. Scores are in points."""

    document: Document
    score: NDArray[np.float64]
    tier: NDArray[np.int64]
    bad: NDArray[np.bool_]

    @classmethod
    def of(cls, document: Document, past: Past) -> Standing:
        """Overlays are those of the latest day; ranks are found among all of them."""
        history, memo = past.pooled, Memo()
        terms = Terms(past.cohorts[-1].terms.overlays, thresholds(document, history.columns, memo))
        found, counted = assess(document, history.columns, terms, memo), history.counted
        return cls(
            document,
            found.score[counted] / SCORE_UNIT,
            found.overlay_tier[counted].astype(np.int64),
            history.bad[counted],
        )

    def told(self) -> dict[str, Any]:
        return {"gini": gini(self.score, self.bad)}

    def pd(self) -> dict[str, Any]:
        """The curve through the outcomes, beside it how often they came: by tenths of the score and by tier."""
        curve = fitted(self.score, self.bad)
        expected = curve.at(self.score)
        order = np.argsort(self.score, kind="stable")
        tiers = [self._part(self.tier == rank, expected) for rank in range(len(self.document.tiers))]
        return {
            "intercept": curve.intercept,
            "slope": curve.slope,
            "rate": float(self.bad.mean()),
            "tenths": [self._part(rows, expected) for rows in np.array_split(order, PARTS) if len(rows)],
            "tiers": [
                {"key": tier.key, "label": dict(tier.label), **part}
                for tier, part in zip(self.document.tiers, tiers, strict=True)
            ],
        }

    def _part(self, rows: NDArray[Any], expected: NDArray[np.float64]) -> dict[str, Any]:
        """Of some subjects how many they are, how many were bad, and the means of score and probability."""
        bad = self.bad[rows]
        return {
            "subjects": len(bad),
            "bad": int(bad.sum()),
            "score": float(self.score[rows].mean()) if len(bad) else None,
            "pd": float(expected[rows].mean()) if len(bad) else None,
        }


def history_of(version: CriteriaVersion, days: Sequence[date], outcome: Outcome, months: int) -> Past:
    """What became, within so many months, of the clients of some days; their facts as the version reads them."""
    cohorts = [cohort_of(version, day, outcome, months) for day in days]
    return Past(cohorts[0].document, cohorts)


def _joined(parts: Sequence[Column]) -> Column:
    first = parts[0]
    if isinstance(first, Coded):
        return Coded(
            np.concatenate([part.codes for part in parts if isinstance(part, Coded)]), first.vocabulary
        )
    return np.concatenate([part for part in parts if not isinstance(part, Coded)])
